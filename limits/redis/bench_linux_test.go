package redis_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// BenchmarkReserve is how long a request waits for a server on the same machine, which takes the
// processors of it too.
func BenchmarkReserve(b *testing.B) {
	for _, count := range []int{1, 5} {
		for _, clients := range []int{1, 16} {
			b.Run(fmt.Sprintf("%d limits, %d clients", count, clients), func(b *testing.B) {
				c := start(b, server.Start(b, "--appendfsync", "no").Address)
				var next atomic.Int64
				var waited [1 << 16]time.Duration
				b.ReportAllocs()
				b.SetParallelism((clients + 1) / 2) // of two processors
				b.RunParallel(func(run *testing.PB) {
					for run.Next() {
						i := next.Add(1)
						var demands []limits.Demand
						for limit := range count {
							demands = append(demands, redis.Demand(time.Hour, 1<<40, fmt.Sprint(limit), fmt.Sprint(i%1000)))
						}
						began := time.Now()
						if refused, ok := c.Reserve(began, demands); !ok {
							b.Errorf("%+v", refused)
						}
						waited[i%int64(len(waited))] = time.Since(began)
					}
				})
				all := slices.DeleteFunc(waited[:], func(d time.Duration) bool { return d == 0 })
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
				b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
			})
		}
	}
}
