package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// connectTimeout is how long a connection may take, where the DSN says nothing.
	connectTimeout = 5 * time.Second
	// callTimeout is how long a call may take whose context has no deadline.
	callTimeout = time.Minute
	// closeTimeout is how long Close waits for a server that does not answer.
	closeTimeout = 5 * time.Second
)

// errClosed is returned by calls after Close.
var errClosed = errors.New("the store is closed")

// Store is a store in a PostgreSQL database.
type Store struct {
	pool    *pgxpool.Pool
	wakeups broadcast
	// closing ends when the store is closed.
	closing   context.Context
	close     func()
	listening sync.WaitGroup
}

var _ store.Store = (*Store)(nil)

// Open connects to a database and brings its schema up to date, which may take minutes after an
// upgrade. Several gates may do so at once. Its errors never contain the DSN, which has a password.
func Open(ctx context.Context, dsn string) (*Store, error) {
	config, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	connecting, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	pool, err := pgxpool.NewWithConfig(connecting, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	s := &Store{pool: pool}
	s.closing, s.close = context.WithCancel(context.Background())
	if err := pool.Ping(connecting); err != nil {
		s.Close()
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	if err := migrate(ctx, pool); err != nil {
		s.Close()
		return nil, err
	}
	s.listening.Go(func() { s.listen(config.ConnConfig.Copy()) })
	return s, nil
}

// parse reads a DSN. What is wrong with it is not said: the parser's errors quote parts of it,
// and cannot always know which is the password.
func parse(dsn string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(dsn)
	// By an empty DSN the library would connect to whatever database is local.
	if err != nil || dsn == "" {
		return nil, errors.New("reading the DSN of PostgreSQL: it is neither a URL such as" +
			" postgres://user:password@host/database?sslmode=verify-full nor a list such as host=… user=…;" +
			" special characters in a URL's password are percent-encoded")
	}
	connection := config.ConnConfig
	if connection.ConnectTimeout == 0 {
		connection.ConnectTimeout = connectTimeout
	}
	if connection.RuntimeParams["application_name"] == "" {
		connection.RuntimeParams["application_name"] = "tollgate"
	}
	return config, nil
}

// withDeadline returns a context that ends, so that a server that stalls holds no caller for
// ever.
func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, callTimeout)
}

// transact runs a function in a transaction. It tries a second time if the first one could
// not begin, since the server may have closed a connection that was idle: nothing was done.
func (s *Store) transact(ctx context.Context, options pgx.TxOptions, run func(pgx.Tx) error) error {
	begun := false
	attempt := func() error {
		return pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error {
			begun = true
			return run(tx)
		})
	}
	err := attempt()
	var connecting *pgconn.ConnectError
	if err == nil || begun || ctx.Err() != nil || s.closing.Err() != nil || errors.As(err, &connecting) {
		return s.explain(err)
	}
	s.pool.Reset() // the other connections are probably closed too
	return s.explain(attempt())
}

// explain returns errClosed in place of what happens to a call while the store is closed.
func (s *Store) explain(err error) error {
	if err != nil && s.closing.Err() != nil {
		return errClosed
	}
	return err
}

// Close releases the store. Changes that are being made are awaited for a few seconds.
func (s *Store) Close() error {
	s.close()
	closed := make(chan struct{})
	go func() {
		s.listening.Wait()
		s.pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
		return nil
	case <-time.After(closeTimeout):
		return errors.New("closing the connections to PostgreSQL: the server does not answer")
	}
}
