package app

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/policy"
)

// announced is what deadlines announce, one after the other.
func announced(t *testing.T, timed func() []policy.Timed) (d *deadlines, take func() []string) {
	t.Helper()
	var mu sync.Mutex
	var events []string
	d = &deadlines{timed: timed, announce: func(event string, s policy.Timed) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, event+" "+s.Words)
	}}
	t.Cleanup(d.stop)
	return d, func() []string {
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		taken := events
		events = nil
		return taken
	}
}

func TestTheEndOfAStatementIsAnnouncedADayBeforeAndWhenItComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		statements := []policy.Timed{
			{Words: "over", Until: began},
			{Words: "within the day", Until: began.Add(time.Hour)},
			{Words: "later", Until: began.Add(100 * time.Hour)},
			{Words: "for ever"},
		}
		d, take := announced(t, func() []policy.Timed { return statements })
		d.start()
		for _, step := range []struct {
			name  string
			after time.Duration
			want  []string
		}{
			{"at the start, what ends within the day", 0, []string{"statement_ending within the day"}},
			{"just before the end, nothing", time.Hour - time.Nanosecond, nil},
			{"at the end, that", time.Nanosecond, []string{"statement_ended within the day"}},
			{"just before a day before the end, nothing", 75*time.Hour - time.Nanosecond, nil},
			{"a day before the end, that", time.Nanosecond, []string{"statement_ending later"}},
			{"at the end, that it has ended", 24 * time.Hour, []string{"statement_ended later"}},
			{"afterwards, nothing", 1000 * time.Hour, nil},
		} {
			harness.Advance(step.after)
			if got := take(); !slices.Equal(got, step.want) {
				t.Errorf("%s: announced %q, want %q", step.name, got, step.want)
			}
		}
	})
}

func TestAnotherPolicyIsLookedAtOnceItIsLoaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		statements := []policy.Timed{{Words: "known", Until: began.Add(time.Hour)}}
		d, take := announced(t, func() []policy.Timed { return statements })
		d.start()
		take()
		statements = []policy.Timed{
			{Words: "known", Until: began.Add(time.Hour).UTC()},
			{Words: "new", Until: began.Add(30 * time.Minute)},
			{Words: "over", Until: began.Add(-time.Minute)},
		}
		d.policyChanged()
		if got := take(); !slices.Equal(got, []string{"statement_ending new"}) {
			t.Errorf("announced %q", got)
		}
		harness.Advance(30 * time.Minute)
		if got := take(); !slices.Equal(got, []string{"statement_ended new"}) {
			t.Errorf("announced %q", got)
		}
		d.stop()
		harness.Advance(time.Hour)
		if got := take(); len(got) != 0 {
			t.Errorf("after its end, it announced %q", got)
		}
	})
}

func TestAConfigurationThatIsLoadedAgainAnnouncesNoEndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		statements := []policy.Timed{{Words: "known", Until: began.Add(time.Hour)}}
		timed := func() []policy.Timed { return statements }
		before, take := announced(t, timed)
		before.start()
		take()
		statements = append(statements, policy.Timed{Words: "new", Until: began.Add(2 * time.Hour)})
		after, take := announced(t, timed)
		after.inherit(before)
		after.start()
		before.stop()
		if got := take(); !slices.Equal(got, []string{"statement_ending new"}) {
			t.Errorf("announced %q", got)
		}
		harness.Advance(time.Hour)
		if got := take(); !slices.Equal(got, []string{"statement_ended known"}) {
			t.Errorf("announced %q", got)
		}
	})
}
