package alert_test

import (
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

func TestOneIncidentOfAFleetIsToldOnceAndItsEndOnceItIsQuietEverywhere(t *testing.T) {
	with, a, b := open(t), newGate(t, "a", nil), newGate(t, "b", nil)
	a.round(t, with, after(0), 1)
	b.round(t, with, after(time.Second), 3)
	a.expect(t, "the first gate", "incident.opened AC1 1 by a")
	b.expect(t, "the other")
	a.round(t, with, after(2*time.Second), 2)
	b.round(t, with, after(3*time.Second), 0)
	for _, g := range []*gate{a, b} {
		if got := g.listed(); !slices.Equal(got, []string{"6 by a and b closed false"}) && !slices.Equal(got, []string{"4 by a and b closed false"}) {
			t.Errorf("listed is %q", got)
		}
	}
	b.round(t, with, after(14*time.Minute), 1)
	a.round(t, with, after(16*time.Minute), 0)
	a.expect(t, "while it is quiet at one")
	b.round(t, with, after(29*time.Minute), 0)
	a.round(t, with, after(29*time.Minute), 0)
	b.round(t, with, after(29*time.Minute), 0)
	a.expect(t, "once it is quiet")
	b.expect(t, "once it is quiet everywhere", "incident.closed AC1 7 by a and b")
	for _, g := range []*gate{a, b} {
		if got := g.listed(); !slices.Equal(got, []string{"7 by a and b closed true"}) {
			t.Errorf("listed is %q", got)
		}
	}
	a.round(t, with, after(30*time.Minute), 1)
	b.round(t, with, after(30*time.Minute), 1)
	a.expect(t, "of another one", "incident.opened AC1 1 by a")
	b.expect(t, "of another one")
}

func TestADenialThatOneGateSawWhileAnotherClosedItOpensAnother(t *testing.T) {
	with, a, b := open(t), newGate(t, "a", nil), newGate(t, "b", nil)
	a.round(t, with, after(0), 1)
	b.round(t, with, after(0), 0)
	a.expect(t, "at first", "incident.opened AC1 1 by a")
	b.book.Add(&incident.Denial{Key: incident.Key{Carrier: "twilio", Account: "AC1", Reason: "limit_exceeded", Rule: "operator limit block"}}, after(14*time.Minute))
	a.round(t, with, after(15*time.Minute), 0)
	a.expect(t, "of what it does not know", "incident.closed AC1 1 by a")
	b.round(t, with, after(15*time.Minute), 0)
	b.expect(t, "of its own", "incident.opened AC1 1 by b")
	a.round(t, with, after(16*time.Minute), 1)
	a.expect(t, "then")
	if got := b.listed(); len(got) != 2 || got[0] != "1 by b closed false" {
		t.Errorf("listed is %q", got)
	}
}

func TestWithoutItsStoreAGateTellsByItselfAndNotAgainOnceItIsBack(t *testing.T) {
	for _, commits := range []bool{false, true} {
		with, a, b := open(t), newGate(t, "a", nil), newGate(t, "b", nil)
		with.away, with.commits = errAway, commits
		a.round(t, with, after(0), 1)
		a.expect(t, "while it is away", "incident.opened AC1 1 by a")
		with.away = nil
		b.round(t, with, after(time.Second), 1)
		if !commits {
			b.expect(t, "the other, where it knows of none", "incident.opened AC1 1 by b")
		}
		a.round(t, with, after(2*time.Second), 1)
		a.expect(t, "once it is back")

		with.away, with.commits = errAway, false
		a.round(t, with, after(time.Hour), 0)
		if len(a.told) != 1 {
			t.Errorf("its end is told as %q", a.told)
		}
		a.told, b.told = nil, nil
		with.away = nil
		a.round(t, with, after(61*time.Minute), 0)
		b.round(t, with, after(61*time.Minute), 0)
		a.expect(t, "its end, once it is back")
		a.round(t, with, after(62*time.Minute), 1)
		a.expect(t, "the next one", "incident.opened AC1 1 by a")
	}
}

func TestAnIncidentOutlivesARestartAndIsNotToldAgain(t *testing.T) {
	with, a := open(t), newGate(t, "a", nil)
	a.round(t, with, after(0), 2)
	again := newGate(t, "a", nil)
	again.round(t, with, after(time.Minute), 0)
	again.round(t, with, after(2*time.Minute), 1)
	again.expect(t, "after a restart")
	if got := again.listed(); !slices.Equal(got, []string{"3 by a closed false"}) {
		t.Errorf("listed is %q", got)
	}
	last := newGate(t, "a", nil)
	last.round(t, with, after(time.Hour), 0)
	last.round(t, with, after(time.Hour), 0)
	last.expect(t, "once it was quiet meanwhile", "incident.closed AC1 3 by a")
}

// A denial may come before a gate has heard what is open.
func TestADenialBeforeTheStoreIsReadIsOfTheIncidentThatIsOpen(t *testing.T) {
	with, a, again := open(t), newGate(t, "a", nil), newGate(t, "a", nil)
	a.round(t, with, after(0), 2)
	again.round(t, with, after(time.Minute), 1)
	again.expect(t, "after a restart")
}

func TestAThresholdIsToldOnceOverAFleetAndAgainOnceItsWindowIsOver(t *testing.T) {
	with, a, b := open(t), newGate(t, "a", nil), newGate(t, "b", nil)
	reached := func(at time.Time) incident.Change {
		return incident.Change{Kind: incident.Reached, Threshold: &incident.Threshold{ID: "bill", At: at, Until: at.Add(time.Hour)}}
	}
	a.round(t, with, after(0), 0, reached(after(0)), reached(after(0)))
	b.round(t, with, after(time.Minute), 0, reached(after(time.Minute)))
	a.expect(t, "the first gate", "threshold.reached")
	b.expect(t, "the other")
	b.round(t, with, after(time.Hour), 0, reached(after(time.Hour)))
	b.expect(t, "in the next window", "threshold.reached")
	with.away = errAway
	a.round(t, with, after(time.Hour), 0, reached(after(time.Hour)))
	a.expect(t, "while the store is away", "threshold.reached")

	later := func(c incident.Change) incident.Change {
		c.Threshold.ID = "later"
		return c
	}
	a.round(t, with, after(time.Hour), 0, later(reached(after(time.Hour))))
	a.expect(t, "of another one", "threshold.reached")
	with.away = nil
	a.round(t, with, after(61*time.Minute), 0)
	b.round(t, with, after(61*time.Minute), 0, later(reached(after(61*time.Minute))))
	a.expect(t, "once it is back")
	b.expect(t, "the other, once it is back")
	b.round(t, with, after(2*time.Hour), 0, later(reached(after(2*time.Hour))))
	b.expect(t, "in the next window", "threshold.reached")
}

func TestAStoreThatWentBackIsReadAgain(t *testing.T) {
	before, back, a, b := open(t), open(t), newGate(t, "a", nil), newGate(t, "b", nil)
	for i := range 3 {
		a.round(t, before, after(time.Duration(i)*time.Second), 1)
	}
	b.round(t, back, after(time.Minute), 2)
	a.round(t, back, after(time.Minute), 0)
	a.round(t, back, after(time.Minute), 0)
	if got := a.listed(); !slices.Equal(got, []string{"2 by b closed false"}) {
		t.Errorf("listed is %q", got)
	}
}
