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
	// slack is by how much the median may grow over the whole of a run, beside a quarter.
	slack int64
	read  func(ctx context.Context, g *gate) (int64, error)
}

// measures are all there are. Load, reloads and policies are the same from beginning to
// end, so what is in use must be as well: medians may differ by a quarter, which is how
// they vary between runs, or by the slack where that is more. What leaks once for each
// reload or policy is found in two minutes: between the middles of the second and the last
// fifth are over 60 reloads. A configuration has several goroutines and over 1 MiB.
var measures = []*measure{
	{"goroutines", 50, goroutines},
	{"open files", 50, openFiles},
	{"RSS, KiB", 48 << 10, residentMemory},
	{"live heap, KiB", 24 << 10, liveHeap},
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

// steadiness is what became of a measure.
type steadiness struct {
	What   string `json:"what"`
	Second int64  `json:"median_of_the_second_fifth"`
	Last   int64  `json:"median_of_the_last_fifth"`
	Bound  int64  `json:"bound"`
}

// steady compares the last fifth of the run with the second.
func (s samples) steady(report *report) (all []steadiness) {
	for i, m := range measures {
		n := len(s[i])
		if n < 10 {
			continue // of a run that is too short to say anything
		}
		second, last := median(s[i][n/5:2*n/5]), median(s[i][n-n/5:])
		bound := second + max(second/4, m.slack)
		if last > bound {
			report.fail(checkSteady, "%s: %d in the second fifth, %d in the last, at most %d", m.name, second, last, bound)
		}
		all = append(all, steadiness{m.name, second, last, bound})
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
