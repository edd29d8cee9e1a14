package faults_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/counters"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
)

// A gate that is killed has counted what its store was given, which is all but the last second: no
// more than the limit is ever sent, and no less.
func TestWhatWasCountedOutlivesAKill(t *testing.T) {
	const limit = 50
	file := filepath.Join(t.TempDir(), "permissions.db")
	g := newGate(t, `sqlite "`+file+`"
		default {
			messaging US
		}
		counters store
		limit all `+fmt.Sprint(limit)+`/31d per account`)
	sent := 0
	for _, until := range []int{limit / 3, limit / 2} {
		g.start(t)
		g.awaitJudging(t)
		for sent++; sent < until; sent++ { // what awaited the gate was sent, too
			if passed, err := g.send(accountID(0), "US"); !passed || err != nil {
				t.Fatalf("after %d, the gate sends nothing, %v", sent, err)
			}
		}
		harness.AwaitNil(t, "the store has what was counted", func() error {
			if counted := readKept(t, file).sum(t); counted != int64(sent) {
				return fmt.Errorf("it has %d of %d", counted, sent)
			}
			return nil
		})
		g.kill()
	}
	g.start(t)
	g.awaitJudging(t)
	for sent++; ; sent++ {
		if passed, err := g.send(accountID(0), "US"); err != nil {
			t.Fatal(err)
		} else if !passed {
			break
		}
	}
	if sent != limit {
		t.Errorf("%d were sent of %d", sent, limit)
	}
}

// keptCounts are those that a store has.
type keptCounts []store.KeptCount

// readKept reads them while the gate runs.
func readKept(t *testing.T, file string) (kept keptCounts) {
	t.Helper()
	db, err := sql.Open("sqlite", "file://"+file+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT key, part, numbers FROM counters")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key []byte
		var count store.KeptCount
		if err := rows.Scan(&key, &count.Part, &count.Numbers); err != nil {
			t.Fatal(err)
		}
		count.Key = [16]byte(key)
		kept = append(kept, count)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return kept
}

// Read implements store.Counters.
func (k keptCounts) Read(_ context.Context, _ time.Time, yield func(store.KeptCount) error) error {
	for _, count := range k {
		if err := yield(count); err != nil {
			return err
		}
	}
	return nil
}

// Write implements store.Counters.
func (keptCounts) Write(context.Context, time.Time, []store.KeptCount) error { return nil }

// sum is how much there is of all keys together.
func (k keptCounts) sum(t *testing.T) (sum int64) {
	t.Helper()
	now := time.Now()
	restored := counters.New(now)
	if unreadable, why, err := restored.Restore(t.Context(), k, now); unreadable > 0 || err != nil {
		t.Fatal(unreadable, why, err)
	}
	for _, count := range k {
		used, _ := restored.Used(now, &limits.Demand{Key: counters.KeyOf(count.Key), Window: 31 * 24 * time.Hour})
		sum += used
	}
	return sum
}
