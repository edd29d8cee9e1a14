package app

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestWhatIsOverIsLookedForAnHourAfterTheStartAndHourly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var calls atomic.Int64
		ended := startHourly(ctx, func(context.Context) { calls.Add(1) })
		for _, step := range []struct {
			after time.Duration
			want  int64
		}{{time.Hour - 1, 0}, {1, 1}, {time.Hour, 2}} {
			harness.Advance(step.after)
			synctest.Wait()
			if got := calls.Load(); got != step.want {
				t.Errorf("%s later it was called %d times and not %d", step.after, got, step.want)
			}
		}
		cancel()
		<-ended
	})
}

func TestAClockThatWasSetIsNotBelieved(t *testing.T) {
	for _, c := range []struct {
		name           string
		monotonic, day time.Duration
		want           bool
	}{
		{"both ran alike", time.Hour, time.Hour, true},
		{"it was corrected a little", time.Hour, time.Hour + time.Minute, true},
		{"it was set forward", time.Hour, time.Hour + time.Minute + 1, false},
		{"it was set back", time.Hour, 0, false},
		{"it was set forward by months", time.Hour, 2000 * time.Hour, false},
	} {
		if got := isSteady(c.monotonic, c.day); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
