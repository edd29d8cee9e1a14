//go:build linux

package main

import (
	"math"
	"slices"
	"time"
)

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

// summary is what the rounds of a system come to. Those in which other processes
// disturbed it or its base do not count.
type summary struct {
	ratios         []float64 // of CPU times a request, to the base of the same round
	cpu            float64   // µs of a request; this and the rest are medians
	rate           float64   // requests a second
	p50, p99       float64   // µs, with as many requests as are answered
	paced50, paced float64   // µs, at half that rate: p50 and p99
	megabytes      float64
}

// summarize compares a system with the base of its scenario.
func summarize(base, s systemResult, busy float64) summary {
	var sum summary
	columns := make([][]float64, 7)
	for n, r := range s.Rounds {
		if n >= len(base.Rounds) || r.Others > busy || base.Rounds[n].Others > busy || base.Rounds[n].cpu() == 0 {
			continue
		}
		sum.ratios = append(sum.ratios, r.cpu()/base.Rounds[n].cpu())
		values := []float64{r.cpu(), r.rate(), r.P50, r.P99, r.megabytes()}
		if r.PacedP50 > 0 { // else it was not measured
			values = append(values, r.PacedP50, r.PacedP99)
		}
		for i, value := range values {
			columns[i] = append(columns[i], value)
		}
	}
	for i, to := range []*float64{&sum.cpu, &sum.rate, &sum.p50, &sum.p99, &sum.megabytes, &sum.paced50, &sum.paced} {
		*to = median(columns[i])
	}
	return sum
}
