package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// channel is the one of PostgreSQL's notifications.
	channel = "tollgate"
	// pollInterval is how often the revision is asked for besides. A notification is lost
	// while the connection is, and behind a pooler of connections none arrives.
	pollInterval = 500 * time.Millisecond
	// pollTimeout is how long the server may take to return the revision.
	pollTimeout = 2 * time.Second
)

// Wait implements store.Store. While the server cannot be reached it goes on asking.
func (s *Store) Wait(ctx context.Context, known store.Revision) error {
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		woken := s.wakeups.next()
		// What prevents an answer may be over at the next attempt.
		if revision, err := s.revision(ctx); err == nil && revision != known {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.closing.Done():
			return errClosed
		case <-woken:
		case <-poll.C:
		}
	}
}

func (s *Store) revision(ctx context.Context) (revision store.Revision, err error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	err = s.pool.QueryRow(ctx, "SELECT revision FROM tollgate_revision").Scan(&revision)
	return revision, err
}

// listen wakes those who wait by each notification, until the store is closed. It connects
// again when the connection is lost.
func (s *Store) listen(config *pgx.ConnConfig) {
	again := time.NewTicker(pollInterval)
	defer again.Stop()
	for s.closing.Err() == nil {
		s.notifications(config)
		select {
		case <-s.closing.Done():
		case <-again.C:
		}
	}
}

// notifications receives them by one connection.
func (s *Store) notifications(config *pgx.ConnConfig) {
	conn, err := pgx.ConnectConfig(s.closing, config)
	if err != nil {
		return
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), pollTimeout)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	if _, err := conn.Exec(s.closing, "LISTEN "+channel); err != nil {
		return
	}
	for {
		s.wakeups.wake() // also after LISTEN: a change may have come before it
		if _, err := conn.WaitForNotification(s.closing); err != nil {
			return
		}
	}
}

// broadcast wakes all who wait.
type broadcast struct {
	mutex sync.Mutex
	woken chan struct{}
}

// next returns a channel that the next call of wake closes.
func (b *broadcast) next() <-chan struct{} {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.woken == nil {
		b.woken = make(chan struct{})
	}
	return b.woken
}

func (b *broadcast) wake() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.woken != nil {
		close(b.woken)
		b.woken = nil
	}
}
