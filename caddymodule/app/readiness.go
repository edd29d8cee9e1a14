package app

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// readiness is whether the servers of a configuration have been checked. Caddy starts
// its apps in any order, so that requests may come before that.
type readiness struct {
	*settled
}

type settled struct {
	good atomic.Bool
	once sync.Once
	done chan struct{}
}

func newReadiness() readiness { return readiness{&settled{done: make(chan struct{})}} }

// settle records the result of the check, once.
func (s readiness) settle(good bool) {
	s.once.Do(func() {
		s.good.Store(good)
		close(s.done)
	})
}

// longestStart is how long a request waits for the check, which takes some
// milliseconds.
const longestStart = 10 * time.Second

// ErrNotStarted is why a request fails that arrives before the servers have been checked.
var ErrNotStarted = errors.New("the gate has not started: the configuration has not been checked, or was not accepted")

// wait waits for the check and reports whether requests may be judged.
func (s readiness) wait(ctx context.Context) bool {
	if s.good.Load() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, longestStart)
	defer cancel()
	select {
	case <-s.done:
	case <-ctx.Done():
	}
	return s.good.Load()
}
