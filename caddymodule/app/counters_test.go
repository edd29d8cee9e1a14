package app

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/limits"
)

// A reload with another timeout counts over other connections. It holds the same, and goes on from
// what each gate counts by itself.
func TestNothingIsForgottenOverAReloadThatChangesTheCounters(t *testing.T) {
	address := harness.FreeAddress(t)
	provisioned := func(stated Counters) *App {
		a := &App{Counters: &stated}
		if err := a.provisionCounters(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := a.releaseCounters(); err != nil {
				t.Error(err)
			}
		})
		return a
	}
	before := provisioned(Counters{Engine: engineRedis, Address: address})
	now := time.Now()
	call := func() []limits.Demand {
		return []limits.Demand{{Key: limits.Key{1}, Window: time.Hour, Limit: 1, Amount: 1, InProgress: true}}
	}
	if _, ok := before.counters.Reserve(now, call()); !ok {
		t.Fatal("the first call is refused")
	}
	after := provisioned(Counters{Engine: engineRedis, Address: address, Timeout: "100ms", OnUnavailable: denyCounted})
	if before.holds != after.holds || before.counters == after.counters {
		t.Error("what was held is forgotten")
	}
	if _, ok := after.counters.Reserve(now, call()); ok {
		t.Error("the call in progress is forgotten")
	}
	// Its counters have other keys.
	if memory := provisioned(Counters{}); memory.holds == after.holds {
		t.Error("counters in memory hold what those in Redis do")
	}
}
