//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// check is something that must hold.
type check int

const (
	checkAnswered check = iota
	checkLetThrough
	checkTwice
	checkRequest
	checkClosed
	checkPolicy
	checkLog
	checkSteady
	checkPanic
	checkGate
	checkCarrier
	checks
)

// checkNames say what each holds.
var checkNames = [checks]string{
	checkAnswered:   "every client that waits gets the carrier's answer unchanged, the refusal that is due, or 502 or 504 where the carrier fails",
	checkLetThrough: "nothing that must be refused arrives at the carrier",
	checkTwice:      "no send arrives twice, and none of which the client was told that it was not",
	checkRequest:    "what arrives is what was sent, and whole",
	checkClosed:     "a connection closes without an answer only between two requests or as a configuration takes over, and what is lost so was not processed",
	checkPolicy:     "each request is judged by a policy that was in force while it was there",
	checkLog:        "each request has one line in the access log, with the right verdict, reason and status",
	checkSteady:     "goroutines, open files, resident memory and live heap stay flat",
	checkPanic:      "no panic, no data race",
	checkGate:       "every configuration and policy is loaded, and the gate ends when it is told to",
	checkCarrier:    "carrier and clients do their part",
}

// shown is how many failures of a check are shown in full.
const shown = 10

// ofAnyMachine are the checks of what must never happen. Whether the others hold depends on
// how long things take too: a machine that is too busy lets a client wait for longer than it
// does, and a connection be closed while its request is on the way.
var ofAnyMachine = []check{checkLetThrough, checkTwice, checkRequest, checkPolicy, checkPanic}

// report is what was found.
type report struct {
	mu       sync.Mutex
	failures [checks]struct {
		count int64
		texts []string
	}
	notes  map[string]int64
	broken map[uint32]broken // requests that are judged at the end
}

// fail notes that a check does not hold.
func (r *report) fail(c check, format string, arguments ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	failed := &r.failures[c]
	failed.count++
	if len(failed.texts) < shown {
		failed.texts = append(failed.texts, fmt.Sprintf(format, arguments...))
	}
}

// note counts what the gate logs beside requests.
func (r *report) note(level, logger, message string) {
	if level != "error" && level != "warn" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.notes == nil {
		r.notes = map[string]int64{}
	}
	r.notes[fmt.Sprintf("%s %s: %s", level, logger, message)]++
}

// broken is a request that did not end as it should, which may be right all the same.
type broken struct {
	detail       string
	began, ended time.Time
}

// keep keeps a request for the end.
func (r *report) keep(number uint32, b broken) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken == nil {
		r.broken = map[uint32]broken{}
	}
	r.broken[number] = b
}

// result is a whole run.
type result struct {
	Seed     uint64           `json:"seed"`
	Forward  string           `json:"forward"`
	Race     bool             `json:"race"`
	Seconds  float64          `json:"seconds"`
	Capacity float64          `json:"capacity_per_second"`
	Rate     float64          `json:"rate_per_second"`
	Counts   []count          `json:"counts"`
	Steady   []steadiness     `json:"steady"`
	Checks   []checked        `json:"checks"`
	Logged   map[string]int64 `json:"logged,omitempty"`
}

type count struct {
	What  string `json:"what"`
	Count int64  `json:"count"`
}

type checked struct {
	What     string   `json:"what"`
	Failures int64    `json:"failures"`
	Examples []string `json:"examples,omitempty"`
}

// take fills in the checks.
func (r *result) take(from *report) {
	from.mu.Lock()
	defer from.mu.Unlock()
	for c, failed := range from.failures {
		r.Checks = append(r.Checks, checked{checkNames[c], failed.count, failed.texts})
	}
	r.Logged = from.notes
}

// failed counts the checks that do not hold: all, or those of any machine.
func (r *result) failed(ofAny bool) (n int) {
	for i, c := range r.Checks {
		if !ofAny || slices.Contains(ofAnyMachine, check(i)) {
			n += index(c.Failures > 0)
		}
	}
	return n
}

func (r *result) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

func (r *result) writeText(w io.Writer) {
	fmt.Fprintf(w, "seed %d, forwarded by %s, %.0f s, %.0f requests a second of %.0f\n\n", r.Seed, r.Forward, r.Seconds, r.Rate, r.Capacity)
	for _, c := range r.Counts {
		fmt.Fprintf(w, "%9d  %s\n", c.Count, c.What)
	}
	fmt.Fprintf(w, "\n%-16s %10s %10s %10s %12s %12s\n", "", "second 5th", "last 5th", "at most", "rest before", "rest after")
	for _, s := range r.Steady {
		fmt.Fprintf(w, "%-16s %10d %10d %10d %12d %12d\n", s.What, s.Second, s.Last, s.Bound, s.Before, s.After)
	}
	fmt.Fprintln(w)
	for _, c := range r.Checks {
		verdict := "ok  "
		if c.Failures > 0 {
			verdict = "FAIL"
		}
		fmt.Fprintf(w, "%s %s", verdict, c.What)
		if c.Failures > 0 {
			fmt.Fprintf(w, " (%d failures)", c.Failures)
		}
		fmt.Fprintln(w)
		for _, example := range c.Examples {
			fmt.Fprintf(w, "     - %s\n", example)
		}
	}
}
