//go:build linux

package main

import (
	"math"
	"strings"
	"testing"
	"time"
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

func TestRow(t *testing.T) {
	quiet := func(µs int) block { return block{requests: 1000, cpu: time.Duration(1000*µs) * time.Microsecond} }
	busy := quiet(10)
	busy.others = 0.06

	control := &row{name: "control"}
	for range fewestKept {
		control.add(quiet(10), quiet(10), 0.05)
	}
	r := &row{name: "gate"}
	r.add(quiet(10), quiet(11), 0.05)
	r.add(quiet(10), quiet(13), 0.05)
	r.add(busy, quiet(99), 0.05)
	r.add(quiet(99), busy, 0.05)
	none := &row{name: "none"}
	none.add(busy, busy, 0.05)

	var b strings.Builder
	writeTable(&b, []*row{r, none})
	for _, want := range []string{
		"| gate | 10.0 | 12.0 | **1.200** | 1.150 to 1.250 | 2 of 4 |\n",
		"| none | | | | | 0 of 1 |\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("table lacks %q:\n%s", want, &b)
		}
	}
	if got := cautions([]*row{control}); len(got) != 0 {
		t.Errorf("cautions about a good control: %q", got)
	}
	if got := cautions([]*row{control, r}); len(got) != 1 || !strings.Contains(got[0], "fewer than 8 pairs") {
		t.Errorf("cautions about few pairs: %q", got)
	}
	off := &row{name: "control"}
	for range fewestKept {
		off.add(quiet(20), quiet(21), 0.05)
	}
	if got := cautions([]*row{off}); len(got) != 1 || !strings.Contains(got[0], "5%") {
		t.Errorf("cautions about a control that is off: %q", got)
	}
}
