package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/caddy-tollgate/tollgate/internal/filelock"
	"github.com/caddy-tollgate/tollgate/store"
)

// readers is how many connections to read with are kept open. Others are made as they are
// needed, so that who reads while reading does not wait for itself.
const readers = 4

// Settings of each connection (https://sqlite.org/pragma.html). A busy file is waited for:
// only another program, such as a backup, makes it so.
var (
	readSettings  = []string{"busy_timeout(5000)", "query_only(1)"}
	writeSettings = []string{
		"busy_timeout(5000)",
		"journal_mode(WAL)",
		"synchronous(FULL)",
		// On macOS, fsync does not reach the disk without it. It has no effect elsewhere.
		"fullfsync(1)", "checkpoint_fullfsync(1)",
		"foreign_keys(1)",
		// What is deleted is overwritten: Forget relies on it.
		"secure_delete(1)",
	}
)

// Open opens the store in a file, and makes the file, and the folder that it is in, if there
// is none. Only the user that runs the gate may read what it makes.
func Open(ctx context.Context, path string) (*Store, error) { return open(ctx, path, time.Now) }

// open is Open with a clock of its own.
func open(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	path, err := create(path)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	lock, err := lock(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, now: now, lock: lock, changed: make(chan struct{}), closed: make(chan struct{})}
	if err := s.connect(ctx); err != nil {
		err = s.failed(ctx, "opening the store", err)
		s.Close()
		return nil, err
	}
	return s, nil
}

// create makes the file of a store if there is none, and returns its absolute path without
// symbolic links: by it, the lock is one and the same whatever the path that is named.
func create(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("%w: the gate makes the folder if it may, or make it and give it to the user that runs the gate", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case err == nil:
		if err := f.Close(); err != nil {
			return "", err
		}
	case !errors.Is(err, fs.ErrExist):
		return "", fmt.Errorf("%w: the user that runs the gate must be able to write in that folder", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file: name a file, such as %s", path, filepath.Join(path, "tollgate.db"))
	}
	return filepath.EvalSymlinks(path)
}

// lock returns the file beside the store that its process has locked. It stays when the store
// is closed: if it were removed, two processes could each lock a file of that name.
func lock(path string) (*os.File, error) {
	beside := path + ".lock"
	f, err := os.OpenFile(beside, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the store: %w: the user that runs the gate must be able to write in that folder", err)
	}
	locked, err := filelock.Try(f)
	if err == nil && !locked {
		err = fmt.Errorf("%w: end the one that has %s open, or give this gate a file of its own (gates share a store on PostgreSQL)", store.ErrInUse, path)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("locking the store %s: %w", path, err)
	}
	return f, nil
}

// connect opens the connections, checks the file, brings its schema up to date and reads the
// version.
func (s *Store) connect(ctx context.Context) (err error) {
	if s.writer, err = connections(s.path, "immediate", writeSettings); err != nil {
		return err
	}
	// All who write wait here for one connection, and not in SQLite for its lock.
	s.writer.SetMaxOpenConns(1)
	if err := s.check(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer); err != nil {
		return err
	}
	if s.reader, err = connections(s.path, "deferred", readSettings); err != nil {
		return err
	}
	s.reader.SetMaxIdleConns(readers)
	if err := s.prepare(ctx); err != nil {
		return err
	}
	return s.readVersion.QueryRowContext(ctx).Scan(&s.version.Revision, &s.version.Commit)
}

// connections are those to a file that is there.
func connections(path, transaction string, settings []string) (*sql.DB, error) {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // of a drive, as in file:///C:/store.db
	}
	query := url.Values{"mode": {"rw"}, "_txlock": {transaction}, "_pragma": settings}
	file := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	return sql.Open("sqlite", file.String())
}
