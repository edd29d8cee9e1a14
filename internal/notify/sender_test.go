package notify

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// startSender runs a sender within a synctest bubble.
func startSender(t *testing.T, targets ...Target) (*Sender, *outcomes) {
	t.Helper()
	counted := new(outcomes)
	s := NewSender(zap.NewNop, counted.count)
	s.Use(targets)
	return s, counted
}

// now is a notice of something that has just happened.
func now(kind incident.Kind, id string) *Notice {
	of := incidentOf(kind)
	of.Incident.ID, of.Incident.First = id, time.Now()
	if kind == incident.Closed {
		of.Incident.Closed = time.Now()
	}
	return of.Notice()
}

func TestATargetThatIsAwayIsTriedAgainLessAndLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := &flaky{failure: errFlaky}
		s, counted := startSender(t, Target{Receiver: away, Key: "a", Way: BySlack})
		defer s.Stop()
		began := time.Now()
		s.Send(now(incident.Opened, "1"))
		s.Send(now(incident.Closed, "1"))
		harness.Advance(time.Hour)
		away.fail(nil)
		harness.Advance(longestRetry)
		if want := []string{"incident-1-opened", "incident-1-closed"}; !slices.Equal(away.received, want) {
			t.Errorf("received is %q", away.received)
		}
		var after []time.Duration
		for _, tried := range away.tried[:5] {
			after = append(after, tried.Sub(began))
		}
		if got := fmt.Sprint(after); got != "[0s 5s 15s 35s 1m15s]" {
			t.Errorf("tried after %s", got)
		}
		if counted.get("slack delivered") != 2 || counted.get("slack failed") != len(away.tried)-2 || len(away.tried) > 20 {
			t.Errorf("%d attempts, counted %v", len(away.tried), counted.of)
		}
	})
}

func TestANoticeIsDroppedOnceItIsTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := &flaky{failure: errFlaky}
		s, counted := startSender(t, Target{Receiver: away, Key: "a", Way: ByEmail})
		defer s.Stop()
		s.Send(now(incident.Opened, "1"))
		harness.Advance(MaxAge)
		if counted.get("email dropped") != 1 {
			t.Errorf("counted %v", counted.of)
		}
		away.fail(nil)
		s.Send(now(incident.Opened, "2"))
		synctest.Wait()
		if !slices.Equal(away.received, []string{"incident-2-opened"}) {
			t.Errorf("received is %q", away.received)
		}
	})
}

func TestAServerThatWantsNoMoreIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := &flaky{failure: fmt.Errorf("sending: %w", ErrUnwanted)}
		s, counted := startSender(t, Target{Receiver: gone, Key: "a", Way: ByWebhook})
		defer s.Stop()
		s.Send(now(incident.Opened, "1"))
		harness.Advance(time.Hour)
		if len(gone.tried) != 1 || counted.get("webhook dropped") != 1 {
			t.Errorf("%d attempts, counted %v", len(gone.tried), counted.of)
		}
	})
}

func TestOtherSettingsOfATargetAreTriedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away, repaired, other := &flaky{failure: errFlaky}, &flaky{}, &flaky{}
		s, counted := startSender(t, Target{Receiver: away, Key: "a", Way: ByWebhook}, Target{Receiver: away, Key: "b", Way: BySlack})
		defer s.Stop()
		s.Send(now(incident.Opened, "1"))
		harness.Advance(time.Minute)
		s.Use([]Target{{Receiver: repaired, Key: "a", Way: ByWebhook}, {Receiver: other, Key: "c", Way: ByEmail}})
		synctest.Wait()
		if !slices.Equal(repaired.received, []string{"incident-1-opened"}) || len(other.received) != 0 {
			t.Errorf("received is %q, and by another %q", repaired.received, other.received)
		}
		if counted.get("slack dropped") != 1 {
			t.Errorf("of the target that is gone, counted is %v", counted.of)
		}
	})
}

func TestATargetIsToldTheEventsThatItStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, closed := new(flaky), new(flaky)
		s, _ := startSender(t, Target{Receiver: all, Key: "a"}, Target{Receiver: closed, Key: "b", Events: []string{string(incident.Closed)}})
		defer s.Stop()
		s.Send(now(incident.Opened, "1"))
		s.Send(now(incident.Closed, "1"))
		synctest.Wait()
		if len(all.received) != 2 || !slices.Equal(closed.received, []string{"incident-1-closed"}) {
			t.Errorf("received are %q and %q", all.received, closed.received)
		}
	})
}

// What is kept elsewhere is not dropped where the gate stops, and else settled whatever becomes of it.
func TestANoticeThatIsKeptIsSettledUnlessTheGateStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var settled []string
		var mu sync.Mutex
		settle := func(target string) {
			mu.Lock()
			defer mu.Unlock()
			settled = append(settled, target)
		}
		away, well, gone := &flaky{failure: errFlaky}, new(flaky), &flaky{failure: ErrUnwanted}
		targets := []Target{{Receiver: away, Key: "a", Way: BySlack}, {Receiver: well, Key: "b", Way: ByEmail}, {Receiver: gone, Key: "c", Way: ByWebhook}}
		s, counted := startSender(t, targets...)
		s.SendKept(now(incident.Opened, "1"), nil, settle)
		s.SendKept(now(incident.Opened, "2"), []string{targets[1].ID(), targets[2].ID()}, settle)
		synctest.Wait()
		slices.Sort(settled)
		if want := []string{targets[1].ID(), targets[2].ID()}; len(settled) != 2 || !slices.Contains(want, settled[0]) || !slices.Contains(want, settled[1]) {
			t.Errorf("settled are %q", settled)
		}
		s.Stop()
		if counted.get("slack dropped") != 0 || len(settled) != 2 || len(well.received) != 1 {
			t.Errorf("once it is stopped, settled are %q, counted is %v, received %q", settled, counted.of, well.received)
		}
	})
}

