package sqlite

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

// change is the next change of a store that only the caller changes: an object and its record.
func (s *Store) change(value string) store.Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	document, err := json.Marshal(value)
	if err != nil {
		panic(err) // strings are always marshalled
	}
	return store.Change{
		Expect:  s.version,
		Objects: []store.Object{{Kind: store.Account, ID: "counter", Document: document}},
		Records: []audit.Record{{Action: "account.put", Kind: "account", Object: "counter", Account: "counter", After: document}},
	}
}

func TestFewChangesAreFoundWithoutReadingTheOthers(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	var id, parent, unused int
	var plan string
	if err := s.reader.QueryRow("EXPLAIN QUERY PLAN "+selectChanges, 1).Scan(&id, &parent, &unused, &plan); err != nil {
		t.Fatal(err)
	}
	if want := "SEARCH objects USING INDEX objects_revision (revision>?)"; plan != want {
		t.Errorf("SQLite would %s and not %s", plan, want)
	}
}

func TestOnlyTheLastVersionsAreKept(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	commit(t, s, "v")
	old := s.version
	_, err := s.writer.ExecContext(t.Context(), "UPDATE revision SET revision = 10000")
	try(t, err)
	none := func(store.Object) error { return nil }
	at, err := s.Changes(t.Context(), old, none)
	if err != nil || at.Revision != 10_000 || at.Commit == "" {
		t.Errorf("after 10,000 changes the first is followed by %v, %v", at, err)
	}
	if _, err := s.Commit(t.Context(), store.Change{Expect: at}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Changes(t.Context(), old, none); !errors.Is(err, store.ErrUnknownVersion) {
		t.Errorf("after one more it returns %v", err)
	}
	var kept int
	try(t, s.reader.QueryRowContext(t.Context(), "SELECT count(*) FROM commits").Scan(&kept))
	if kept != 2 {
		t.Errorf("of the versions %d are kept", kept)
	}
}

func TestAClockSetBackIsRecordedAndTheOrderStays(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	clock := []time.Time{noon, noon.Add(-time.Hour), noon.Add(time.Minute)}
	calls := 0
	s, err := open(t.Context(), filepath.Join(t.TempDir(), "store.db"), func() time.Time { calls++; return clock[calls-1] })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range clock {
		commit(t, s, "v")
	}
	storetest.Verify(t, s)
	err = s.Log().Leaves(t.Context(), 0, 3, func(l store.Leaf) error {
		var text struct {
			Index, Revision int64
			Time            time.Time
		}
		if err := json.Unmarshal(l.Text, &text); err != nil {
			return err
		}
		if text.Index != l.Index || text.Revision != l.Index+1 || !text.Time.Equal(clock[l.Index]) || !l.Time.Equal(clock[l.Index]) {
			t.Errorf("record %d has the time %s and says %+v", l.Index, l.Time, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClosingLosesNoChangeThatIsBeingMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	var committing sync.WaitGroup
	var acknowledged store.Version
	began := make(chan struct{})
	committing.Go(func() {
		for i := 0; ; i++ {
			version, err := s.Commit(t.Context(), s.change("v"))
			if err != nil {
				return
			}
			acknowledged = version
			if i == 10 {
				close(began)
			}
		}
	})
	<-began
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	committing.Wait()
	s = openFile(t, path)
	if s.version != acknowledged {
		t.Errorf("change %v was acknowledged, and the file has %v", acknowledged, s.version)
	}
	storetest.Verify(t, s)
}

// Who verifies reads beside the gate, also after someone else has altered the file.
func TestAnAlteredRecordIsFoundBesideTheGate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	for range 5 {
		commit(t, s, "v")
	}
	t.Chdir(filepath.Dir(path))
	verify := func(path string) audit.Report {
		t.Helper()
		log, release, err := OpenLog(t.Context(), path)
		try(t, err)
		defer release()
		report, err := audit.Verify(t.Context(), log)
		try(t, err)
		return report
	}
	for _, path := range []string{path, filepath.Base(path)} {
		if report := verify(path); report.Wrong != nil || report.Size != 5 {
			t.Errorf("before, by the path %s: %+v", path, report)
		}
	}
	_, err := s.writer.ExecContext(t.Context(), `UPDATE records SET leaf = CAST(replace(CAST(leaf AS TEXT), 'account.put', 'account.cut') AS BLOB) WHERE number = 3`)
	try(t, err)
	if report := verify(path); report.Wrong == nil || report.Wrong.First != 3 {
		t.Errorf("after: %+v", report)
	}
	if _, _, err := OpenLog(t.Context(), path+".missing"); err == nil {
		t.Error("a log that is not there is opened")
	}
}
