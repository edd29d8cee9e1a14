package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	raiseIncidents = "UPDATE incidents_number SET number = number + 1 RETURNING number"
	selectIncident = "SELECT document, over FROM incidents WHERE id = ?"
	putIncident    = `INSERT INTO incidents (id, document, over, number) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET document = excluded.document, over = excluded.over, number = excluded.number`
	deleteIncidents   = "DELETE FROM incidents WHERE over <= ?"
	selectIncidents   = "SELECT id, document, over FROM incidents WHERE number > ? ORDER BY number, id"
	numberOfIncidents = "SELECT number FROM incidents_number"
)

// Incidents implements store.Store.
func (s *Store) Incidents() store.Incidents { return (*incidents)(s) }

// incidents are what gates tell each other of incidents.
type incidents Store

// Update implements store.Incidents.
func (i *incidents) Update(ctx context.Context, now time.Time, ids []string, change func(map[string]store.KeptIncident) ([]store.KeptIncident, error)) error {
	s := (*Store)(i)
	var refused error
	err := s.write(ctx, func(tx *sql.Tx) error {
		var number int64
		if err := tx.QueryRowContext(ctx, raiseIncidents).Scan(&number); err != nil {
			return err
		}
		kept := make(map[string]store.KeptIncident, len(ids))
		for _, id := range ids {
			var document string
			var over sql.NullInt64
			switch err := tx.QueryRowContext(ctx, selectIncident, id).Scan(&document, &over); err {
			case nil:
				kept[id] = keptIncident(id, document, over)
			case sql.ErrNoRows:
			default:
				return err
			}
		}
		var list []store.KeptIncident
		if list, refused = change(kept); refused != nil {
			return refused
		}
		for k := range list {
			over := sql.NullInt64{Int64: list[k].Over.UnixNano(), Valid: !list[k].Over.IsZero()}
			if _, err := tx.ExecContext(ctx, putIncident, list[k].ID, string(list[k].Document), over, number); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, deleteIncidents, now.UnixNano())
		return err
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return s.failed(ctx, "writing incidents to", err)
	}
	return nil
}

// Changes implements store.Incidents. The number is read first: what is written meanwhile is read
// again the next time.
func (i *incidents) Changes(ctx context.Context, after int64, yield func(store.KeptIncident) error) (last int64, err error) {
	s := (*Store)(i)
	if err := s.reader.QueryRowContext(ctx, numberOfIncidents).Scan(&last); err != nil {
		return 0, s.failed(ctx, "reading incidents of", err)
	}
	if last == after {
		return last, nil
	}
	return last, s.rows(ctx, "reading incidents of", selectIncidents, []any{after}, func(rows *sql.Rows) (func() error, error) {
		var id, document string
		var over sql.NullInt64
		err := rows.Scan(&id, &document, &over)
		return func() error { return yield(keptIncident(id, document, over)) }, err
	})
}

func keptIncident(id, document string, over sql.NullInt64) store.KeptIncident {
	k := store.KeptIncident{ID: id, Document: []byte(document)}
	if over.Valid {
		k.Over = time.Unix(0, over.Int64).UTC()
	}
	return k
}
