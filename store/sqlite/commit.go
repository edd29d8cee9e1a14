package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

// Commit implements store.Store.
func (s *Store) Commit(ctx context.Context, c store.Change) (store.Version, error) {
	version := store.Version{Revision: c.Expect.Revision + 1}
	err := s.write(ctx, func(tx *sql.Tx) error {
		raised, err := affected(tx.StmtContext(ctx, s.raiseRevision).ExecContext(ctx, c.Expect.Revision, c.Expect.Commit))
		if err != nil {
			return err
		}
		if raised == 0 {
			return store.ErrConflict
		}
		if err := tx.StmtContext(ctx, s.commitOf).QueryRowContext(ctx, version.Revision).Scan(&version.Commit); err != nil {
			return err
		}
		put := tx.StmtContext(ctx, s.putObject)
		for _, o := range c.Objects {
			document := sql.NullString{String: string(o.Document), Valid: o.Document != nil}
			if _, err := put.ExecContext(ctx, o.Kind, o.ID, document, version.Revision); err != nil {
				return err
			}
		}
		return s.append(ctx, tx, version.Revision, c.Records)
	})
	switch {
	case errors.Is(err, store.ErrConflict):
		return store.Version{}, store.ErrConflict
	case err != nil:
		return store.Version{}, s.failed(ctx, "changing the store", err)
	}
	s.advance(version)
	return version, nil
}

// write runs a transaction that writes. If it fails, nothing was written.
func (s *Store) write(ctx context.Context, do func(tx *sql.Tx) error) error {
	s.using.RLock()
	defer s.using.RUnlock()
	if s.isClosed() {
		return errClosed
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		tx.Rollback() // The engine may have done so by itself.
		return err
	}
	return tx.Commit()
}

func affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// append writes records at the end of the audit log. Their time is that of the clock, also
// where the clock was set back: the order of the log is that of the indexes.
func (s *Store) append(ctx context.Context, tx *sql.Tx, revision store.Revision, records []audit.Record) error {
	if len(records) == 0 {
		return nil
	}
	var index int64
	if err := tx.StmtContext(ctx, s.nextNumber).QueryRowContext(ctx).Scan(&index); err != nil {
		return err
	}
	now := s.now()
	stored := hashReader{ctx, tx.StmtContext(ctx, s.hashOf)}
	putRecord, putHash := tx.StmtContext(ctx, s.putRecord), tx.StmtContext(ctx, s.putHash)
	for _, r := range records {
		r.Index, r.Revision, r.Time = index, int64(revision), now
		key, err := s.commitmentKey(ctx, tx, r.Account)
		if err != nil {
			return err
		}
		leaf, personal, err := r.Seal(key)
		if err != nil {
			return err
		}
		if _, err := putRecord.ExecContext(ctx, index, revision, now.UnixNano(), r.Account, leaf, personal); err != nil {
			return err
		}
		hashes, err := audit.Append(index, leaf, stored)
		if err != nil {
			return err
		}
		for i, hash := range hashes {
			if _, err := putHash.ExecContext(ctx, tlog.StoredHashCount(index)+int64(i), hash[:]); err != nil {
				return err
			}
		}
		index++
	}
	return nil
}

// commitmentKey returns the key of an account's commitments, and makes it if there is none.
func (s *Store) commitmentKey(ctx context.Context, tx *sql.Tx, account string) (key []byte, err error) {
	err = tx.StmtContext(ctx, s.keyOf).QueryRowContext(ctx, account).Scan(&key)
	if !errors.Is(err, sql.ErrNoRows) {
		return key, err
	}
	key = audit.NewKey()
	_, err = tx.StmtContext(ctx, s.putKey).ExecContext(ctx, account, key)
	return key, err
}
