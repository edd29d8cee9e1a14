package limits_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// stepped is a demand of a limit that has steps.
func stepped(c *limits.Counters, amount uint32, steps *limits.Steps) []limits.Demand {
	return []limits.Demand{{Key: c.Key("limit"), Window: 24 * time.Hour, Period: 1, Limit: 1000, Amount: amount, Warn: steps}}
}

func TestEachStepIsToldOnceAndOfSeveralTheHighest(t *testing.T) {
	for _, c := range []struct {
		name    string
		amounts []uint32
		want    []uint8
	}{
		{"one by one", []uint32{4, 1, 2, 1, 2, 1, 9}, []uint8{0, 1, 0, 2, 3, 0, 0}},
		{"two at once", []uint32{8, 1, 1}, []uint8{2, 0, 3}},
		{"all at once", []uint32{10, 1}, []uint8{3, 0}},
	} {
		counters := limits.New(time.Time{})
		var told []uint8
		for _, amount := range c.amounts {
			d := stepped(counters, amount, &limits.Steps{5, 8, 10})
			counters.ReserveEach(at(0), d)
			told = append(told, d[0].Warned)
		}
		if fmt.Sprint(told) != fmt.Sprint(c.want) {
			t.Errorf("%s: told %v, want %v", c.name, told, c.want)
		}
	}
}

func TestAStepThatIsTakenBackIsToldByTheNextThatReachesIt(t *testing.T) {
	steps := &limits.Steps{5, 8}
	send := func(t *testing.T, c *limits.Counters, amount uint32, want uint8) []limits.Demand {
		t.Helper()
		d := stepped(c, amount, steps)
		if c.ReserveEach(at(0), d); d[0].Warned != want {
			t.Errorf("of %d told is %d, want %d", amount, d[0].Warned, want)
		}
		return d
	}
	t.Run("the steps below it are not told again", func(t *testing.T) {
		c := limits.New(time.Time{})
		send(t, c, 5, 1)
		c.GiveBack(send(t, c, 3, 2))
		send(t, c, 1, 0)
		send(t, c, 2, 2)
	})
	t.Run("another reached it meanwhile", func(t *testing.T) {
		c := limits.New(time.Time{})
		first := send(t, c, 5, 1)
		send(t, c, 5, 2)
		c.GiveBack(first)
		last := send(t, c, 3, 0)
		c.GiveBack(last)
		send(t, c, 1, 0)
	})
	t.Run("what is left reaches it, and was never told", func(t *testing.T) {
		c := limits.New(time.Time{})
		first := send(t, c, 8, 2)
		send(t, c, 8, 0)
		c.GiveBack(first)
		send(t, c, 1, 2)
	})
	t.Run("what is left reaches one below it, which was never told", func(t *testing.T) {
		c := limits.New(time.Time{})
		first := send(t, c, 9, 2)
		send(t, c, 6, 0)
		c.GiveBack(first)
		send(t, c, 1, 1)
	})
	t.Run("it is of a window that is over", func(t *testing.T) {
		c := limits.New(time.Time{})
		first := send(t, c, 5, 1)
		next := stepped(c, 5, steps)
		next[0].Period++
		if c.ReserveEach(at(0), next); next[0].Warned != 1 {
			t.Errorf("in the next one told is %d", next[0].Warned)
		}
		c.GiveBack(first)
		again := stepped(c, 1, steps)
		again[0].Period++
		if c.ReserveEach(at(0), again); again[0].Warned != 0 {
			t.Errorf("then told is %d", again[0].Warned)
		}
	})
	t.Run("it was the only one", func(t *testing.T) {
		c := limits.New(time.Time{})
		send(t, c, 1, 0)
		c.GiveBack(send(t, c, 9, 2))
		send(t, c, 4, 1)
	})
}

// Of few items a key has no parts: what was told has to be forgotten there, too.
func TestAStepOfItemsIsToldAgainInTheNextWindow(t *testing.T) {
	for _, c := range []struct {
		name   string
		demand limits.Demand
		next   func(d *limits.Demand) time.Duration
	}{
		{"a day", limits.Demand{Window: 24 * time.Hour, Period: 1}, func(d *limits.Demand) time.Duration { d.Period++; return 30 * time.Second }},
		{"a window that slides", limits.Demand{Window: 30 * time.Second}, func(*limits.Demand) time.Duration { return 31 * time.Second }},
	} {
		counters := limits.New(time.Time{})
		d, now := c.demand, time.Duration(0)
		d.Key, d.Limit, d.Amount, d.Warn = counters.Key("limit"), 1000, 1, &limits.Steps{2}
		for window := range 3 {
			var told []uint8
			for item := range 3 {
				reserved := d
				reserved.Item = uint64(100*window + item + 1)
				demands := []limits.Demand{reserved}
				counters.ReserveEach(at(now), demands)
				told = append(told, demands[0].Warned)
			}
			if fmt.Sprint(told) != "[0 1 0]" {
				t.Errorf("%s: in window %d told is %v", c.name, window, told)
			}
			now += c.next(&d)
		}
	}
}

func TestOfStepsOfOneAmountTheHighestIsTold(t *testing.T) {
	counters := limits.New(time.Time{})
	d := stepped(counters, 1, &limits.Steps{1, 1, 2})
	if counters.ReserveEach(at(0), d); d[0].Warned != 2 {
		t.Errorf("told is %d", d[0].Warned)
	}
}

// A limit has another amount after a reload, and what it has counted stays.
func TestOfOtherStepsThoseAreToldThatWereNot(t *testing.T) {
	for _, c := range []struct {
		name   string
		before limits.Steps
		used   uint32
		after  limits.Steps
		want   []uint8 // of ten more sends of one each
	}{
		{"a larger amount", limits.Steps{5, 8, 10}, 10, limits.Steps{6, 12, 18}, []uint8{1, 2, 0, 0, 0, 0, 0, 3, 0, 0}},
		{"a smaller amount", limits.Steps{50, 80}, 60, limits.Steps{10, 61, 70}, []uint8{2, 0, 0, 0, 0, 0, 0, 0, 0, 3}},
		{"fewer steps", limits.Steps{5, 8, 10}, 6, limits.Steps{10}, []uint8{0, 0, 0, 1, 0, 0, 0, 0, 0, 0}},
		{"the same steps", limits.Steps{5, 8}, 6, limits.Steps{5, 8}, []uint8{0, 2, 0, 0, 0, 0, 0, 0, 0, 0}},
	} {
		counters := limits.New(time.Time{})
		counters.ReserveEach(at(0), stepped(counters, c.used, &c.before))
		var told []uint8
		for range 10 {
			d := stepped(counters, 1, &c.after)
			counters.ReserveEach(at(0), d)
			told = append(told, d[0].Warned)
		}
		if fmt.Sprint(told) != fmt.Sprint(c.want) {
			t.Errorf("%s: told %v, want %v", c.name, told, c.want)
		}
	}
}
