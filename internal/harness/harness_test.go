package harness_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestAConditionThatComesToHoldIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, tries := time.Now(), 0
		harness.AwaitNil(t, "a second is over", func() error {
			tries++
			if time.Since(began) < time.Second {
				return errors.New("too early")
			}
			return nil
		})
		if took := time.Since(began); took < time.Second || took > 2*time.Second || tries < 3 {
			t.Errorf("took %s and %d tries", took, tries)
		}
	})
}

// failing stands in for a test, to see one fail.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Helper() {}

func (f *failing) Fatalf(string, ...any) {
	f.failed = true
	panic(f)
}

func TestAConditionThatNeverHoldsEndsTheTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := new(failing)
		defer func() {
			if recover() != f || !f.failed {
				t.Error("the test goes on")
			}
		}()
		harness.Await(f, "it holds", func() bool { return false })
	})
}

func TestAdvancingTheClockLetsHappenWhatIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var happened atomic.Bool
		time.AfterFunc(time.Hour, func() { happened.Store(true) })
		harness.Advance(time.Hour - 1)
		if happened.Load() {
			t.Error("it happened too early")
		}
		harness.Advance(1)
		if !happened.Load() {
			t.Error("it did not happen in time")
		}
	})
}

// Nothing that waits for real time can hide behind it.
func TestTheClockOfTheWorldIsNotAdvanced(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("outside a bubble it waits")
		}
	}()
	harness.Advance(0)
}
