package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
)

// document is as long as that of an account with a handful of permissions.
var document = `{"id":"customer","allow":["` + strings.Repeat("+62 ", 100) + `"]}`

// report shows the median and the 99th percentile of what was measured.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// fill commits a number of accounts.
func fill(b *testing.B, s store.Store, accounts int) {
	c := store.Change{Expect: mustVersion(b, s)}
	for i := range accounts {
		c.Objects = append(c.Objects, store.Object{Kind: store.Account, ID: fmt.Sprintf("account-%07d", i), Document: []byte(document)})
	}
	if _, err := s.Commit(b.Context(), c); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkCommit(b *testing.B) {
	s := open(b, server.Start(b).Database(b))
	fill(b, s, 10_000)
	at := mustVersion(b, s)
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		began := time.Now()
		revision, err := s.Commit(b.Context(), changeOf(at, fmt.Sprintf("account-%07d", at.Revision%10_000), document))
		if err != nil {
			b.Fatal(err)
		}
		at = revision
		took = append(took, time.Since(began))
	}
	report(b, took)
}

// BenchmarkVisible measures from the begin of a commit until another gate has the change.
func BenchmarkVisible(b *testing.B) {
	dsn := server.Start(b).Database(b)
	s, other := open(b, dsn), open(b, dsn)
	at := mustVersion(b, s)
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		seen := make(chan error)
		go func() {
			err := other.Wait(b.Context(), at.Revision)
			if err == nil {
				_, err = other.Changes(b.Context(), at, func(store.Object) error { return nil })
			}
			seen <- err
		}()
		began := time.Now()
		revision, err := s.Commit(b.Context(), changeOf(at, "a", document))
		if err != nil {
			b.Fatal(err)
		}
		if err := <-seen; err != nil {
			b.Fatal(err)
		}
		at = revision
		took = append(took, time.Since(began))
	}
	report(b, took)
}

func BenchmarkRead(b *testing.B) {
	for _, accounts := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(accounts), func(b *testing.B) {
			s := open(b, server.Start(b).Database(b))
			fill(b, s, accounts)
			for b.Loop() {
				read := 0
				if _, err := s.Read(context.Background(), func(store.Object) error { read++; return nil }); err != nil || read != accounts {
					b.Fatalf("%d objects, %v", read, err)
				}
			}
		})
	}
}
