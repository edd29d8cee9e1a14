//go:build linux

package main

import (
	"math"
	"testing"
)

func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		values       []float64
		low, mid, up float64
	}{
		{[]float64{7}, 7, 7, 7},
		{[]float64{2, 1}, 1.25, 1.5, 1.75},
		{[]float64{3, 1, 2}, 1.5, 2, 2.5},
		{[]float64{4, 1, 3, 2}, 1.75, 2.5, 3.25},
		{[]float64{5, 1, 4, 2, 3}, 2, 3, 4},
	} {
		low, mid, up := quantile(c.values, 0.25), median(c.values), quantile(c.values, 0.75)
		if low != c.low || mid != c.mid || up != c.up {
			t.Errorf("%v: got %v, %v, %v; want %v, %v, %v", c.values, low, mid, up, c.low, c.mid, c.up)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median of nothing is %v", got)
	}
}

func TestARatioIsToTheBaseOfTheSameRoundAndDisturbedRoundsDoNotCount(t *testing.T) {
	base := systemResult{Rounds: []round{{CPU: []float64{10}}, {CPU: []float64{20}}, {CPU: []float64{30}, Others: 0.06}, {CPU: []float64{40}}}}
	s := systemResult{Rounds: []round{{CPU: []float64{5, 6}}, {CPU: []float64{26}}, {CPU: []float64{99}}, {CPU: []float64{99}, Others: 0.06}}}
	got := summarize(base, s, 0.05)
	if len(got.ratios) != 2 || got.ratios[0] != 1.1 || got.ratios[1] != 1.3 || got.cpu != 18.5 {
		t.Errorf("got %+v", got)
	}
}
