package numbering

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
)

// countingPlan counts how often it is asked.
type countingPlan struct {
	asked atomic.Int64
	owner Owner
}

func (p *countingPlan) Lookup(string) Owner {
	p.asked.Add(1)
	return p.owner
}

func (p *countingPlan) Origin(string) Origin { return Origin{} }

func TestACachedPlanAsksOnce(t *testing.T) {
	plan := &countingPlan{owner: Owner{Territories: theTerritories("US CA"), Any: true, Kinds: Kinds(TollFree), Listed: true}}
	cached := NewCached(plan, 2)
	for range 3 {
		if got := cached.Lookup("18002345678"); !reflect.DeepEqual(got, plan.owner) {
			t.Errorf("got %v", got)
		}
	}
	if n := plan.asked.Load(); n != 1 {
		t.Errorf("the plan was asked %d times", n)
	}
}

func TestACacheForgetsWhatWasAskedLongestAgo(t *testing.T) {
	plan := &countingPlan{}
	cached := NewCached(plan, 2)
	for _, digits := range []string{"1", "2", "1", "3", "1", "2"} {
		cached.Lookup(digits)
	}
	if n := plan.asked.Load(); n != 4 { // 1, 2, 3, and 2 again
		t.Errorf("the plan was asked %d times", n)
	}
}

func TestACacheKeepsNothingLongerThanANumber(t *testing.T) {
	plan := &countingPlan{}
	cached := NewCached(plan, 2)
	cached.Lookup("1234567890123456")
	cached.Lookup("1234567890123456")
	if n := plan.asked.Load(); n != 2 {
		t.Errorf("the plan was asked %d times", n)
	}
}

func TestACacheOfNoSizeIsThePlanItself(t *testing.T) {
	plan := &countingPlan{}
	if NewCached(plan, 0) != Plan(plan) || NewCached(plan, -1) != Plan(plan) {
		t.Error("got a cache")
	}
}

func TestTheDefaultPlanIsOne(t *testing.T) {
	if Default() != Default() {
		t.Error("there are two")
	}
}

func TestManyAskAtOnce(t *testing.T) {
	plan := NewCached(NewLibrary(), 16)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 200 {
				number := fmt.Sprintf("%d00123", 20+i%80)
				first, second := plan.Lookup(number), plan.Lookup(number)
				if !reflect.DeepEqual(first, second) {
					t.Errorf("+%s is %s and %s", number, describe(first), describe(second))
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkLookup(b *testing.B) {
	numbers := []struct{ name, digits string }{
		{"US", "12125551234"}, {"GB", "447400123456"}, {"BQ", "5997151234"}, {"unlisted", "447891"}, {"unlisted area code", "12902345678"},
	}
	plans := []struct {
		name string
		plan Plan
	}{
		{"library", NewLibrary()},
		{"cached", NewCached(NewLibrary(), 1024)},
	}
	for _, p := range plans {
		for _, number := range numbers {
			b.Run(p.name+"/"+number.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p.plan.Lookup(number.digits)
				}
			})
		}
	}
}
