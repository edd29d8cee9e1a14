package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/caddy-tollgate/tollgate/store"
)

// log is the audit log of a store.
type log struct{ store *Store }

// Log implements store.Store.
func (s *Store) Log() store.Log { return log{s} }

// ReadHashes implements tlog.HashReader, whose calls have no context.
func (l log) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	ctx, cancel := withDeadline(l.store.closing)
	defer cancel()
	var found hashes
	err := l.store.transact(ctx, oneMoment, func(tx pgx.Tx) (err error) {
		found, err = readHashes(ctx, tx, positions)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading hashes of the audit log from PostgreSQL: %w", err)
	}
	return found.ReadHashes(positions)
}

// Size implements store.Log.
func (l log) Size(ctx context.Context) (size int64, err error) {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	err = l.store.transact(ctx, oneMoment, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT records FROM tollgate_revision").Scan(&size)
	})
	if err != nil {
		return 0, fmt.Errorf("reading the size of the audit log from PostgreSQL: %w", err)
	}
	return size, nil
}

// Leaves implements store.Log.
func (l log) Leaves(ctx context.Context, first, before int64, yield func(store.Leaf) error) error {
	return l.read(ctx, yield, "WHERE r.index >= $1 AND r.index < $2 ORDER BY r.index", first, before)
}

// LeavesOf implements store.Log. The order is that of an expression, so that the records of the
// account are sorted: the server might read the whole log backwards for one that has few.
func (l log) LeavesOf(ctx context.Context, account string, before int64, limit int, yield func(store.Leaf) error) error {
	return l.read(ctx, yield, "WHERE r.account = $1 AND r.index < $2 ORDER BY r.index + 0 DESC LIMIT $3", account, before, limit)
}

// read reads the leaves that the end of a statement selects.
func (l log) read(ctx context.Context, yield func(store.Leaf) error, selected string, arguments ...any) error {
	err := l.store.stream(ctx, oneMoment, func(r *reading) error {
		return r.rows(func(rows pgx.Rows) error {
			var leaf store.Leaf
			if err := rows.Scan(&leaf.Index, &leaf.Time, &leaf.Text, &leaf.Personal, &leaf.Key); err != nil {
				return err
			}
			leaf.Time = leaf.Time.UTC()
			return r.yield(func() error { return yield(leaf) })
		}, "SELECT r.index, r.time, r.leaf, r.personal, k.key FROM tollgate_records r"+
			" LEFT JOIN tollgate_commitment_keys k ON k.first_record = r.key "+selected, arguments...)
	})
	if err != nil {
		return fmt.Errorf("reading the audit log from PostgreSQL: %w", err)
	}
	return nil
}

// Forget implements store.Log. The server's files have what was deleted until it vacuums the
// tables, and its backups for longer.
func (l log) Forget(ctx context.Context, account string) (records int64, err error) {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	err = l.store.transact(ctx, writing, func(tx pgx.Tx) error {
		// The lock keeps a change from using the key that is deleted.
		for _, statement := range []string{settings, lockRevision} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "DELETE FROM tollgate_commitment_keys WHERE account = $1", account); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, "UPDATE tollgate_records SET personal = NULL, key = NULL"+
			" WHERE account = $1 AND key IS NOT NULL", account)
		records = tag.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("deleting personal fields from PostgreSQL: %w", err)
	}
	return records, nil
}
