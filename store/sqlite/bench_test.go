package sqlite

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
)

// document is an account's, of the length that most have.
var document = json.RawMessage(`{"parent":"main","name":"Example Ltd","messaging":{"allow":["DE","AT","CH","FR","IT","ES"]},"voice":{"allow":["DE"]}}`)

func account(i int) store.Object {
	return store.Object{Kind: store.Account, ID: fmt.Sprintf("account-%06d", i), Document: document}
}

// BenchmarkCommit changes one account, with its record.
func BenchmarkCommit(b *testing.B) {
	s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
	fill(b, s, 10_000)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		o := account(i * 7919 % 10_000)
		began := time.Now()
		_, err := s.Commit(b.Context(), store.Change{
			Expect:  s.version,
			Objects: []store.Object{o},
			Records: []audit.Record{{
				Actor:  audit.Actor{Name: "alice", Role: "admin", Address: "192.0.2.7", Through: "api"},
				Action: "account.put", Kind: "account", Object: o.ID, Account: o.ID, Before: document, After: document,
			}},
		})
		took = append(took, time.Since(began))
		if err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkRead reads all objects.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
			fill(b, s, n)
			for b.Loop() {
				read := 0
				if _, err := s.Read(b.Context(), func(store.Object) error { read++; return nil }); err != nil || read != n {
					b.Fatal(read, err)
				}
			}
		})
	}
}

// BenchmarkOpen opens and closes a store, with the check of its pages.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{0, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "store.db")
			s := openFile(b, path)
			fill(b, s, n)
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s, err := Open(b.Context(), path)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fill writes accounts, each with its record, in one change.
func fill(b *testing.B, s *Store, n int) {
	b.Helper()
	c := store.Change{Expect: s.version}
	for i := range n {
		o := account(i)
		c.Objects = append(c.Objects, o)
		c.Records = append(c.Records, audit.Record{Action: "account.put", Kind: "account", Object: o.ID, Account: o.ID, After: document})
	}
	if _, err := s.Commit(b.Context(), c); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRefusals writes refusals as a gate does, as fast as it can. None is lost.
func BenchmarkRefusals(b *testing.B) {
	s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
	w, err := refusals.Open(refusals.Options{Folder: b.TempDir(), Sink: s.Refusals()})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := w.Write(b.Context(), refusals.Refusal{
			Time: time.Now(), Account: "acme", Channel: "messaging", Sender: "********0100", Destination: "*********5678",
			Territory: "UZ", Reason: "territory_not_enabled", Rule: "account acme messaging", Outcome: "deny", Client: "192.0.2.7",
		}); err != nil {
			b.Fatal(err)
		}
	}
	err = w.Close()
	stats := w.Stats()
	if err != nil || stats.Lost != 0 {
		b.Fatalf("%d are lost, %v", stats.Lost, err)
	}
	b.ReportMetric(float64(stats.Written)/b.Elapsed().Seconds(), "written/s")
	b.ReportMetric(float64(stats.Spooled)/float64(stats.Written), "spooled/written")
}
