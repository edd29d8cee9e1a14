package postgres

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/caddy-tollgate/tollgate/store"
)

// migrations are numbered, and only added to. Each leaves what an older gate reads and writes
// as it is, since gates of a fleet are upgraded one by one.
//
//go:embed migrations/*.sql
var migrations embed.FS

// schemaTable has the numbers of the migrations that were made.
const schemaTable = "tollgate_schema"

// longestMigration bounds how long the schema is brought up to date, by this gate or by another
// that it waits for. Some migrations read all refusals.
const longestMigration = time.Hour

// migrate brings the schema up to date, under a lock. To find that it is takes no longer than
// any other call.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName(schemaTable), goose.WithSessionLocker(schemaLock{}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if err := migrateBy(ctx, provider); err != nil {
		return fmt.Errorf("migrating the schema in PostgreSQL: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of the schema in PostgreSQL: %w", err)
	}
	if current > target {
		return fmt.Errorf("the schema in PostgreSQL has version %d and this gate %d: %w", current, target, store.ErrNewer)
	}
	return nil
}

// migrateBy makes the migrations that are left.
func migrateBy(ctx context.Context, provider *goose.Provider) error {
	asking, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	pending, err := provider.HasPending(asking)
	if err != nil || !pending {
		return err
	}
	ctx, cancel = context.WithTimeout(ctx, longestMigration)
	defer cancel()
	_, err = provider.Up(ctx)
	return err
}

// schemaLock is an advisory lock that one gate has while it migrates.
type schemaLock struct{}

const (
	// schemaLockID is "tollgate" as a number: other programs that use the database have others.
	schemaLockID = 0x746f6c6c67617465
	// unlockTimeout bounds the release, for which goose passes a context that never ends.
	unlockTimeout = 5 * time.Second
)

// SessionLock waits for the lock.
func (schemaLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(schemaLockID))
	return err
}

// SessionUnlock releases the lock.
func (schemaLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, unlockTimeout)
	defer cancel()
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(schemaLockID))
	return err
}
