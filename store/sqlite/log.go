package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/caddy-tollgate/tollgate/store"
)

// Log implements store.Store.
func (s *Store) Log() store.Log { return (*log)(s) }

// log is the audit log of a store.
type log Store

// Size implements store.Log.
func (l *log) Size(ctx context.Context) (size int64, err error) {
	if err := l.readSize.QueryRowContext(ctx).Scan(&size); err != nil {
		return 0, (*Store)(l).failed(ctx, "reading the audit log of", err)
	}
	return size, nil
}

// Leaves implements store.Log.
func (l *log) Leaves(ctx context.Context, first, before int64, yield func(store.Leaf) error) error {
	return l.read(ctx, yield, l.readLeaves, first, before)
}

// LeavesOf implements store.Log.
func (l *log) LeavesOf(ctx context.Context, account string, before int64, limit int, yield func(store.Leaf) error) error {
	return l.read(ctx, yield, l.readLeavesOf, account, before, limit)
}

// read reads leaves by a statement.
func (l *log) read(ctx context.Context, yield func(store.Leaf) error, statement *sql.Stmt, arguments ...any) error {
	s := (*Store)(l)
	rows, err := statement.QueryContext(ctx, arguments...)
	if err != nil {
		return s.failed(ctx, "reading the audit log of", err)
	}
	defer rows.Close()
	for rows.Next() {
		var leaf store.Leaf
		var nanoseconds int64
		if err := rows.Scan(&leaf.Index, &nanoseconds, &leaf.Text, &leaf.Personal, &leaf.Key); err != nil {
			return s.failed(ctx, "reading the audit log of", err)
		}
		leaf.Time = time.Unix(0, nanoseconds).UTC()
		if err := yield(leaf); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return s.failed(ctx, "reading the audit log of", err)
	}
	return nil
}

// ReadHashes implements tlog.HashReader.
func (l *log) ReadHashes(places []int64) ([]tlog.Hash, error) {
	hashes, err := hashReader{context.Background(), l.readHash}.ReadHashes(places)
	if err != nil {
		return nil, (*Store)(l).failed(context.Background(), "reading the audit log of", err)
	}
	return hashes, nil
}

// Forget implements store.Log. What is deleted is overwritten in the file, and removed from
// the write-ahead log.
func (l *log) Forget(ctx context.Context, account string) (records int64, err error) {
	s := (*Store)(l)
	err = s.write(ctx, func(tx *sql.Tx) error {
		if records, err = affected(tx.StmtContext(ctx, s.forgetRecords).ExecContext(ctx, account)); err != nil {
			return err
		}
		_, err = tx.StmtContext(ctx, s.forgetKey).ExecContext(ctx, account)
		return err
	})
	if err != nil {
		return 0, s.failed(ctx, "deleting from the audit log of", err)
	}
	return records, s.emptyWriteAheadLog(ctx)
}

// emptyWriteAheadLog moves all that was written into the file, so that what was deleted is not
// beside it any more.
func (s *Store) emptyWriteAheadLog(ctx context.Context) error {
	var busy, pages, moved int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return s.failed(ctx, "deleting from the write-ahead log of", err)
	}
	if busy != 0 {
		return fmt.Errorf("deleting from the write-ahead log of %s: it is being read, and has what was deleted until it is used again: try again", s.path)
	}
	return nil
}

// hashReader reads hashes by a statement.
type hashReader struct {
	ctx       context.Context
	statement *sql.Stmt
}

// ReadHashes implements tlog.HashReader.
func (r hashReader) ReadHashes(places []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(places))
	for i, place := range places {
		var hash []byte
		if err := r.statement.QueryRowContext(r.ctx, place).Scan(&hash); err != nil {
			return nil, fmt.Errorf("reading the hash at place %d: %w", place, err)
		}
		copy(hashes[i][:], hash)
	}
	return hashes, nil
}
