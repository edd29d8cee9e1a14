package incident

import (
	"strconv"
	"testing"
	"time"
)

// A denial of an incident that is open, while as many are as may be.
func BenchmarkDenied(b *testing.B) {
	w := Start("gate-1", func([]Change) {})
	defer w.Stop()
	w.SetQuiet(time.Hour)
	denials := make([]*Denial, maxOpen)
	for i := range denials {
		denials[i] = denialOf(strconv.Itoa(i))
		w.Denied(denials[i])
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		w.Denied(denials[i%len(denials)])
	}
}
