//go:build linux

package main

import "time"

// rounds of a scenario. Those whose ratios are quoted most have the most. A scenario has
// more than the fewest that may be quoted, since disturbed ones do not count.
func (c scenario) rounds(o options) int {
	switch {
	case c.whole:
		return o.pairs
	case c.series != "":
		return (o.pairs + 1) / 2
	}
	return (2*o.pairs + 2) / 3
}

// paced reports whether each block is followed by one at half the rate.
func (c scenario) paced(o options) bool { return !o.short && c.series == "" }

// connecting is how long new connections work before a block, since they cost more than
// those in use.
const connecting = 50 * time.Millisecond

// What takes time besides the blocks, on two quiet cores.
const (
	buildTime        = 30 * time.Second
	decideTime       = time.Minute
	starting         = 300 * time.Millisecond // a system
	stopping         = 200 * time.Millisecond
	readingClocks    = 20 * time.Millisecond // before and after a block
	readingAnAccount = 40 * time.Microsecond // or a prefix rule, at the start
)

// takes estimates how long a scenario takes on a quiet machine.
func (c scenario) takes(o options) time.Duration {
	block := connecting + o.block + readingClocks
	if c.paced(o) {
		block += o.block
	}
	once := starting + stopping + time.Duration(c.accounts+c.prefixes)*readingAnAccount
	return time.Duration(len(c.systems)) * (once + time.Duration(1+c.rounds(o))*block)
}

// takeAll estimates how long scenarios take one after the other.
func takeAll(list []scenario, o options) (total time.Duration) {
	for _, c := range list {
		total += c.takes(o)
	}
	return total
}
