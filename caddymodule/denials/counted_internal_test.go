package denials

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestARequestWaitsForItsTurnAndNotForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turns turns
		release, _ := turns.take(t.Context(), "one", maxTurn)
		if other, ok := turns.take(t.Context(), "another", maxTurn); !ok {
			t.Error("an account waits for another")
		} else {
			other()
		}
		began := time.Now()
		if _, ok := turns.take(t.Context(), "one", maxTurn); ok || time.Since(began) != maxTurn {
			t.Errorf("two have the turn, after %v", time.Since(began))
		}
		time.AfterFunc(time.Second, release)
		began = time.Now()
		release, ok := turns.take(t.Context(), "one", maxTurn)
		if !ok || time.Since(began) != time.Second {
			t.Errorf("not taken after %v", time.Since(began))
		}
		release()
		if len(turns.taken) != 0 {
			t.Errorf("%d turns are kept", len(turns.taken))
		}
	})
}
