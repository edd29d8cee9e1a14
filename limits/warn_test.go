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
	t.Run("it was the only one", func(t *testing.T) {
		c := limits.New(time.Time{})
		send(t, c, 1, 0)
		c.GiveBack(send(t, c, 9, 2))
		send(t, c, 4, 1)
	})
}
