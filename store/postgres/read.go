package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
)

// stallTimeout is how long a server may send nothing while it is read from. A whole read has
// no limit: a store may be large.
const stallTimeout = 5 * time.Second

var errStalled = errors.New("the server does not answer")

// oneMoment is a transaction that sees the database as of its first statement.
var oneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// selectVersion is the version in force.
const selectVersion = "SELECT revision, id FROM tollgate_revision JOIN tollgate_commits USING (revision)"

// selectKnown is whether the store knows a version. A number above the one in force may have
// been set back by hand.
const selectKnown = "SELECT EXISTS (SELECT 1 FROM tollgate_commits WHERE revision = $1 AND id = $2" +
	" AND revision <= (SELECT revision FROM tollgate_revision))"

// Read implements store.Store.
func (s *Store) Read(ctx context.Context, yield func(store.Object) error) (store.Version, error) {
	return s.objects(ctx, yield, nil, "SELECT kind, id, document, revision FROM tollgate_objects"+
		" WHERE document IS NOT NULL ORDER BY kind, id")
}

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, after store.Version, yield func(store.Object) error) (store.Version, error) {
	return s.objects(ctx, yield, &after, "SELECT kind, id, document, revision FROM tollgate_objects"+
		" WHERE revision > $1 ORDER BY kind, id", int64(after.Revision))
}

// List implements store.Store.
func (s *Store) List(ctx context.Context, kind store.Kind, yield func(store.Object) error) (store.Revision, error) {
	version, err := s.objects(ctx, yield, nil, "SELECT kind, id, document, revision FROM tollgate_objects"+
		" WHERE kind = $1 AND document IS NOT NULL ORDER BY id", string(kind))
	return version.Revision, err
}

// objects calls yield with those that a query finds, and returns the version as of which. After
// a version that it does not know, if one is stated, it yields nothing.
func (s *Store) objects(ctx context.Context, yield func(store.Object) error, after *store.Version, query string, arguments ...any) (store.Version, error) {
	var version store.Version
	err := s.stream(ctx, oneMoment, func(r *reading) error {
		if err := r.tx.QueryRow(r.ctx, selectVersion).Scan(&version.Revision, &version.Commit); err != nil {
			return err
		}
		if after != nil && *after != version {
			known := false
			if err := r.tx.QueryRow(r.ctx, selectKnown, after.Revision, after.Commit).Scan(&known); err != nil {
				return err
			}
			if !known {
				return store.ErrUnknownVersion
			}
		}
		return r.rows(func(rows pgx.Rows) error {
			var o store.Object
			if err := rows.Scan(&o.Kind, &o.ID, (*[]byte)(&o.Document), &o.Revision); err != nil {
				return err
			}
			return r.yield(func() error { return yield(o) })
		}, query, arguments...)
	})
	if err != nil {
		return store.Version{}, fmt.Errorf("reading from PostgreSQL: %w", err)
	}
	return version, nil
}

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, kind store.Kind, id string) (store.Object, error) {
	ctx, cancel := context.WithTimeout(ctx, stallTimeout)
	defer cancel()
	o := store.Object{Kind: kind, ID: id}
	err := s.transact(ctx, oneMoment, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT document, revision FROM tollgate_objects"+
			" WHERE kind = $1 AND id = $2 AND document IS NOT NULL", kind, id).Scan((*[]byte)(&o.Document), &o.Revision)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return store.Object{}, store.ErrNotFound
	case err != nil:
		return store.Object{}, fmt.Errorf("reading from PostgreSQL: %w", err)
	}
	return o, nil
}

// reading is a transaction that ends when the server sends nothing for a while.
type reading struct {
	tx  pgx.Tx
	ctx context.Context
	// stalled ends ctx. It stands still while the caller's function runs.
	stalled *time.Timer
}

// stream runs a function that reads many rows.
func (s *Store) stream(ctx context.Context, options pgx.TxOptions, run func(*reading) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &reading{ctx: ctx, stalled: time.AfterFunc(stallTimeout, func() { cancel(errStalled) })}
	defer r.stalled.Stop()
	err := s.transact(ctx, options, func(tx pgx.Tx) error {
		r.tx = tx
		return run(r)
	})
	if err != nil && context.Cause(ctx) == errStalled {
		return errStalled
	}
	return err
}

// rows calls a function for each row of a query.
func (r *reading) rows(each func(pgx.Rows) error, query string, arguments ...any) error {
	rows, err := r.tx.Query(r.ctx, query, arguments...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// yield calls a function of the caller, which may take its time.
func (r *reading) yield(call func() error) error {
	r.stalled.Stop()
	err := call()
	r.stalled.Reset(stallTimeout)
	return err
}
