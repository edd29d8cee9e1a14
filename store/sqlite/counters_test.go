package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

var countTime = time.Date(2026, 11, 30, 3, 0, 0, 123456789, time.UTC)

// count is one that is over some minutes later.
func count(key byte, part uint8, item uint64, numbers string, over int) store.KeptCount {
	k := store.KeptCount{Key: [16]byte{15: key}, Part: part, Item: item, Over: countTime.Add(time.Duration(over) * time.Minute)}
	if numbers != "" {
		k.Numbers = []byte(numbers)
	}
	return k
}

func writeCounts(t *testing.T, s *Store, minutes int, counts ...store.KeptCount) {
	t.Helper()
	try(t, s.Counters().Write(t.Context(), countTime.Add(time.Duration(minutes)*time.Minute), counts))
}

// countsAt are those that are not over some minutes later, as words.
func countsAt(t *testing.T, s *Store, minutes int) string {
	t.Helper()
	var list []string
	err := s.Counters().Read(t.Context(), countTime.Add(time.Duration(minutes)*time.Minute), func(k store.KeptCount) error {
		list = append(list, fmt.Sprint(k.Key[15], k.Part, k.Item, string(k.Numbers), k.Over.Sub(countTime)))
		return nil
	})
	try(t, err)
	return strings.Join(list, ", ")
}

func TestCountersAreKeptUntilTheyAreOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	writeCounts(t, s, 0, count(2, 1, 0, "a", 10), count(1, 2, 1<<63+1, "b", 10), count(1, 2, 7, "c", 20), count(1, 1, 0, "d", 20))
	writeCounts(t, s, 1, count(2, 1, 0, "e", 30), count(1, 2, 7, "", 0))
	const all = "1 1 0d20m0s, 1 2 9223372036854775809b10m0s, 2 1 0e30m0s"
	if got := countsAt(t, s, 9); got != all {
		t.Errorf("it has %q", got)
	}
	if got := countsAt(t, s, 10); strings.Contains(got, "b10m") {
		t.Errorf("what is over is read: %q", got)
	}
	writeCounts(t, s, 20)
	try(t, s.Close())
	s = openFile(t, path)
	if got := countsAt(t, s, 0); got != "2 1 0e30m0s" {
		t.Errorf("what is over is still there: %q", got)
	}
}

func TestCountersAreWrittenAsAWholeOrNotAtAll(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	writeCounts(t, s, 0, count(1, 1, 0, "a", 10))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Counters().Write(ctx, countTime, []store.KeptCount{count(1, 1, 0, "b", 10)}); err == nil {
		t.Error("it is written after the end of its context")
	}
	if got := countsAt(t, s, 0); got != "1 1 0a10m0s" {
		t.Errorf("it has %q", got)
	}
}
