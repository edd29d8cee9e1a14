package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// attack is one that is put into the traffic: an end user, or someone with a key of an account,
// sends to numbers that pay him.
type attack struct {
	name string
	// block says that all numbers are of one block, of which at most 25 should be reached.
	block bool
	sends func(random *rand.Rand) []send
}

// atNight is when an attack on a day begins.
func atNight(of int) time.Duration { return time.Duration(of)*day + 3*time.Hour }

// walk sends so many, one each interval, to what a function draws.
func walk(begin, interval time.Duration, count, account int, k kind, to func(i int) string) []send {
	sends := make([]send, count)
	for i := range sends {
		sends[i] = send{at: begin + time.Duration(i)*interval, account: account, kind: k, to: to(i)}
	}
	return sends
}

// attacks are each of other accounts and other blocks, at other times.
var attacks = []attack{
	{"sequential numbers of a 1k block", true, func(*rand.Rand) []send {
		return walk(atNight(1), time.Second, 1000, 3, verification, func(i int) string { return fmt.Sprintf("+447400123%03d", i) })
	}},
	{"random numbers of a 1k block, as messages", true, func(r *rand.Rand) []send {
		return walk(atNight(2), 200*time.Millisecond, 5000, 181, message, func(int) string { return fmt.Sprintf("+447400456%03d", r.IntN(1000)) })
	}},
	{"random numbers of a 10k block", false, func(r *rand.Rand) []send {
		return walk(atNight(3), time.Second, 10_000, 7, verification, func(int) string { return fmt.Sprintf("+44740177%04d", r.IntN(10_000)) })
	}},
	{"a new 1k block after each 15 numbers", false, func(*rand.Rand) []send {
		return walk(atNight(4), time.Second, 6000, 11, verification, func(i int) string { return fmt.Sprintf("+44740%04d%03d", 2000+i/15, i%15) })
	}},
	{"low and slow, one in three minutes for a week", true, func(r *rand.Rand) []send {
		return walk(atNight(5), 3*time.Minute, 3360, 13, verification, func(int) string { return fmt.Sprintf("+447403321%03d", r.IntN(1000)) })
	}},
	{"many accounts with one number each", true, func(r *rand.Rand) []send {
		sends := walk(atNight(6), 5*time.Second, 1000, 0, verification, func(i int) string { return fmt.Sprintf("+447404678%03d", i) })
		for i := range sends {
			sends[i].account = i % 100
		}
		return sends
	}},
	{"calls to satellites", true, func(r *rand.Rand) []send {
		return walk(atNight(8), 2*time.Second, 1000, 141, call, func(i int) string { return fmt.Sprintf("+8816314%05d", i) })
	}},
	{"short calls to twenty numbers of a block", true, func(r *rand.Rand) []send {
		return walk(atNight(9), 3*time.Second, 3000, 143, call, func(int) string { return fmt.Sprintf("+447405900%03d", r.IntN(20)) })
	}},
	{"one number over and over", true, func(*rand.Rand) []send {
		return walk(atNight(10), 2*time.Second, 1000, 17, verification, func(int) string { return "+447406000111" })
	}},
}
