package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/harness/redis"
)

// Three gates that count in one Redis, which is killed and stalled while clients send: no more
// than the limit is sent, the others are told to send again, and all of it goes on by itself.
func TestThreeGatesSendNoMoreThanALimitWhileRedisFails(t *testing.T) {
	s := redis.Start(t, "--requirepass", "a-secret")
	var gates []*gate
	for range 3 {
		g := newGate(t, `sqlite "`+t.TempDir()+`/p.db"
		default {
			messaging US
		}
		limit all 600/1h per account
		counters redis redis://:a-secret@`+s.Address+` {
			timeout 500ms
			on_unavailable deny
		}`)
		g.start(t)
		gates = append(gates, g)
	}
	for _, g := range gates {
		g.process.AwaitListening(t, g.address)
	}
	var sent, over, unavailable atomic.Int64
	stop := make(chan struct{})
	var group sync.WaitGroup
	for client := range 3 * 4 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
				}
				switch got, err := gates[client%3].message(accountID(0), "US"); {
				case err != nil:
					t.Error(err)
					return
				case got.status == http.StatusCreated:
					sent.Add(1)
				case got.status == http.StatusTooManyRequests:
					over.Add(1)
				case got.status == http.StatusServiceUnavailable:
					unavailable.Add(1)
				default:
					t.Errorf("answered %d %s", got.status, got.body)
				}
			}
		})
	}
	defer group.Wait()
	end := sync.OnceFunc(func() { close(stop) })
	defer end()
	for i, fault := range []struct{ begin, end func(testing.TB) }{{s.Kill, s.Restart}, {s.Stall, s.Continue}} {
		harness.Await(t, "some is sent", func() bool { return sent.Load() > int64(100+200*i) })
		before := unavailable.Load()
		fault.begin(t)
		harness.Await(t, "clients are told to send again", func() bool { return unavailable.Load() > before+100 })
		for _, g := range gates {
			g.awaitMetric(t, "caddy_tollgate_counters_available 0")
		}
		fault.end(t)
		for _, g := range gates {
			g.awaitMetric(t, "caddy_tollgate_counters_available 1")
		}
	}
	harness.Await(t, "each gate has reached the limit", func() bool { return over.Load() > 100 })
	end()
	group.Wait()
	if sent.Load() > 600 || sent.Load() < 500 {
		t.Errorf("%d were sent of 600", sent.Load())
	}
	for _, g := range gates {
		log := g.process.Log(t)
		if !strings.Contains(log, "the counters of limits are away") || !strings.Contains(log, "the counters of limits are back") || strings.Contains(log, "a-secret") {
			t.Errorf("a gate logged\n%s", log)
		}
	}
	t.Logf("%d sent, %d over the limit, %d told to send again", sent.Load(), over.Load(), unavailable.Load())
}

// awaitMetric waits until the gate has a metric with a value.
func (g *gate) awaitMetric(t testing.TB, line string) {
	t.Helper()
	harness.AwaitNil(t, line, func() error {
		r, err := http.NewRequest(http.MethodGet, "http://"+g.admin+"/metrics", nil)
		if err != nil {
			return err
		}
		got, err := g.do(r)
		if err == nil && !strings.Contains(got.body, "\n"+line+"\n") {
			err = fmt.Errorf("it has %d bytes of others", len(got.body))
		}
		return err
	})
}
