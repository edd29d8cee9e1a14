package faults_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

var sizes = flag.String("accounts", "10000", "the numbers of accounts to measure with, with commas between them")

// BenchmarkChange changes one account of many through the management API of a gate. Besides
// how long that takes, it shows how long the gate takes from its start until it judges by its
// store, and how much memory it holds then, at most and after all changes.
func BenchmarkChange(b *testing.B) {
	for _, size := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		file := filepath.Join(b.TempDir(), "permissions.db")
		fill(b, file, n)
		b.Run(size, func(b *testing.B) {
			g := newGate(b, "sqlite "+file)
			harness.Build(b, "cmd/tollgate") // once, and not within the time of the start
			began := time.Now()
			g.start(b)
			g.awaitRead(b)
			processor := g.processorTime(b)
			started, peak := time.Since(began), g.memory(b, "VmHWM")
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				// Two in turn, so that each is a change. 7919 is a prime: all accounts have
				// their turn.
				territories := []string{"US", []string{"DE", "GB"}[i/n%2]}
				began := time.Now()
				got, err := g.permit(accountID(i*7919%n), territories...)
				took = append(took, time.Since(began))
				if err != nil || got.status != http.StatusOK {
					b.Fatalf("%+v, %v", got, err)
				}
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
			b.ReportMetric(started.Seconds(), "start-s")
			b.ReportMetric(processor, "start-cpu-s")
			b.ReportMetric(peak, "peak-MiB")
			b.ReportMetric(g.memory(b, "VmRSS"), "after-MiB")
		})
	}
}

// fill makes a store with accounts, a fifth of which differ in what they permit.
func fill(b *testing.B, file string, n int) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), file)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	change := store.Change{}
	if change.Expect, err = s.Read(b.Context(), func(store.Object) error { return nil }); err != nil {
		b.Fatal(err)
	}
	for i := range n {
		text, err := json.Marshal(map[string]any{
			"id": accountID(i), "label": fmt.Sprint("Customer ", i),
			"messaging": []string{"US", []string{"CA", "MX", "FR", "ES", "IT"}[i%5]},
			"voice":     map[string][]string{"low_risk": {"US"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		change.Objects = append(change.Objects, store.Object{Kind: store.Account, ID: accountID(i), Document: text})
		if len(change.Objects) == 10_000 || i == n-1 {
			if change.Expect, err = s.Commit(b.Context(), change); err != nil {
				b.Fatal(err)
			}
			change.Objects = change.Objects[:0]
		}
	}
}

// awaitRead waits until the gate judges by its store. A million accounts may take longer to read
// than a test waits for anything else: the timeout of the whole run bounds it.
func (g *gate) awaitRead(b *testing.B) {
	b.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := g.send(accountID(0), "US"); err == nil {
			return
		}
		select {
		case <-g.process.Ended():
			b.Fatal("the gate has ended")
		case <-tick.C:
		}
	}
}

// processorTime reads how long processors have worked for the gate's process, in seconds
// (proc(5), /proc/pid/stat: utime and stime, in ticks of which Linux counts 100 a second).
func (g *gate) processorTime(b *testing.B) float64 {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", g.command.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name may have spaces
	fields := strings.Fields(after)
	user, errUser := strconv.Atoi(fields[11])
	system, errSystem := strconv.Atoi(fields[12])
	if errUser != nil || errSystem != nil {
		b.Fatalf("no times in %s", stat)
	}
	return float64(user+system) / 100
}

// memory reads a size of the gate's process, in MiB (proc(5), /proc/pid/status).
func (g *gate) memory(b *testing.B, name string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.command.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	match := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if match == nil {
		b.Fatalf("no %s in\n%s", name, status)
	}
	size, err := strconv.ParseFloat(string(match[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return size / 1024
}
