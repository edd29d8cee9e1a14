package harness

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

const (
	// patience is how long a condition may take to hold. It only bounds a test that fails,
	// so it leaves room for a machine that is busy.
	patience = 30 * time.Second
	// pollInterval is how often a condition is tried.
	pollInterval = 5 * time.Millisecond
)

// errNotYet is the state of a condition that does not hold.
var errNotYet = errors.New("it does not hold")

// Await waits until a condition holds and ends the test if it never does.
func Await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	AwaitNil(t, what, func() error {
		if holds() {
			return nil
		}
		return errNotYet
	})
}

// AwaitNil waits until try returns nil. If it never does, it ends the test with the last
// error.
func AwaitNil(t testing.TB, what string, try func() error) {
	t.Helper()
	timeout, ticker := time.NewTimer(patience), time.NewTicker(pollInterval)
	defer timeout.Stop()
	defer ticker.Stop()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-timeout.C:
			t.Fatalf("never: %s: %v", what, err)
		case <-ticker.C:
		}
	}
}

// Advance moves the clock of a synctest bubble, and then lets everything in the bubble that
// is due happen. Outside a bubble it panics: no test waits for real time with it.
func Advance(d time.Duration) {
	synctest.Wait()
	<-time.After(d)
	synctest.Wait()
}
