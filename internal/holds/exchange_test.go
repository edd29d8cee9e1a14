package holds_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/holds"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

var three = time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)

// kept is a store that may be away.
type kept struct {
	store.Holds
	away error
}

func (k *kept) Write(ctx context.Context, now time.Time, list []store.KeptHold) error {
	if k.away != nil {
		return k.away
	}
	return k.Holds.Write(ctx, now, list)
}

func open(t *testing.T) *kept {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &kept{Holds: s.Holds()}
}

// gate is one that holds a block.
func gate() *holds.Exchange {
	return &holds.Exchange{Held: limits.NewHolds(), Counters: limits.New(three)}
}

// hold has a gate hold the block, and returns the ID.
func hold(g *holds.Exchange, at time.Time) string {
	s := limits.Subject{Limit: "block", Level: "operator", Counter: "operator block", Account: "acme",
		Dimensions: []string{"block:3"}, Values: []string{"1201555"}, Shown: []string{"+1201555xxx"}}
	hash := g.Counters.Hash()
	of := limits.Holding{Key: hash.Key(s.Counter, s.Values...), For: 15 * time.Minute, Window: time.Hour, Limit: 4}
	return g.Held.Begin(at, of, s, 1)
}

func run(t *testing.T, g *holds.Exchange, with *kept, at time.Time) {
	t.Helper()
	if err := g.Run(t.Context(), with, at); err != nil {
		t.Error(err)
	}
}

// expect checks what a gate holds.
func expect(t *testing.T, says string, g *holds.Exchange, at time.Time, ids ...string) {
	t.Helper()
	list := g.Held.List(at)
	for i := range list {
		if len(ids) != len(list) || list[i].ID != ids[i] || list[i].Shown[0] != "+1201555xxx" || list[i].Account != "acme" || list[i].Limit != "block" || !list[i].Until.Equal(three.Add(15*time.Minute)) {
			t.Errorf("%s: held are %+v", says, list)
		}
	}
	if len(list) != len(ids) {
		t.Errorf("%s: %d are held, want %q", says, len(list), ids)
	}
}

func TestHoldsOutliveARestartAndAreThoseOfAllGates(t *testing.T) {
	with, first, second := open(t), gate(), gate()
	id := hold(first, three)
	run(t, first, with, three)
	run(t, second, with, three)
	expect(t, "another gate", second, three, id)
	restarted := gate()
	run(t, restarted, with, three)
	expect(t, "after a restart", restarted, three, id)

	at := three.Add(time.Minute)
	if !second.Held.Release(at, id, second.Counters) {
		t.Error("it is not released")
	}
	for _, g := range []*holds.Exchange{second, first, restarted, gate()} {
		run(t, g, with, at)
		expect(t, "once it is released", g, at)
	}
}

func TestAHoldThatIsOverForLongIsNotAdopted(t *testing.T) {
	with, first, later := open(t), gate(), gate()
	hold(first, three)
	run(t, first, with, three)
	at := three.Add(26 * time.Hour)
	run(t, later, with, at)
	if later.Held.Any() {
		t.Error("it is remembered")
	}
}

func TestWhatAStoreDoesNotTakeIsGivenToItAgain(t *testing.T) {
	with, first, second := open(t), gate(), gate()
	with.away = errors.New("away")
	id := hold(first, three)
	if err := first.Run(t.Context(), with, three); !errors.Is(err, with.away) {
		t.Errorf("it returns %v", err)
	}
	with.away = nil
	run(t, first, with, three)
	run(t, second, with, three)
	expect(t, "another gate", second, three, id)
}

// A store that is put back from a backup has smaller numbers, and is read again.
func TestAStoreThatWentBackIsReadAgain(t *testing.T) {
	before, after, first, second := open(t), open(t), gate(), gate()
	for range 3 {
		if err := before.Write(t.Context(), three, nil); err != nil {
			t.Fatal(err)
		}
	}
	run(t, second, before, three)
	id := hold(first, three)
	run(t, first, after, three)
	for range 2 {
		run(t, second, after, three)
	}
	expect(t, "once it is read again", second, three, id)
}
