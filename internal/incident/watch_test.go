package incident

import (
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// told are the changes that a watch has told.
type told struct {
	mu      sync.Mutex
	changes []Change
	at      []time.Time
}

func (h *told) tell(changes []Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range changes {
		h.changes, h.at = append(h.changes, c), append(h.at, time.Now())
	}
}

func (h *told) kinds() (kinds []Kind) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.changes {
		kinds = append(kinds, c.Kind)
	}
	return kinds
}

func TestAnIncidentIsToldAtOnceAndWhenItIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard told
		w := Start("gate-1", heard.tell)
		defer w.Stop()
		for range 20 {
			w.Denied(denialOf("a"))
			harness.Advance(time.Minute)
		}
		if kinds := heard.kinds(); len(kinds) != 1 || kinds[0] != Opened {
			t.Fatalf("told %v", kinds)
		}
		harness.Advance(time.Hour)
		if kinds := heard.kinds(); len(kinds) != 2 || kinds[1] != Closed {
			t.Fatalf("told %v", kinds)
		}
		closed := heard.changes[1].Incident
		if closed.Denied != 20 || !heard.at[1].Equal(closed.Last.Add(DefaultQuiet)) {
			t.Errorf("told at %v: %+v", heard.at[1], closed)
		}
	})
}

func TestAShorterQuietTimeCountsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard told
		w := Start("gate-1", heard.tell)
		defer w.Stop()
		w.Denied(denialOf("a"))
		harness.Advance(time.Minute)
		w.SetQuiet(30 * time.Second)
		synctest.Wait()
		if kinds := heard.kinds(); len(kinds) != 2 {
			t.Errorf("told %v", kinds)
		}
	})
}

// While one change takes long to tell, no denial waits, and no more than so many changes do.
func TestOneThatIsToldForLongHoldsUpNoRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		n := 0
		w := Start("gate-1", func(changes []Change) { <-release; n += len(changes) })
		w.SetQuiet(time.Second)
		w.Denied(denialOf("first"))
		synctest.Wait()
		// 500 open, and then close and open again, four times.
		for range 5 {
			for i := range 500 {
				w.Denied(denialOf(strconv.Itoa(i)))
			}
			harness.Advance(time.Second)
		}
		if missed := w.Missed(); missed != 500+4*1000-maxPending {
			t.Errorf("%d are missed", missed)
		}
		close(release)
		synctest.Wait()
		w.Stop()
		if n != 1+maxPending+501 { // the first, those that waited, and the ends of all
			t.Errorf("%d are told", n)
		}
	})
}

// Of thresholds there may be any number.
func TestThresholdsThatWaitLeaveRoomForIncidents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		w := Start("gate-1", func([]Change) { <-release })
		w.Denied(denialOf("first"))
		synctest.Wait()
		for range maxPending {
			w.Reached(new(Threshold))
		}
		w.Denied(denialOf("second"))
		if missed := w.Missed(); missed != maxPending-maxReached {
			t.Errorf("%d are missed", missed)
		}
		close(release)
		w.Stop()
	})
}
