package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// refused draws refusals of now: of some accounts to most territories, as in an attack.
func refused(random *rand.Rand, n int) []refusals.Refusal {
	now := time.Now()
	list := make([]refusals.Refusal, n)
	for i := range list {
		account := fmt.Sprintf("AC%032d", random.IntN(1000))
		list[i] = refusals.Refusal{
			ID: refusals.NewID(now), Time: now, Account: account, Credential: account, Sender: "********0199",
			Channel: []string{"messaging", "voice"}[random.IntN(2)], Destination: "********5678",
			Territory: string([]byte{'A' + byte(random.IntN(26)), 'A' + byte(random.IntN(8))}), Class: "low_risk", Prefix: "+998912345",
			Reason: []string{"territory_not_enabled", "limit_exceeded", "prefix_blocked"}[random.IntN(3)], Outcome: "deny", Client: "192.0.2.7",
		}
	}
	return list
}

// BenchmarkAppend appends batches of refusals, each gate as fast as it can, with the counts of
// refusals by hour and day and without. An operation is a batch of each gate.
func BenchmarkAppend(b *testing.B) {
	pg := server.Start(b)
	for _, size := range []int{4, 100, 8192} {
		for _, gates := range []int{1, 3} {
			for _, counts := range []string{"ENABLE", "DISABLE"} {
				b.Run(fmt.Sprintf("batch=%d/gates=%d/counts=%s", size, gates, counts), func(b *testing.B) {
					dsn := pg.Database(b)
					stores := make([]*postgres.Store, gates)
					for i := range stores {
						stores[i] = open(b, dsn)
					}
					exec(b, dsn, "ALTER TABLE tollgate_refusals "+counts+" TRIGGER USER")
					appendByAll(b, stores, size)
				})
			}
		}
	}
}

// appendByAll appends by all gates at once, and shows how long a batch takes.
func appendByAll(b *testing.B, stores []*postgres.Store, size int) {
	var mu sync.Mutex
	var took []time.Duration
	var running sync.WaitGroup
	b.ResetTimer()
	for i, s := range stores {
		running.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 2))
			for range b.N {
				list := refused(random, size)
				began := time.Now()
				err := s.Refusals().Append(context.Background(), list)
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	running.Wait()
	b.StopTimer()
	slices.Sort(took)
	report(b, took)
	b.ReportMetric(float64(len(took)*size)/b.Elapsed().Seconds(), "refusals/s")
}
