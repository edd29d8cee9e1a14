package app

import (
	"context"
	"fmt"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// OpenAuditLog opens the audit log of the store that a configuration of Caddy in JSON states,
// beside the gate that may have it open. The log is read until close is called.
func OpenAuditLog(ctx context.Context, name string, text []byte) (log store.Log, close func() error, err error) {
	a, _, err := read(name, text)
	if err != nil {
		return nil, nil, err
	}
	if a.Store == nil {
		return nil, nil, fmt.Errorf("%s: %w", name, errNoStore)
	}
	use, err := a.Store.provision()
	if err != nil {
		return nil, nil, err
	}
	if use.engine == engineSQLite {
		return sqlite.OpenLog(ctx, use.place)
	}
	opened, err := postgres.Open(ctx, use.place)
	if err != nil {
		return nil, nil, err
	}
	return opened.Log(), opened.Close, nil
}
