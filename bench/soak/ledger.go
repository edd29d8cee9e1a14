//go:build linux

package main

import (
	"sync"
	"sync/atomic"
)

// counter counts from several goroutines.
type counter struct{ atomic.Int64 }

func (c *counter) add(n int64) { c.Add(n) }

// entry is what is known of one request. An hour has millions, so it is small.
type entry struct {
	outcome        outcome
	status, logged uint16 // that the client got, and that the log has
	arrivals       uint8  // at the carrier
	lines          uint8  // of the access log
	verdict        uint8  // of the log: an index into verdicts
	reused         bool   // whether the connection had been used before
	isAllowed      bool   // whether the outcome is one that is right
}

// verdicts that the log can have.
var verdicts = []string{"", "allow", "deny", "monitor"}

// ledger is what is known of all requests, by their numbers.
type ledger struct {
	mu      sync.Mutex
	entries []entry
}

// next is the number of a new request.
func (l *ledger) next() uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, entry{})
	return uint32(len(l.entries) - 1)
}

// length is how many requests there are.
func (l *ledger) length() uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return uint32(len(l.entries))
}

// change changes what is known of a request, if there is one of that number.
func (l *ledger) change(number uint32, do func(*entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if int(number) < len(l.entries) {
		do(&l.entries[number])
	}
}

func (l *ledger) arrived(number uint32) {
	l.change(number, func(e *entry) { e.arrivals = increment(e.arrivals) })
}

// increment does not begin again at 0.
func increment(n uint8) uint8 {
	if n == 255 {
		return n
	}
	return n + 1
}

// unlogged counts the requests that were answered and have no line in the log yet.
func (l *ledger) unlogged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for i := range l.entries {
		if e := &l.entries[i]; e.lines == 0 && e.outcome&(answered|cut) != 0 {
			n++
		}
	}
	return n
}
