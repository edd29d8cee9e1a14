//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// result is all that a run has seen, as it is kept: raw figures, from which tables and
// charts are made.
type result struct {
	circumstances
	Scenarios []scenarioResult `json:"scenarios"`
	Decisions *decisions       `json:"decisions,omitempty"`
}

// circumstances are those of all that one file has: figures of others are not to be
// compared with them.
type circumstances struct {
	CPU        string            `json:"cpu"`
	Processors int               `json:"processors"`
	Kernel     string            `json:"kernel"`
	Versions   map[string]string `json:"versions"`
	// Block (as text), Connections and Busy are the options of the run.
	Block       string  `json:"block"`
	Connections int     `json:"connections"`
	Busy        float64 `json:"busy"`
}

// origin is when something was measured, and of which commit.
type origin struct {
	Date   string `json:"date"`
	Commit string `json:"commit"`
}

// scenarioResult is what a scenario came to. Its first system is the base.
type scenarioResult struct {
	Name   string `json:"name,omitempty"`
	Title  string `json:"title,omitempty"`
	Series string `json:"series,omitempty"`
	X      int    `json:"x,omitempty"`
	origin
	Systems []systemResult `json:"systems"`
}

// decisions are what libraries took to decide.
type decisions struct {
	origin
	List []decision `json:"list"`
}

// systemResult is what one system did in the rounds.
type systemResult struct {
	Name string `json:"name"`
	// Missing Debian packages, for which it did not take part.
	Missing   []string `json:"missing,omitempty"`
	Processes []string `json:"processes,omitempty"`
	Rounds    []round  `json:"rounds,omitempty"`
}

// round is what one system did in one round. Times are microseconds.
type round struct {
	Requests int     `json:"requests"`
	Seconds  float64 `json:"seconds"`
	// CPU time of a request, and resident bytes, of each process.
	CPU      []float64 `json:"cpu"`
	Resident []int64   `json:"resident"`
	P50      float64   `json:"p50"`
	P99      float64   `json:"p99"`
	// Paced is the same at half as many requests a second.
	PacedRate float64 `json:"paced_rate,omitempty"`
	PacedP50  float64 `json:"paced_p50,omitempty"`
	PacedP99  float64 `json:"paced_p99,omitempty"`
	// Others is the share of the machine that other processes used.
	Others float64 `json:"others"`
}

// cpu is the CPU time of a request by all processes together.
func (r round) cpu() (total float64) {
	for _, t := range r.CPU {
		total += t
	}
	return total
}

func (r round) rate() float64 { return float64(r.Requests) / r.Seconds }

// megabytes resident of all processes together.
func (r round) megabytes() (total float64) {
	for _, n := range r.Resident {
		total += float64(n) / (1 << 20)
	}
	return total
}

// decision is what one library took to decide once.
type decision struct {
	Library     string  `json:"library"`
	Version     string  `json:"version"`
	Accounts    int     `json:"accounts"`
	Nanoseconds float64 `json:"nanoseconds"`
	Allocations int64   `json:"allocations"`
	Bytes       int64   `json:"bytes"`
}

// readResult reads what a run has written.
func readResult(file string) (r result, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return r, fmt.Errorf("reading the results: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("reading %s: %w", file, err)
	}
	return r, nil
}

// write writes the results into a file, without indentation: that would treble it.
func (r result) write(file string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
