package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	raiseIncidents      = "UPDATE tollgate_incidents_number SET number = number + 1"
	selectIncidentsByID = "SELECT id, document, over FROM tollgate_incidents WHERE id = ANY ($1::text[])"
	putIncidents        = `INSERT INTO tollgate_incidents (id, document, over, number)
		SELECT told.*, tollgate_incidents_number.number
		FROM unnest($1::text[], $2::text[], $3::bigint[]) AS told, tollgate_incidents_number
		ON CONFLICT (id) DO UPDATE SET document = excluded.document, over = excluded.over, number = excluded.number`
	deleteIncidents   = "DELETE FROM tollgate_incidents WHERE over <= $1"
	selectIncidents   = "SELECT id, document, over FROM tollgate_incidents WHERE number > $1 ORDER BY number, id"
	numberOfIncidents = "SELECT number FROM tollgate_incidents_number"
)

// Incidents implements store.Store.
func (s *Store) Incidents() store.Incidents { return incidents{s} }

// incidents are what gates tell each other of incidents.
type incidents struct{ store *Store }

// Update implements store.Incidents. One gate at a time does so: each updates the number first.
func (i incidents) Update(ctx context.Context, now time.Time, ids []string, change func(map[string]store.KeptIncident) ([]store.KeptIncident, error)) error {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	var refused error
	err := i.store.transact(ctx, writing, func(tx pgx.Tx) error {
		first := new(pgx.Batch)
		first.Queue(settings)
		first.Queue(raiseIncidents)
		if err := tx.SendBatch(ctx, first).Close(); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectIncidentsByID, ids)
		if err != nil {
			return err
		}
		kept := make(map[string]store.KeptIncident, len(ids))
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.KeptIncident, error) { return scanIncident(row) })
		if err != nil {
			return err
		}
		for _, k := range list {
			kept[k.ID] = k
		}
		if list, refused = change(kept); refused != nil {
			return refused
		}
		var written, documents []string
		var over []*int64
		for _, k := range list {
			var end *int64
			if !k.Over.IsZero() {
				nanoseconds := k.Over.UnixNano()
				end = &nanoseconds
			}
			written, documents, over = append(written, k.ID), append(documents, string(k.Document)), append(over, end)
		}
		writes := new(pgx.Batch)
		writes.Queue(putIncidents, written, documents, over)
		writes.Queue(deleteIncidents, now.UnixNano())
		return tx.SendBatch(ctx, writes).Close()
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return fmt.Errorf("writing incidents to PostgreSQL: %w", err)
	}
	return nil
}

// Changes implements store.Incidents.
func (i incidents) Changes(ctx context.Context, after int64, yield func(store.KeptIncident) error) (last int64, err error) {
	err = i.store.stream(ctx, oneMoment, func(r *reading) error {
		if err := r.tx.QueryRow(r.ctx, numberOfIncidents).Scan(&last); err != nil || last == after {
			return err
		}
		return r.rows(func(rows pgx.Rows) error {
			k, err := scanIncident(rows)
			if err != nil {
				return err
			}
			return r.yield(func() error { return yield(k) })
		}, selectIncidents, after)
	})
	if err != nil {
		return 0, fmt.Errorf("reading incidents from PostgreSQL: %w", err)
	}
	return last, nil
}

func scanIncident(row pgx.CollectableRow) (k store.KeptIncident, err error) {
	var document string
	var over *int64
	if err := row.Scan(&k.ID, &document, &over); err != nil {
		return k, err
	}
	k.Document = []byte(document)
	if over != nil {
		k.Over = time.Unix(0, *over).UTC()
	}
	return k, nil
}
