package limits_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

func TestAHoldSaysWhichNumbersItRefused(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	inARow := func(first, last uint64) (list []uint64) {
		for n := first; n <= last; n++ {
			list = append(list, n)
		}
		return list
	}
	spread := func(n int) (list []uint64) {
		for i := range n {
			list = append(list, 12015550000+uint64(i)*100)
		}
		return list
	}
	but := func(list []uint64, without ...int) []uint64 {
		for i := len(without) - 1; i >= 0; i-- {
			list = append(list[:without[i]], list[without[i]+1:]...)
		}
		return list
	}
	for _, c := range []struct {
		name    string
		numbers []uint64
		shown   int
		want    string
	}{
		{"none", nil, 4, ""},
		{"one", inARow(12015551000, 12015551000), 4, "1 number"},
		{"all from one to another", inARow(12015551000, 12015551039), 4, "40 numbers, 1000 to 1039 in a row"},
		{"with some left out", but(inARow(12015551000, 12015551039), 7, 20), 4, "38 numbers, 1000 to 1039 in a row"},
		{"with too many left out", but(inARow(12015551000, 12015551039), 7, 8, 9, 10, 20), 4, "35 numbers, not in a row"},
		{"a mask that shows all", inARow(12015551000, 12015551039), 15, "40 numbers, +12015551000 to +12015551039 in a row"},
		{"a mask that shows nothing", inARow(12015551000, 12015551039), 0, "40 numbers in a row"},
		{"so few that their ends are most of them", inARow(12015551000, 12015551003), 4, "4 numbers, not in a row"},
		{"a whole block", inARow(12015551000, 12015551999), 4, "1000 numbers, 1000 to 1999 in a row"},
		{"all over a block", spread(10), 4, "10 numbers, not in a row"},
		{"more than are remembered", spread(64), 4, "at least 32 numbers"},
		{"no number", []uint64{0, 0}, 4, ""},
	} {
		h := limits.NewHolds()
		of, d := holding(limits.New(now), 15*time.Minute, time.Hour)
		rand.Shuffle(len(c.numbers), func(i, k int) { c.numbers[i], c.numbers[k] = c.numbers[k], c.numbers[i] })
		for i, digits := range append(c.numbers, c.numbers...) { // each two times
			number := limits.Number{Digits: digits, Shown: c.shown}
			if of.Number = number; i == 0 {
				h.Begin(now, of, block, 1)
			} else {
				h.Try(now, &d, number)
			}
		}
		if len(c.numbers) == 0 {
			h.Begin(now, of, block, 1)
		}
		if seen := h.List(now)[0].Seen.String(); seen != c.want {
			t.Errorf("%s: seen are %q, want %q", c.name, seen, c.want)
		}
	}
}

// A gate whose mask shows less hides what another would show.
func TestTheMaskThatShowsLeastIsThatOfAHold(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	h := limits.NewHolds()
	of, d := holding(limits.New(now), 15*time.Minute, time.Hour)
	h.Begin(now, of, block, 1)
	for i := range uint64(10) {
		h.Try(now, &d, limits.Number{Digits: 12015551000 + i, Shown: []int{4, 15, 0}[i%3]})
	}
	if seen := h.List(now)[0].Seen.String(); seen != "10 numbers in a row" {
		t.Errorf("seen are %q", seen)
	}
}

// A hold that begins again has seen nothing yet.
func TestWhatWasSeenIsOfTheHoldInForce(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	h := limits.NewHolds()
	of, d := holding(limits.New(now), 15*time.Minute, time.Minute)
	h.Begin(now, of, block, 1)
	h.Try(now, &d, limits.Number{Digits: 12015551000, Shown: 4})
	later := now.Add(time.Hour)
	h.Begin(later, of, block, 1)
	if seen := h.List(later)[0].Seen; seen.Numbers != 0 {
		t.Errorf("seen are %q", seen)
	}
}
