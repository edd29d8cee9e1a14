package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/caddy-tollgate/tollgate/store"
)

// Read implements store.Store.
func (s *Store) Read(ctx context.Context, yield func(store.Object) error) (store.Version, error) {
	return s.read(ctx, yield, nil, s.readObjects)
}

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, after store.Version, yield func(store.Object) error) (store.Version, error) {
	return s.read(ctx, yield, &after, s.readChanges, after.Revision)
}

// List implements store.Store.
func (s *Store) List(ctx context.Context, kind store.Kind, yield func(store.Object) error) (store.Revision, error) {
	version, err := s.read(ctx, yield, nil, s.listObjects, kind)
	return version.Revision, err
}

// read yields the objects that a statement selects, in one transaction with the version: in
// it, SQLite shows the file as it was at the first statement. After a version that it does not
// know, if one is stated, it yields nothing.
func (s *Store) read(ctx context.Context, yield func(store.Object) error, after *store.Version, objects *sql.Stmt, args ...any) (version store.Version, err error) {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return store.Version{}, s.failed(ctx, "reading the store", err)
	}
	defer tx.Rollback() // nothing was written
	if err := tx.StmtContext(ctx, s.readVersion).QueryRowContext(ctx).Scan(&version.Revision, &version.Commit); err != nil {
		return store.Version{}, s.failed(ctx, "reading the store", err)
	}
	if after != nil && *after != version {
		known := false
		if err := tx.StmtContext(ctx, s.knowsVersion).QueryRowContext(ctx, after.Revision, after.Commit).Scan(&known); err != nil {
			return store.Version{}, s.failed(ctx, "reading the store", err)
		}
		if !known {
			return store.Version{}, store.ErrUnknownVersion
		}
	}
	rows, err := tx.StmtContext(ctx, objects).QueryContext(ctx, args...)
	if err != nil {
		return store.Version{}, s.failed(ctx, "reading the store", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o store.Object
		if err := rows.Scan(&o.Kind, &o.ID, (*[]byte)(&o.Document), &o.Revision); err != nil {
			return store.Version{}, s.failed(ctx, "reading the store", err)
		}
		if err := yield(o); err != nil {
			return store.Version{}, err
		}
	}
	if err := rows.Err(); err != nil {
		return store.Version{}, s.failed(ctx, "reading the store", err)
	}
	return version, nil
}

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, kind store.Kind, id string) (store.Object, error) {
	o := store.Object{Kind: kind, ID: id}
	err := s.getObject.QueryRowContext(ctx, kind, id).Scan((*[]byte)(&o.Document), &o.Revision)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return store.Object{}, store.ErrNotFound
	case err != nil:
		return store.Object{}, s.failed(ctx, "reading the store", err)
	}
	return o, nil
}

// rows runs a query. A function scans each row, and returns what yields it.
func (s *Store) rows(ctx context.Context, doing, text string, arguments []any, scan func(*sql.Rows) (yield func() error, err error)) error {
	rows, err := s.reader.QueryContext(ctx, text, arguments...)
	if err != nil {
		return s.failed(ctx, doing, err)
	}
	defer rows.Close()
	for rows.Next() {
		yield, err := scan(rows)
		if err != nil {
			return s.failed(ctx, doing, err)
		}
		if err := yield(); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return s.failed(ctx, doing, err)
	}
	return nil
}
