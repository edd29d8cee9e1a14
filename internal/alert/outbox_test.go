package alert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/store"
)

// notices are the documents of those that a store has.
func notices(t *testing.T, with *kept) (documents []string) {
	t.Helper()
	_, err := with.Changes(t.Context(), 0, func(k store.KeptIncident) error {
		if strings.HasPrefix(k.ID, "notice/") {
			documents = append(documents, string(k.Document))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// awaitNone goes on until no notice is kept.
func (g *gate) awaitNone(t *testing.T, with *kept, at time.Time) {
	t.Helper()
	harness.Await(t, "no notice is kept", func() bool {
		g.round(t, with, at, 0)
		return len(notices(t, with)) == 0
	})
}

func TestANoticeIsKeptUntilItIsDelivered(t *testing.T) {
	with, to := open(t), new(target)
	a := newGate(t, "a", to)
	a.round(t, with, after(0), 1)
	if got := notices(t, with); len(got) != 1 {
		t.Errorf("kept are %q", got)
	}
	to.await(t, 1)
	a.awaitNone(t, with, after(time.Second))
}

func TestANoticeThatIsNotDeliveredIsDeliveredAfterARestart(t *testing.T) {
	with, to := open(t), &target{away: errAway}
	a := newGate(t, "a", to)
	a.round(t, with, after(0), 1)
	if err := a.fleet.Leave(t.Context(), "store", with, a, after(time.Second)); err != nil {
		t.Fatal(err)
	}
	a.sender.Stop()
	restored := new(target)
	again := newGate(t, "a", restored)
	again.round(t, with, after(time.Second), 0)
	again.round(t, with, after(2*time.Second), 0)
	restored.await(t, 1)
	again.expect(t, "after a restart")
	again.awaitNone(t, with, after(3*time.Second))
}

func TestAnotherGateDeliversForOneThatIsGoneAndForNoOther(t *testing.T) {
	with, down, to := open(t), &target{away: errAway}, new(target)
	a, b := newGate(t, "a", down), newGate(t, "b", to)
	a.round(t, with, after(0), 1)
	for _, at := range []time.Duration{time.Second, 20 * time.Second} {
		a.round(t, with, after(at), 0)
		b.round(t, with, after(at), 0)
	}
	b.round(t, with, after(45*time.Second), 0) // the first has said again that it is there
	if got := to.got(); len(got) != 0 {
		t.Errorf("the other has delivered %q", got)
	}
	b.round(t, with, after(51*time.Second), 0)
	to.await(t, 1)
	// The one that was gone lets the other go on.
	a.round(t, with, after(52*time.Second), 0)
	b.awaitNone(t, with, after(53*time.Second))
}

func TestATargetThatHasANoticeIsNotToldAgainByAnotherGate(t *testing.T) {
	with, well, down := open(t), new(target), &target{away: errAway}
	a := newGate(t, "a", nil)
	a.sender.Use(targets(well, down))
	a.round(t, with, after(0), 1)
	harness.Await(t, "it is written who has it", func() bool {
		a.round(t, with, after(time.Second), 0)
		return strings.Contains(notices(t, with)[0], `"had"`)
	})
	if err := a.fleet.Leave(t.Context(), "store", with, a, after(2*time.Second)); err != nil {
		t.Fatal(err)
	}
	again, restored := newGate(t, "a", nil), new(target)
	again.sender.Use(targets(well, restored))
	again.round(t, with, after(3*time.Second), 0)
	again.round(t, with, after(4*time.Second), 0)
	restored.await(t, 1)
	if got := well.got(); len(got) != 1 || !slices.Equal(got, restored.got()) {
		t.Errorf("delivered are %q and %q", got, restored.got())
	}
}

func TestANoticeThatIsTooOldIsNotDelivered(t *testing.T) {
	with, down, to := open(t), &target{away: errAway}, new(target)
	a, b := newGate(t, "a", down), newGate(t, "b", to)
	a.round(t, with, after(0), 1)
	b.round(t, with, after(7*time.Hour), 0)
	b.round(t, with, after(7*time.Hour), 0)
	to.await(t, 1)
	if got := to.got(); got[0][len(got[0])-6:] != "closed" || len(notices(t, with)) != 1 {
		t.Errorf("delivered is %q", got)
	}
}

// A gate that tells no one leaves the notices of one that is gone to another that does.
func TestAGateWithoutATargetTakesNoNotice(t *testing.T) {
	with, down, to := open(t), &target{away: errAway}, new(target)
	a, none, b := newGate(t, "a", down), newGate(t, "none", nil), newGate(t, "b", to)
	a.round(t, with, after(0), 1)
	for _, at := range []time.Duration{time.Second, 40 * time.Second, 41 * time.Second, 42 * time.Second} {
		none.round(t, with, after(at), 0)
	}
	b.round(t, with, after(43*time.Second), 0)
	b.round(t, with, after(44*time.Second), 0)
	to.await(t, 1)
}

// A gate that ends leaves the notices of one that is gone to a gate that goes on.
func TestAGateThatEndsTakesNoNotice(t *testing.T) {
	with, down, to := open(t), &target{away: errAway}, new(target)
	a, b, c := newGate(t, "a", down), newGate(t, "b", new(target)), newGate(t, "c", to)
	a.round(t, with, after(0), 1)
	b.round(t, with, after(time.Second), 0)
	if err := b.fleet.Leave(t.Context(), "store", with, b, after(time.Minute)); err != nil {
		t.Fatal(err)
	}
	c.round(t, with, after(61*time.Second), 0)
	c.round(t, with, after(61*time.Second), 0)
	to.await(t, 1)
}

// What one gate had begun to tell, another goes on with in the same order.
func TestNoticesOfAGateThatIsGoneAreDeliveredInTheirOrder(t *testing.T) {
	with, down, to := open(t), &target{away: errAway}, new(target)
	a, b := newGate(t, "a", down), newGate(t, "b", to)
	var want []string
	for i := range 12 {
		at := after(time.Duration(i) * time.Millisecond)
		id := fmt.Sprint("step", (i*5)%12)
		a.round(t, with, at, 0, incident.Change{Kind: incident.Reached, Threshold: &incident.Threshold{ID: id, At: at, Until: at.Add(time.Hour)}})
		want = append(want, "threshold-"+id)
	}
	b.round(t, with, after(time.Minute), 0)
	b.round(t, with, after(time.Minute), 0)
	to.await(t, len(want))
	if got := to.got(); !slices.Equal(got, want) {
		t.Errorf("delivered are %q, want %q", got, want)
	}
}
