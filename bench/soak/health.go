//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measure is something of the gate's process that must not grow.
type measure struct {
	name string
	// slack is by how much the median may grow over the whole of a run, beside a quarter,
	// and restSlack from the rest before it to the rest after it; 0 if that is not compared.
	slack, restSlack int64
	read             func(ctx context.Context, g *gate) (int64, error)
}

// measures are all there are.
//
// At rest, without a request and with a new configuration, the gate must be after the run
// as it was before: what leaks once for each reload, policy, failure or client that leaves
// is found in two minutes, which have over a hundred of each. Connections that are idle are
// what the slack is for.
//
// Under load, medians of fifths may differ by a quarter or the slack, whichever is more.
// That is wide: a configuration that was replaced lives for as long as its last request,
// 10 s if the carrier never answers, with its connections, some 20 of them. How many there
// are at once depends on the machine. An hour has thousands of whatever leaks.
var measures = []*measure{
	{"goroutines", 300, 10, goroutines},
	{"open files", 100, 10, openFiles},
	{"RSS, KiB", 96 << 10, 0, residentMemory},
	{"live heap, KiB", 16 << 10, 4 << 10, liveHeap},
}

// sampleInterval is how often they are read.
const sampleInterval = 5 * time.Second

// samples are what was read of each measure.
type samples [][]int64

// sample reads all measures until the context ends.
func (g *gate) sample(ctx context.Context, report *report) samples {
	taken := make(samples, len(measures))
	for pause(ctx, sampleInterval) {
		for i, m := range measures {
			// The endpoint is not there for a moment when a configuration takes over.
			value, err := m.read(ctx, g)
			for try := 0; err != nil && try < 20 && pause(ctx, 100*time.Millisecond); try++ {
				value, err = m.read(ctx, g)
			}
			switch {
			case ctx.Err() != nil:
			case err != nil:
				report.fail(checkGate, "reading %s: %v", m.name, err)
			default:
				taken[i] = append(taken[i], value)
			}
		}
	}
	return taken
}

// rest loads a configuration and reads what is in use without a request: the least in some
// seconds, or until it is enough.
func (g *gate) rest(ctx context.Context, report *report, seconds int, enough func(least []int64) bool) []int64 {
	for i := range g.configurations { // of the two, one is not in force
		if _, err := g.ask(ctx, http.MethodPost, "/load", g.configurations[1-i]); err != nil && ctx.Err() == nil {
			report.fail(checkGate, "loading a configuration: %v", err)
		}
	}
	least := make([]int64, len(measures))
	for range seconds {
		if !pause(ctx, time.Second) {
			break
		}
		for i, m := range measures {
			if value, err := m.read(ctx, g); err == nil && (least[i] == 0 || value < least[i]) {
				least[i] = value
			}
		}
		if enough(least) {
			break
		}
	}
	return least
}

// isAtRest reports whether no more is in use than before, and fails for what is.
func isAtRest(before, after []int64, report *report) bool {
	isAtRest := true
	for i, m := range measures {
		if m.restSlack == 0 || after[i] > 0 && after[i] <= before[i]+m.restSlack {
			continue
		}
		isAtRest = false
		if report != nil {
			report.fail(checkSteady, "%s: %d at rest before the run, %d after it, at most %d", m.name, before[i], after[i], before[i]+m.restSlack)
		}
	}
	return isAtRest
}

// steadiness is what became of a measure.
type steadiness struct {
	What   string `json:"what"`
	Second int64  `json:"median_of_the_second_fifth"`
	Last   int64  `json:"median_of_the_last_fifth"`
	Bound  int64  `json:"bound"`
	Before int64  `json:"at_rest_before"`
	After  int64  `json:"at_rest_after"`
	// Samples are all that was read, one each 5 s.
	Samples []int64 `json:"samples"`
}

// steady compares the last fifth of the run with the second.
func (s samples) steady(before, after []int64, report *report) (all []steadiness) {
	for i, m := range measures {
		n := len(s[i])
		if n < 10 { // of a run that is too short to say more
			all = append(all, steadiness{What: m.name, Before: before[i], After: after[i]})
			continue
		}
		second, last := median(s[i][n/5:2*n/5]), median(s[i][n-n/5:])
		bound := second + max(second/4, m.slack)
		if last > bound {
			report.fail(checkSteady, "%s: %d in the second fifth, %d in the last, at most %d", m.name, second, last, bound)
		}
		all = append(all, steadiness{m.name, second, last, bound, before[i], after[i], s[i]})
	}
	return all
}

func median(values []int64) int64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func goroutines(ctx context.Context, g *gate) (int64, error) {
	text, err := g.ask(ctx, http.MethodGet, "/debug/pprof/goroutine?debug=1", nil)
	if err != nil {
		return 0, err
	}
	return numberAfter(text, "goroutine profile: total ")
}

// liveHeap collects garbage first, so that what is left is in use.
func liveHeap(ctx context.Context, g *gate) (int64, error) {
	text, err := g.ask(ctx, http.MethodGet, "/debug/pprof/heap?gc=1&debug=1", nil)
	if err != nil {
		return 0, err
	}
	n, err := numberAfter(text, "\n# HeapAlloc = ")
	return n >> 10, err
}

func openFiles(_ context.Context, g *gate) (int64, error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", g.cmd.Process.Pid))
	return int64(len(entries)), err
}

func residentMemory(_ context.Context, g *gate) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	return numberAfter(text, "\nVmRSS:")
}

// numberAfter reads the number behind a text.
func numberAfter(text []byte, before string) (int64, error) {
	_, after, ok := bytes.Cut(text, []byte(before))
	if !ok {
		return 0, fmt.Errorf("there is no %q", strings.TrimSpace(before))
	}
	fields := strings.Fields(string(after[:min(len(after), 40)]))
	if len(fields) == 0 {
		return 0, fmt.Errorf("there is nothing behind %q", strings.TrimSpace(before))
	}
	return strconv.ParseInt(fields[0], 10, 64)
}
