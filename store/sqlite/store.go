package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// Store is a store in a file.
type Store struct {
	path string
	now  func() time.Time
	lock *os.File

	// One connection writes, and several read.
	writer, reader *sql.DB
	prepared

	mu sync.Mutex
	// version of the last change. No other process makes changes, so it is the file's.
	version store.Version
	// changed is closed, and replaced, by each change.
	changed chan struct{}

	closed  chan struct{}
	closing sync.Once
	// using is held for reading by who writes to the file, and locked to close it.
	using sync.RWMutex
}

var _ store.Store = (*Store)(nil)

// prepared are the statements, prepared once: parsing one takes longer than to run it.
type prepared struct {
	// Of the reader.
	readVersion, knowsVersion                    *sql.Stmt
	readObjects, readChanges                     *sql.Stmt
	listObjects, getObject                       *sql.Stmt
	readSize, readLeaves, readLeavesOf, readHash *sql.Stmt
	// Of the writer.
	raiseRevision, commitOf              *sql.Stmt
	putObject, nextNumber, hashOf        *sql.Stmt
	keyOf, putKey, putRecord, putHash    *sql.Stmt
	forgetRecords, forgetKey, putRefusal *sql.Stmt
}

// selectChanges names its index. Otherwise SQLite prefers the order of the primary key, and reads
// all objects to find the few that changed (https://sqlite.org/lang_indexedby.html).
const selectChanges = `SELECT kind, id, document, revision FROM objects INDEXED BY objects_revision
	WHERE revision > ? ORDER BY kind, id`

func (s *Store) prepare(ctx context.Context) error {
	for _, p := range []struct {
		statement **sql.Stmt
		db        *sql.DB
		text      string
	}{
		{&s.readVersion, s.reader, "SELECT revision, commits.id FROM revision JOIN commits USING (revision)"},
		{&s.knowsVersion, s.reader, `SELECT EXISTS (SELECT 1 FROM commits
			WHERE revision = ? AND id = ? AND revision <= (SELECT revision FROM revision))`},
		{&s.readObjects, s.reader, "SELECT kind, id, document, revision FROM objects WHERE document IS NOT NULL ORDER BY kind, id"},
		{&s.readChanges, s.reader, selectChanges},
		{&s.listObjects, s.reader, "SELECT kind, id, document, revision FROM objects WHERE kind = ? AND document IS NOT NULL ORDER BY id"},
		{&s.getObject, s.reader, "SELECT document, revision FROM objects WHERE kind = ? AND id = ? AND document IS NOT NULL"},
		{&s.readSize, s.reader, "SELECT coalesce(max(number) + 1, 0) FROM records"},
		{&s.readLeaves, s.reader, `SELECT number, time, leaf, personal, key FROM records LEFT JOIN commitment_keys
			ON commitment_keys.account = records.account AND personal IS NOT NULL
			WHERE number >= ? AND number < ? ORDER BY number`},
		{&s.readLeavesOf, s.reader, `SELECT number, time, leaf, personal, key FROM records LEFT JOIN commitment_keys
			ON commitment_keys.account = records.account AND personal IS NOT NULL
			WHERE records.account = ? AND number < ? ORDER BY number DESC LIMIT ?`},
		{&s.readHash, s.reader, "SELECT hash FROM hashes WHERE place = ?"},

		{&s.raiseRevision, s.writer, `UPDATE revision SET revision = revision + 1
			WHERE revision = ?1 AND EXISTS (SELECT 1 FROM commits WHERE commits.revision = ?1 AND commits.id = ?2)`},
		{&s.commitOf, s.writer, "SELECT id FROM commits WHERE revision = ?"},
		{&s.putObject, s.writer, `INSERT INTO objects (kind, id, document, revision) VALUES (?, ?, ?, ?)
			ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document, revision = excluded.revision`},
		{&s.nextNumber, s.writer, "SELECT coalesce(max(number) + 1, 0) FROM records"},
		{&s.hashOf, s.writer, "SELECT hash FROM hashes WHERE place = ?"},
		{&s.keyOf, s.writer, "SELECT key FROM commitment_keys WHERE account = ?"},
		{&s.putKey, s.writer, "INSERT INTO commitment_keys (account, key) VALUES (?, ?)"},
		{&s.putRecord, s.writer, "INSERT INTO records (number, revision, time, account, leaf, personal) VALUES (?, ?, ?, ?, ?, ?)"},
		{&s.putHash, s.writer, "INSERT INTO hashes (place, hash) VALUES (?, ?)"},
		{&s.forgetRecords, s.writer, "UPDATE records SET personal = NULL WHERE account = ? AND personal IS NOT NULL"},
		{&s.forgetKey, s.writer, "DELETE FROM commitment_keys WHERE account = ?"},
		{&s.putRefusal, s.writer, insertRefusal},
	} {
		if p.db == nil { // a log that is only read
			continue
		}
		var err error
		if *p.statement, err = p.db.PrepareContext(ctx, p.text); err != nil {
			return err
		}
	}
	return nil
}

// Wait implements store.Store. Only this process makes changes, so it asks no file.
func (s *Store) Wait(ctx context.Context, known store.Revision) error {
	for {
		s.mu.Lock()
		revision, changed := s.version.Revision, s.changed
		s.mu.Unlock()
		switch {
		case s.isClosed():
			return errClosed
		case revision != known:
			return nil
		}
		select {
		case <-changed:
		case <-s.closed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// advance puts the version of a change that was committed in force, and wakes who waits.
func (s *Store) advance(version store.Version) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if version.Revision > s.version.Revision { // else a later change was faster to get here
		s.version = version
		close(s.changed)
		s.changed = make(chan struct{})
	}
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// Close implements store.Store. It waits for changes that are being made. The lock is released
// last.
func (s *Store) Close() error {
	var errs []error
	s.closing.Do(func() {
		close(s.closed)
		s.using.Lock()
		defer s.using.Unlock()
		for _, db := range []*sql.DB{s.reader, s.writer} {
			if db != nil {
				errs = append(errs, db.Close())
			}
		}
		errs = append(errs, s.lock.Close())
	})
	return errors.Join(errs...)
}
