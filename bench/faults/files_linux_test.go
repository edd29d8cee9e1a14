package faults_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// logs returns an error if the gate has not logged a text.
func (g *gate) logs(t *testing.T, text string) error {
	t.Helper()
	if log := g.process.Log(t); !strings.Contains(log, text) {
		return fmt.Errorf("it does not log %q:\n%s", text, log)
	}
	return nil
}

// statement runs one in the file of a store that is closed.
func statement(t *testing.T, file, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

// newFile makes a store that permits an account the US.
func newFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "permissions.db")
	g := newGate(t, "sqlite "+file)
	g.start(t)
	g.awaitJudging(t)
	if got, err := g.permit(accountID(0), "US"); err != nil || got.status != http.StatusCreated {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := g.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-g.process.Ended()
	return file
}

// checkOpen checks that what the store permits is in force, and that it can be changed.
func (g *gate) checkOpen(t *testing.T) {
	t.Helper()
	g.awaitJudging(t)
	if sent, err := g.send(accountID(0), "US"); err != nil || !sent {
		t.Errorf("a message is let through: %v, %v", sent, err)
	}
	if got, err := g.permit(accountID(0), "US", "DE"); err != nil || got.status != http.StatusOK {
		t.Errorf("a change is answered %+v, %v", got, err)
	}
}

func TestAGateThatCannotUseItsFileSendsNothingSaysWhyAndComesUpWhenItCan(t *testing.T) {
	for _, c := range []struct {
		name string
		// spoil makes a file unusable, and returns what undoes it.
		spoil func(t *testing.T, file string) (mend func())
		says  string
	}{
		{"a file in place of its folder", func(t *testing.T, file string) func() {
			folder, aside := filepath.Dir(file), filepath.Dir(file)+".aside"
			rename(t, folder, aside)
			if err := os.WriteFile(folder, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return func() {
				_ = os.Remove(folder)
				rename(t, aside, folder)
			}
		}, "not a directory"},
		{"a damaged file", func(t *testing.T, file string) func() {
			whole, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			damaged := bytes.Clone(whole)
			for at := 4096; at < len(damaged); at += 4096 {
				copy(damaged[at:], "damaged")
			}
			write := func(text []byte) {
				if err := os.WriteFile(file, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(damaged)
			return func() { write(whole) }
		}, "the file is damaged: put it back from a backup"},
		{"a schema from the future", func(t *testing.T, file string) func() {
			statement(t, file, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
			return func() { statement(t, file, "DELETE FROM goose_db_version WHERE version_id = 9999") }
		}, "upgrade this gate"},
		{"another process that has it open", func(t *testing.T, file string) func() {
			other, err := sqlite.Open(context.Background(), file)
			if err != nil {
				t.Fatal(err)
			}
			return func() { other.Close() }
		}, "the store is in use by another process"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := newFile(t)
			mend := c.spoil(t, file)
			g := newGate(t, "sqlite "+file)
			g.start(t)
			g.awaitRefusing(t, c.says)
			mend()
			g.checkOpen(t)
		})
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// The second of two gates on one file is refused while the first goes on, and takes over when
// that ends.
func TestTheSecondGateOnOneFileTakesOverWhenTheFirstEnds(t *testing.T) {
	file := newFile(t)
	first, second := newGate(t, "sqlite "+file), newGate(t, "sqlite "+file)
	first.start(t)
	first.awaitJudging(t)
	second.start(t)
	second.awaitRefusing(t, "gates share a store on PostgreSQL")
	first.checkOpen(t)
	first.kill()
	second.awaitJudging(t)
	if sent, err := second.send(accountID(0), "DE"); err != nil || !sent {
		t.Errorf("what the first has changed is not in force: %v, %v", sent, err)
	}
}

// A file that may not grow further stands for a disk that is full: write fails with EFBIG, not
// ENOSPC, and the gate is told before it begins to handle the signal that comes with it.
func TestAChangeThatDoesNotFitOnTheDiskIsRefusedAndMessagesGoOn(t *testing.T) {
	file := newFile(t)
	g := newGate(t, "sqlite "+file)
	g.start(t)
	g.checkOpen(t)
	g.limitFiles(t, "1")
	got, err := g.permit(accountID(0), "GB")
	if err != nil || got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "disk") {
		t.Errorf("a change is answered %+v, %v", got, err)
	}
	for territory, want := range map[string]bool{"US": true, "DE": true, "GB": false} {
		if sent, err := g.send(accountID(0), territory); err != nil || sent != want {
			t.Errorf("a message to %s is let through: %v, %v", territory, sent, err)
		}
	}
	g.limitFiles(t, "unlimited")
	harness.AwaitNil(t, "changes are made again", func() error {
		got, err := g.permit(accountID(0), "GB")
		if err == nil && got.status != http.StatusOK {
			err = fmt.Errorf("%+v", got)
		}
		return err
	})
	if sent, err := g.send(accountID(0), "GB"); err != nil || !sent {
		t.Errorf("a message is let through: %v, %v", sent, err)
	}
	g.kill()
	if h := readCopy(t, file); len(h[accountID(0)]) != 3 {
		t.Errorf("the store has %v", h)
	}
}
