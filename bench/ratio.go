//go:build linux

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// block is what one server did in one block of time.
type block struct {
	requests int
	cpu      time.Duration
	// others is the share of the machine that other processes used.
	others float64
}

// perRequest is the CPU time of one request.
func (b block) perRequest() time.Duration { return b.cpu / time.Duration(max(1, b.requests)) }

// row is the result of one comparison.
type row struct {
	name      string
	base      []float64 // µs per request, one for each pair kept
	compared  []float64
	ratios    []float64
	attempted int
}

// add takes one more pair into the row, unless others disturbed it.
func (r *row) add(base, compared block, busy float64) {
	r.attempted++
	if base.others > busy || compared.others > busy || base.cpu == 0 {
		return
	}
	a, b := micros(base.perRequest()), micros(compared.perRequest())
	r.base, r.compared, r.ratios = append(r.base, a), append(r.compared, b), append(r.ratios, b/a)
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// quantile is the value below which a share q of the values lies, between two
// of them by linear interpolation; NaN if there are no values.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := q * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// writeTable writes the results as a table in Markdown.
func writeTable(w io.Writer, rows []*row) {
	fmt.Fprintln(w, "| Comparison | base, µs CPU/request | with the gate, µs CPU/request | ratio | quartiles | pairs kept |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|")
	for _, r := range rows {
		if len(r.ratios) == 0 {
			fmt.Fprintf(w, "| %s | | | | | 0 of %d |\n", r.name, r.attempted)
			continue
		}
		fmt.Fprintf(w, "| %s | %.1f | %.1f | **%.3f** | %.3f to %.3f | %d of %d |\n",
			r.name, median(r.base), median(r.compared), median(r.ratios),
			quantile(r.ratios, 0.25), quantile(r.ratios, 0.75), len(r.ratios), r.attempted)
	}
}

// Limits beyond which results are not worth quoting.
const (
	controlOff = 0.03 // how far from 1 the control may be
	fewestKept = 8    // pairs
)

// cautions says what is wrong with the results, if anything; the first row is
// the control.
func cautions(rows []*row) []string {
	var list []string
	if off := math.Abs(median(rows[0].ratios) - 1); off > controlOff {
		list = append(list, fmt.Sprintf("The control is off by %.0f%%: do not quote these figures.", 100*off))
	}
	few := func(r *row) bool { return len(r.ratios) < fewestKept }
	if slices.ContainsFunc(rows, few) {
		list = append(list, fmt.Sprintf("Do not quote rows with fewer than %d pairs kept: ask for more pairs on a quieter machine.", fewestKept))
	}
	return list
}
