package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/caddy-tollgate/tollgate/store/statements"
)

// refusalTables are all that are read for a report. The counts are changed in the transactions
// that add or delete refusals.
var refusalTables = statements.RefusalTables{Rows: refusalTable, Hours: "refusal_hours", Totals: "refusal_totals"}

var (
	countSome      = statements.CountRefusals(refusalTables, "", "id IN (SELECT value FROM json_each($1))")
	discountOldest = statements.CountRefusals(refusalTables, "-", statements.Oldest(refusalTable))
)

// countInserted counts refusals that were inserted, by their IDs.
func countInserted(ctx context.Context, tx *sql.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return execute(ctx, tx, countSome, string(list))
}

// execute runs statements with the same arguments.
func execute(ctx context.Context, tx *sql.Tx, texts []string, arguments ...any) error {
	for _, text := range texts {
		if _, err := tx.ExecContext(ctx, text, arguments...); err != nil {
			return err
		}
	}
	return nil
}
