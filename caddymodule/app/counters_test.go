package app

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A reload with another timeout counts over other connections, and holds the same.
func TestHoldsStayOverAReloadThatChangesTheCounters(t *testing.T) {
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
	after := provisioned(Counters{Engine: engineRedis, Address: address, Timeout: "100ms", OnUnavailable: denyCounted})
	if before.holds != after.holds || before.counters == after.counters {
		t.Error("what was held is forgotten")
	}
	// Its counters have other keys.
	if memory := provisioned(Counters{}); memory.holds == after.holds {
		t.Error("counters in memory hold what those in Redis do")
	}
}