// picky is a receiver that refuses some notices.
type picky struct {
	flaky
	refuses func(id string) bool
}

func (p *picky) Deliver(ctx context.Context, n *Notice) error {
	p.mu.Lock()
	refuses := p.refuses(n.ID)
	p.mu.Unlock()
	if refuses {
		return fmt.Errorf("sending: %w", ErrRefused)
	}
	return p.flaky.Deliver(ctx, n)
}

func TestANoticeThatIsRefusedLetsOthersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &picky{refuses: func(id string) bool { return id == "incident-1-opened" }}
		s, counted := startSender(t, Target{Receiver: to, Key: "a", Way: ByWebhook})
		defer s.Stop()
		for _, id := range []string{"1", "2", "3"} {
			s.Send(now(incident.Opened, id))
		}
		synctest.Wait()
		if want := []string{"incident-2-opened", "incident-3-opened"}; !slices.Equal(to.received, want) {
			t.Errorf("at once, received is %q", to.received)
		}
		harness.Advance(time.Hour)
		s.Send(now(incident.Opened, "4"))
		synctest.Wait()
		if len(to.received) != 3 {
			t.Errorf("later, received is %q", to.received)
		}
		to.mu.Lock()
		to.refuses = func(string) bool { return false }
		to.mu.Unlock()
		harness.Advance(longestRetry)
		if len(to.received) != 4 || counted.get("webhook dropped") != 0 {
			t.Errorf("in the end, received is %q, counted %v", to.received, counted.of)
		}
	})
}

func TestAServerThatRefusesAllIsAskedWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &picky{refuses: func(string) bool { return true }}
		s, counted := startSender(t, Target{Receiver: to, Key: "a", Way: ByWebhook})
		defer s.Stop()
		for range maxRefused + 1 + maxWaiting + 7 {
			s.Send(now(incident.Opened, "1"))
			synctest.Wait()
		}
		if failed := counted.get("webhook failed"); failed != maxRefused+1 || counted.get("webhook dropped") != 7 {
			t.Errorf("counted %v", counted.of)
		}
	})
}

func TestAServerThatIsBusyIsAskedAgainWhenItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := &flaky{failure: fmt.Errorf("sending: %w", &Busy{errFlaky, time.Minute})}
		s, _ := startSender(t, Target{Receiver: busy, Key: "a", Way: BySlack})
		defer s.Stop()
		began := time.Now()
		s.Send(now(incident.Opened, "1"))
		harness.Advance(time.Minute)
		busy.fail(&Busy{errFlaky, 100 * time.Hour})
		harness.Advance(30 * time.Minute)
		var after []time.Duration
		for _, tried := range busy.tried {
			after = append(after, tried.Sub(began))
		}
		if got := fmt.Sprint(after); got != "[0s 1m0s 2m0s 12m0s 22m0s]" {
			t.Errorf("tried after %s", got)
		}
	})
}

// Of thresholds there may be any number.
func TestThresholdsLeaveRoomForIncidents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, counted := startSender(t, Target{Receiver: stuck{}, Key: "a", Way: BySlack})
		reached := func(id string) *Notice {
			n := Threshold{Threshold: incident.Threshold{ID: id, At: time.Now()}}
			return n.Notice()
		}
		s.Send(now(incident.Opened, "0"))
		synctest.Wait()
		for range maxWaiting {
			s.Send(reached("1"))
		}
		for range maxWaiting - maxThresholds {
			s.Send(now(incident.Opened, "1"))
		}
		if counted.get("slack dropped") != maxWaiting-maxThresholds {
			t.Errorf("counted %v", counted.of)
		}
		s.Stop()
	})
}

// stuck is a receiver that never answers.
type stuck struct{}

func (stuck) Deliver(ctx context.Context, _ *Notice) error { <-ctx.Done(); return ctx.Err() }

func TestATargetThatHangsHoldsUpNoOneAndItsQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := new(flaky)
		s, counted := startSender(t, Target{Receiver: stuck{}, Key: "a", Way: BySlack}, Target{Receiver: other, Key: "b", Way: ByEmail})
		s.Send(now(incident.Opened, "0"))
		synctest.Wait()
		for range maxWaiting + 7 {
			s.Send(now(incident.Opened, "1"))
			synctest.Wait()
		}
		if counted.get("slack dropped") != 7 || len(other.received) != maxWaiting+8 {
			t.Errorf("counted %v", counted.of)
		}
		s.Stop()
		if counted.get("slack dropped") != maxWaiting+8 {
			t.Errorf("once it is stopped, counted is %v", counted.of)
		}
	})
}
