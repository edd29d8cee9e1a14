package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// A batch is spooled if the store does not take it soon. Another program, such as a backup, may
// have the file locked for long.
func TestAFileThatIsLockedHoldsUpNoRefusals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	other, err := connections(path, "immediate", nil)
	try(t, err)
	defer other.Close()
	lock, err := other.BeginTx(t.Context(), nil)
	try(t, err)
	w, err := refusals.Open(refusals.Options{Folder: t.TempDir(), Sink: s.Refusals(), Strict: true})
	try(t, err)
	defer w.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	err = s.Refusals().Append(ctx, []refusals.Refusal{{ID: refusals.NewID(began), Time: began}})
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 2*time.Second {
		t.Errorf("after %v it returns %v", took, err)
	}
	const many = 20
	for i := range many {
		try(t, w.Write(t.Context(), refusals.Refusal{Time: began, Account: "a", Revision: int64(i)}))
	}
	if stats := w.Stats(); stats.Spooled != many || stats.Delivered != 0 || stats.Lost != 0 {
		t.Errorf("while the file is locked: %+v", stats)
	}
	try(t, lock.Rollback())
	harness.AwaitNil(t, "they are taken in, each once", func() error {
		found := map[int64]int{}
		err := s.Refusals().Query(t.Context(), store.RefusalQuery{RefusalFilter: store.RefusalFilter{Account: "a"}}, func(r refusals.Refusal) error {
			found[r.Revision]++
			return nil
		})
		for i := range int64(many) {
			if err == nil && found[i] != 1 {
				err = fmt.Errorf("%d is there %d times", i, found[i])
			}
		}
		return err
	})
}

// By default, SQLite reads all refusals by the index of accounts if that saves the sorting of some.
func TestAReportByAccountsReadsOnlyTheTimeThatIsAskedFor(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	for name, by := range map[string][]store.Dimension{
		"by accounts":             {store.ByAccount},
		"by accounts and reasons": {store.ByAccount, store.ByReason},
		"by reasons and accounts": {store.ByReason, store.ByAccount},
	} {
		text, arguments, err := statements.Report(refusalTables, store.RefusalFilter{From: time.Now()}, by, 0)
		try(t, err)
		var plan string
		rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, arguments...)
		try(t, err)
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var detail string
			try(t, rows.Scan(&id, &parent, &unused, &detail))
			plan += detail + "\n"
		}
		try(t, rows.Err())
		if !strings.Contains(plan, "SEARCH refusals USING PRIMARY KEY") {
			t.Errorf("%s, the plan is\n%s", name, plan)
		}
	}
}
