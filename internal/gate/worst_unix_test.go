//go:build unix

package gate_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// BenchmarkWorst judges every kind of request that is much work for its length, and
// prints how much processor time each takes, that of the garbage collector included.
func BenchmarkWorst(b *testing.B) {
	g := worstGate(b)
	for _, w := range worstKinds() {
		b.Run(strings.ReplaceAll(w.name, " ", "_"), func(b *testing.B) {
			body := w.body()
			var d *gate.Decision
			before, n := processorTime(), 0
			for b.Loop() {
				d = g.Judge(w.request(body))
				n++
			}
			spent := processorTime() - before
			b.ReportMetric(spent.Seconds()*1000/float64(n), "cpu-ms/op")
			b.ReportMetric(0, "ns/op")
			b.Logf("%s %s", d.Outcome, d.Reason)
		})
	}
}

// processorTime is what this process has used of all processors.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
