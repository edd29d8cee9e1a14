package limits_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// heap is how many bytes of the heap are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A million keys of sends, and of numbers, fit into 400 MB.
func TestWhatAKeyCosts(t *testing.T) {
	const keys = 100_000
	for _, c := range []struct {
		name  string
		items int // of each key; 0 where sends are counted
		most  uint64
	}{{"of sends", 0, 400}, {"of one number", 1, 250}, {"of ten numbers", 10, 550}} {
		before := heap()
		counters := limits.New(time.Time{})
		d := make([]limits.Demand, 1)
		for key := range keys {
			for item := range max(c.items, 1) {
				d[0] = limits.Demand{Key: counters.Key("limit", fmt.Sprint(key)), Window: time.Hour, Limit: 10, Amount: 1}
				if c.items > 0 {
					d[0].Item = counters.Item(fmt.Sprint(key, item))
				}
				if _, ok := counters.Reserve(at(0), d); !ok {
					t.Fatal("refused")
				}
			}
		}
		each := (heap() - before) / keys
		runtime.KeepAlive(counters)
		if t.Logf("a key %s costs %d bytes", c.name, each); each > c.most {
			t.Errorf("a key %s costs %d bytes, more than %d", c.name, each, c.most)
		}
	}
}
