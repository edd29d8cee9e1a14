package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"github.com/caddy-tollgate/tollgate/store"
)

// migrations are numbered from 1. Each leads from the schema before it to its own; none leads
// back, and none is changed once it is released.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings a file to the schema of this version. Each step is a transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	steps, err := migrationsOf(db)
	if err != nil {
		return err
	}
	current, newest, err := steps.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the number of its schema: %w", err)
	}
	if current > newest {
		return fmt.Errorf("%w (the file has schema %d, this gate knows %d)", store.ErrNewer, current, newest)
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("bringing its schema from %d to %d: %w", current, newest, err)
	}
	return nil
}

// migrationsOf are the migrations of a database. A global registry of goose is left alone: in
// Caddy, another plugin may use it.
func migrationsOf(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
}
