package faults_test

import (
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

var kills = flag.Int("kills", 60, "how often a gate is killed")

// The gate is killed at random moments while four clients change permissions, and now and then
// while it starts. That a change outlives a loss of power, too, is what the disk and SQLite's
// synchronous=FULL promise (https://sqlite.org/pragma.html#pragma_synchronous).
func TestAGateThatIsKilledLosesNothingThatItAcknowledged(t *testing.T) {
	const perFile = 20 // of them, further ones begin with a file that was killed before
	var g *gate
	var file string
	var ledgers, all []*ledger
	for round := range *kills {
		if round%perFile == 0 {
			file = filepath.Join(t.TempDir(), "permissions.db")
			g, ledgers = newGate(t, "sqlite "+file), nil
			for client := range 4 {
				ledgers = append(ledgers, newLedger(client))
			}
			all = append(all, ledgers...)
		}
		g.start(t)
		if round%5 == 4 {
			pause(rand.N(200 * time.Millisecond))
			g.kill()
		} else {
			g.awaitJudging(t)
			killWhileItChanges(t, g, ledgers)
		}
		if t.Failed() {
			return
		}
		h := readCopy(t, file)
		for _, l := range ledgers {
			l.settle(t, h)
		}
	}
	total, acknowledged := 0, 0
	for _, l := range all {
		total, acknowledged = total+l.count, acknowledged+l.acknowledged
	}
	t.Logf("%d kills, %d changes, of which %d were acknowledged", *kills, total, acknowledged)
}

// killWhileItChanges kills a gate while clients change permissions. Each checks that what was
// acknowledged before is in force, and each change by the next requests.
func killWhileItChanges(t *testing.T, g *gate, ledgers []*ledger) {
	t.Helper()
	var clients, checked sync.WaitGroup
	checked.Add(len(ledgers))
	for _, l := range ledgers {
		clients.Go(func() {
			for _, account := range l.accounts {
				if err := l.check(g, account); err != nil {
					t.Errorf("after a restart: %v", err)
				}
			}
			checked.Done()
			for {
				account, got, err := l.change(g)
				if err == nil && got.status >= 300 {
					t.Errorf("a change is answered %d %s", got.status, got.body)
				}
				if err == nil {
					err = l.check(g, account)
				}
				if isWrong := (wrong{}); errors.As(err, &isWrong) {
					t.Error(err)
				}
				if err != nil || t.Failed() {
					return
				}
			}
		})
	}
	checked.Wait()
	pause(rand.N(300 * time.Millisecond))
	g.kill()
	clients.Wait()
}

// pause lets a process run for a while.
func pause(d time.Duration) { <-time.After(d) }

// readCopy reads a copy of a store, so that the gate itself recovers the file.
func readCopy(t *testing.T, file string) history {
	t.Helper()
	folder, err := os.MkdirTemp(t.TempDir(), "copy")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	target := filepath.Join(folder, "permissions.db")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(file + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := sqlite.Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return readHistory(t, s)
}
