package faults_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// refusing writes refusals from several goroutines at once, as gates do.
type refusing struct {
	writer  *refusals.Writer
	running sync.WaitGroup

	mu      sync.Mutex
	written map[string]bool // by ID: those that Write has accepted
}

func startRefusing(t *testing.T, w *refusals.Writer, stop <-chan struct{}) *refusing {
	r := &refusing{writer: w, written: map[string]bool{}}
	for range 4 {
		r.running.Go(func() {
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					r.write(t)
				case <-stop:
					return
				}
			}
		})
	}
	return r
}

func (r *refusing) write(t *testing.T) {
	now := time.Now()
	id := refusals.NewID(now)
	err := r.writer.Write(t.Context(), refusals.Refusal{
		ID: id, Time: now, Account: accountID(0), Channel: "messaging", Territory: "UZ", Reason: "territory_disabled", Outcome: "deny",
	})
	if err != nil {
		t.Errorf("a refusal is not written: %v", err)
		return
	}
	r.mu.Lock()
	r.written[id] = true
	r.mu.Unlock()
}

// While PostgreSQL is away, refusals wait in the spool, and get into it later: each once. A batch
// whose commit was not answered may be there already, which its IDs show.
func TestRefusalsOutliveAPostgreSQLThatIsKilledStoppedAndStalled(t *testing.T) {
	pg := server.Start(t)
	s, err := postgres.Open(t.Context(), pg.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w, err := refusals.Open(refusals.Options{Sink: s.Refusals(), Folder: filepath.Join(t.TempDir(), "spool"), Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	stop := make(chan struct{})
	r := startRefusing(t, w, stop)
	end := sync.OnceFunc(func() { close(stop); r.running.Wait() })
	defer end() // before the writer is closed, also where the test fails
	for _, fault := range []struct {
		name       string
		begin, end func(testing.TB)
	}{
		{"killed", pg.Kill, pg.Restart},
		{"stopped", pg.Stop, pg.Restart},
		{"stalled", pg.Stall, pg.Continue},
	} {
		before := w.Stats()
		harness.Await(t, "refusals are delivered before it is "+fault.name, func() bool { return w.Stats().Delivered > before.Delivered+100 })
		fault.begin(t)
		harness.Await(t, "refusals are spooled while it is "+fault.name, func() bool { return w.Stats().Spooled > before.Spooled+100 })
		fault.end(t)
		harness.AwaitNil(t, "the spool is taken in after it was "+fault.name, func() error {
			if stats := w.Stats(); stats.TakenIn <= before.TakenIn {
				return fmt.Errorf("%+v", stats)
			}
			return nil
		})
	}
	end()
	harness.Await(t, "all are taken in", func() bool { return w.Stats().SpoolBytes == 0 })
	stats := w.Stats()
	if stats.Lost != 0 || stats.Written != int64(len(r.written)) {
		t.Errorf("%d are written, %d accepted: %+v", len(r.written), stats.Written, stats)
	}
	kept := 0
	err = s.Refusals().Query(t.Context(), store.RefusalQuery{}, func(found refusals.Refusal) error {
		kept++
		if !r.written[found.ID] {
			t.Errorf("%s is there, and was not written", found.ID)
		}
		delete(r.written, found.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.written) > 0 {
		t.Errorf("%d of %d refusals are lost", len(r.written), stats.Written)
	}
	t.Logf("%d refusals are kept, %d of them by way of the spool", kept, stats.Spooled)
}
