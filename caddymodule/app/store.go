package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// Store keeps permissions that no file states, and the record of each change of them. What
// the store states is in force beside what the files do.
type Store struct {
	// The engine: `sqlite`, a file for one gate, or `postgres`, for many. Default: `sqlite`.
	Engine string `json:"engine,omitzero"`

	// The file of `sqlite`. Default: `tollgate/permissions.db` in Caddy's data directory.
	Path string `json:"path,omitzero"`

	// Where `postgres` is, as a URL or as key=value pairs; write a placeholder, such as
	// `{env.TOLLGATE_DSN}`, in place of a password.
	DSN string `json:"dsn,omitzero"`

	// After how long without an answer from the store nothing is sent any more, except calls
	// for help: a duration, such as `5m`. Default: judging goes on by what is in force.
	DenyAfter string `json:"deny_after,omitzero"`
}

// The engines of stores.
const (
	engineSQLite   = "sqlite"
	enginePostgres = "postgres"
)

// shortestDenyAfter leaves room for an answer that takes a moment.
const shortestDenyAfter = 2 * time.Second

// stores are those that are open, by engine and place: the configuration that takes over uses
// what the one before has open.
var stores = caddy.NewUsagePool()

// openStore is a store that several configurations may use, what it does not have yet of the
// traffic, and the openings that are watched for traffic.
type openStore struct {
	store.Store
	seen     *traffic.Seen
	openings *openingWatch
}

// Destruct closes the store once no configuration uses it.
func (s openStore) Destruct() error { return errors.Join(s.writeLastTraffic(), s.Close()) }

// provision returns what the loader follows, nil without a store.
func (s *Store) provision() (*storeUse, error) {
	if s == nil {
		return nil, nil
	}
	place, err := s.place()
	if err != nil {
		return nil, err
	}
	use := &storeUse{engine: s.Engine, place: place}
	if s.DenyAfter != "" {
		if use.denyAfter, err = readDenyAfter(s.DenyAfter); err != nil {
			return nil, fmt.Errorf("store: deny_after: %w", err)
		}
	}
	return use, nil
}

// readDenyAfter reads how long a store may be away.
func readDenyAfter(text string) (time.Duration, error) {
	after, err := caddy.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration: write how long the store may be away, such as 5m", text)
	case after < shortestDenyAfter:
		return 0, fmt.Errorf("%s is too short: write at least %s, since a gate asks twice a second", text, shortestDenyAfter)
	}
	return after, nil
}

// place is the file or the DSN of the store.
func (s *Store) place() (string, error) {
	switch {
	case s.Engine == "" || s.Engine == engineSQLite:
		s.Engine = engineSQLite
		if s.DSN != "" {
			return "", errors.New("store: dsn is for postgres: name a file in path for sqlite")
		}
		if s.Path == "" {
			return filepath.Join(caddy.AppDataDir(), "tollgate", "permissions.db"), nil
		}
		return placeholder.Replace(s.Path)
	case s.Engine == enginePostgres && s.Path != "":
		return "", errors.New("store: path is for sqlite: name the database in dsn for postgres")
	case s.Engine == enginePostgres && s.DSN == "":
		return "", errors.New(`store: postgres needs a dsn, such as {env.TOLLGATE_DSN}`)
	case s.Engine == enginePostgres:
		return placeholder.Replace(s.DSN)
	}
	return "", fmt.Errorf("store: unknown engine %q: write sqlite or postgres", s.Engine)
}

// storeUse is the use of a store by one configuration.
type storeUse struct {
	engine, place string
	denyAfter     time.Duration
	used          bool
	opened        atomic.Pointer[openStore]
	// opening is called with the store before it is read; nil where nothing needs it first.
	opening func(context.Context, store.Store) error
	stop    func()
}

// current is the store, once it was opened. It waits for nothing.
func (u *storeUse) current() (store.Store, error) {
	if opened := u.opened.Load(); opened != nil {
		return opened.Store, nil
	}
	return nil, reload.ErrNoStore
}

func (u *storeUse) key() string { return u.engine + " " + u.place }

// isOpen reports whether the configuration before has the store open.
func (u *storeUse) isOpen() bool {
	n, _ := stores.References(u.key())
	return n > 0
}

// open opens the store, or uses it with others.
func (u *storeUse) open(ctx context.Context) (store.Store, error) {
	value, _, err := stores.LoadOrNew(u.key(), func() (caddy.Destructor, error) {
		if u.engine == enginePostgres {
			opened, err := postgres.Open(ctx, u.place)
			return openStore{opened, traffic.New(time.Now()), new(openingWatch)}, err
		}
		opened, err := sqlite.Open(ctx, u.place)
		return openStore{opened, traffic.New(time.Now()), new(openingWatch)}, err
	})
	if err != nil {
		return nil, err
	}
	u.used = true
	opened := value.(openStore)
	if u.opening != nil {
		if err := u.opening(ctx, opened.Store); err != nil {
			return nil, err
		}
	}
	u.opened.Store(&opened)
	return opened.Store, nil
}

// loadStored loads the policy of an app with a store. The store is opened as the app starts:
// only one that is open already is read before.
func (a *App) loadStored() error {
	a.loader.UseStore(&reload.Stored{Open: a.store.open, DenyAfter: a.store.denyAfter, Now: time.Now})
	if a.store.isOpen() {
		_, err := a.loader.Load()
		return err
	}
	return a.loader.LoadFiles()
}

// startStore opens and reads the store, and begins to follow it. A gate that cannot reach its
// store starts, sends nothing, and tries again.
func (a *App) startStore() {
	if a.store == nil {
		return
	}
	if a.loader.NeedsStore() {
		if _, err := a.loader.Load(); err != nil {
			a.ctx.Logger().Error("the store of permissions cannot be read: nothing is sent until it can", zap.Error(err))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.loader.Follow(ctx, a.policyChanged)
	}()
	a.hearIncidents()
	writing := a.startTraffic(ctx)
	deleting, keeping := startHourly(ctx, a.deleteEnded), a.startKeeping(ctx)
	a.store.stop = func() { cancel(); <-ended; <-writing; <-deleting; <-keeping }
}

// stopStore ends following the store.
func (a *App) stopStore() {
	if a.store != nil && a.store.stop != nil {
		a.store.stop()
	}
}

// releaseStore closes the store, unless another configuration uses it.
func (a *App) releaseStore() error {
	if a.store == nil || !a.store.used {
		return nil
	}
	_, err := stores.Delete(a.store.key())
	return err
}
