package holds_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
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

// hold has a gate hold the block.
func hold(g *holds.Exchange, at time.Time) {
	s := limits.Subject{Limit: "block", Level: "operator", Counter: "operator block", Account: "acme",
		Dimensions: []string{"block:3"}, Values: []string{"1201555"}, Shown: []string{"+1201555xxx"}}
	hash := g.Counters.Hash()
	of := limits.Holding{Key: hash.Key(s.Counter, s.Values...), For: 15 * time.Minute, Window: time.Hour, Limit: 4}
	g.Held.Begin(at, of, s, 1)
}

// idAt is the ID of the one hold of a gate.
func idAt(t *testing.T, g *holds.Exchange, at time.Time) string {
	t.Helper()
	list := g.Held.List(at)
	if len(list) != 1 {
		t.Fatalf("held are %+v", list)
	}
	return list[0].ID
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
	hold(first, three)
	run(t, first, with, three)
	id := idAt(t, first, three)
	run(t, second, with, three)
	expect(t, "another gate", second, three, id)
	restarted := gate()
	run(t, restarted, with, three)
	expect(t, "after a restart", restarted, three, id)

	at := three.Add(time.Minute)
	if second.Held.Release(at, second.Counters, id) != 1 {
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
	hold(first, three)
	if err := first.Run(t.Context(), with, three); !errors.Is(err, with.away) {
		t.Errorf("it returns %v", err)
	}
	with.away = nil
	run(t, first, with, three)
	run(t, second, with, three)
	expect(t, "another gate", second, three, idAt(t, first, three))
}

// Such as one whose disk is full.
func TestWhatOthersHoldIsAdoptedFromAStoreThatTakesNothing(t *testing.T) {
	with, first, second := open(t), gate(), gate()
	hold(first, three)
	run(t, first, with, three)
	hash := second.Counters.Hash()
	own := limits.Subject{Limit: "other", Level: "operator", Counter: "operator other", Values: []string{"x"}, Shown: []string{"x"}}
	second.Held.Begin(three, limits.Holding{Key: hash.Key(own.Counter, "x"), For: time.Minute, Window: time.Hour, Limit: 4}, own, 1)
	with.away = errors.New("full")
	if err := second.Run(t.Context(), with, three); !errors.Is(err, with.away) {
		t.Errorf("it returns %v", err)
	}
	if n := len(second.Held.List(three)); n != 2 {
		t.Errorf("%d are held, and not its own and the other gate's", n)
	}
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
	hold(first, three)
	run(t, first, after, three)
	for range 2 {
		run(t, second, after, three)
	}
	expect(t, "once it is read again", second, three, idAt(t, first, three))
}

// A store that lost all before anything was held has another secret, by which all gates name what they
// hold from then on.
func TestAStoreThatLostItsSecretBeforeAHoldHasOneForAll(t *testing.T) {
	before, after, first, second := open(t), open(t), gate(), gate()
	run(t, first, before, three)
	run(t, second, after, three)
	hold(first, three)
	run(t, first, after, three)
	run(t, second, after, three)
	expect(t, "another gate", second, three, idAt(t, first, three))
}

// What a gate cannot read of a hold, it says, and adopts all others.
func TestAHoldThatCannotBeReadKeepsNoOtherAway(t *testing.T) {
	with, first, second := open(t), gate(), gate()
	if err := with.Write(t.Context(), three, []store.KeptHold{{ID: "a", Document: []byte(`{"Repeats": "once"}`), Changed: three}}); err != nil {
		t.Fatal(err)
	}
	hold(first, three)
	if err := first.Run(t.Context(), with, three); err == nil || !strings.Contains(err.Error(), "reading a hold") {
		t.Errorf("it says %v", err)
	}
	run(t, first, with, three)
	if err := second.Run(t.Context(), with, three); err == nil {
		t.Error("the other gate says nothing")
	}
	expect(t, "the other gate", second, three, idAt(t, first, three))
}

// A gate of a version that named holds without a secret has written one: it is adopted, with an ID by
// the secret, and its release takes its place.
func TestAHoldThatAnOlderGateWroteIsReleased(t *testing.T) {
	const older = "n6rgd2mmggtqg4kx"
	with, g := open(t), gate()
	document := `{"LimitName":"block","Level":"operator","Counter":"operator block","Account":"acme","Dimensions":["block:3"],"Values":["1201555"],
		"Shown":["+1201555xxx"],"Since":"2026-11-30T03:00:00Z","Until":"2026-11-30T03:15:00Z","Repeats":0,"For":900000000000,"Window":3600000000000,
		"Limit":4,"Released":false,"Changed":"2026-11-30T03:00:00Z"}`
	if err := with.Write(t.Context(), three, []store.KeptHold{{ID: older, Document: []byte(document), Changed: three, Over: three.Add(26 * time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	run(t, g, with, three)
	id := idAt(t, g, three)
	if id == older {
		t.Error("it has the ID without a secret")
	}
	at := three.Add(time.Minute)
	if g.Held.Release(at, g.Counters, id) != 1 {
		t.Error("it is not released")
	}
	run(t, g, with, at)
	var rows []store.KeptHold
	if _, err := with.Changes(t.Context(), 0, func(k store.KeptHold) error { rows = append(rows, k); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].ID != older || !strings.Contains(string(rows[0].Document), `"Released":true`) {
		t.Errorf("the store has %s", rows)
	}
}
