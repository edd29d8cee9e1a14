package forward

import (
	"context"
	"sync"
	"time"
)

// watch looks now and then whether the clients that wait for an answer are still there. To
// be told by a context costs five allocations for each request; to ask one costs none.
type watch struct {
	mu      sync.Mutex
	waiting []*conn // in no order
	timer   *time.Timer
	running bool // whether the timer runs, as it does while a client waits
}

// watchInterval is the time within which it is noticed that a client has gone away.
const watchInterval = 100 * time.Millisecond

// add begins to watch the client that a connection is used for.
func (w *watch) add(ctx context.Context, c *conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.client, c.place, c.interrupted = ctx, len(w.waiting), false
	w.waiting = append(w.waiting, c)
	switch {
	case w.running:
		return
	case w.timer == nil:
		w.timer = time.AfterFunc(watchInterval, w.look)
	default:
		w.timer.Reset(watchInterval)
	}
	w.running = true
}

// remove ends the watch, if there is one. It reports whether the connection has not been
// interrupted; from then on it will not be.
func (w *watch) remove(c *conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.client == nil {
		return true
	}
	last := len(w.waiting) - 1
	moved := w.waiting[last]
	w.waiting[c.place], moved.place = moved, c.place
	w.waiting[last] = nil
	w.waiting = w.waiting[:last]
	c.client = nil
	return !c.interrupted
}

// look interrupts the connections whose clients have gone away.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.waiting {
		if c.client.Err() != nil {
			c.interrupted = true
			c.interrupt()
		}
	}
	if w.running = len(w.waiting) > 0; w.running {
		w.timer.Reset(watchInterval)
	}
}
