package faults_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

var (
	refusalRate = flag.Int("refusals", 50_000, "how many refusals a second BenchmarkRefusals writes")
	refusalTime = flag.Duration("refusals-for", time.Second, "for how long BenchmarkRefusals writes at that rate")
)

// BenchmarkRefusals writes refusals at a steady rate, as many messages that are refused at once
// would, into a store in SQLite, and waits until the store has all of them. What it shows: how
// far behind its rate the writing fell at most, how many went by way of the spool, and for how
// long the store took in what was left after the last one.
func BenchmarkRefusals(b *testing.B) {
	for b.Loop() {
		folder := b.TempDir()
		s, err := sqlite.Open(b.Context(), filepath.Join(folder, "permissions.db"))
		if err != nil {
			b.Fatal(err)
		}
		w, err := refusals.Open(refusals.Options{Sink: s.Refusals(), Folder: filepath.Join(folder, "spool")})
		if err != nil {
			b.Fatal(err)
		}
		behind := writeRefusals(b, w)
		last := time.Now()
		want := int64(float64(*refusalRate) * refusalTime.Seconds())
		awaitTakenIn(b, w, want)
		stats, after := w.Stats(), time.Since(last)
		if err := errors.Join(w.Close(), countRefusals(b.Context(), s, want), s.Close()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(want), "refusals")
		b.ReportMetric(float64(stats.Lost), "lost")
		b.ReportMetric(float64(stats.Spooled), "spooled")
		b.ReportMetric(behind.Seconds()*1000, "behind-ms")
		b.ReportMetric(after.Seconds(), "left-s")
	}
}

// writeRefusals writes at the rate, and returns how late one was written at most.
func writeRefusals(b *testing.B, w *refusals.Writer) (behind time.Duration) {
	b.Helper()
	const step = 10 * time.Millisecond
	each := *refusalRate / int(time.Second/step)
	tick := time.NewTicker(step)
	defer tick.Stop()
	began := time.Now()
	for n := range int(*refusalTime / step) {
		<-tick.C
		for i := range each {
			err := w.Write(b.Context(), refusals.Refusal{
				Time: time.Now(), Account: accountID((n*each + i) % 1000), Channel: "messaging", Sender: "+1555…",
				Destination: "+6281…", Territory: "ID", Prefix: "+6281234567", Reason: "territory_disabled",
				Rule: "account's messaging", Outcome: "deny", Revision: 7, RequestID: "0f7c", Client: "192.0.2.7",
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		behind = max(behind, time.Since(began)-time.Duration(n+1)*step)
	}
	return behind
}

// awaitTakenIn waits until the store has what went by way of the spool: longer than a test waits
// for anything else. The timeout of the whole run bounds it.
func awaitTakenIn(b *testing.B, w *refusals.Writer, want int64) {
	b.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for at := w.Stats(); at.SpoolBytes > 0 || at.Delivered+at.Spooled+at.Lost < want; at = w.Stats() {
		<-tick.C
	}
}

// countRefusals fails unless the store has as many as were written.
func countRefusals(ctx context.Context, s store.Store, want int64) error {
	var got int64
	err := s.Refusals().Report(ctx, store.RefusalFilter{}, []store.Dimension{store.ByTerritory}, 0, func(c store.Counted) error {
		got += c.Count
		return nil
	})
	if err == nil && got != want {
		err = fmt.Errorf("the store has %d refusals of %d", got, want)
	}
	return err
}
