package incident

import (
	"crypto/rand"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxPending is how many changes wait to be told. Only one that is told for long holds up the
	// others, and there are at most two of each incident.
	maxPending = 4 * maxOpen
	// maxReached is from how many on no threshold waits, of which there may be any number: they
	// leave room for incidents.
	maxReached = maxPending / 2
)

// Watch is the book of a process. It has changes told, in their order, as they happen.
type Watch struct {
	*Book
	tell func([]Change)
	// every is how often it is told besides, though nothing has changed; 0 is never.
	every atomic.Int64

	mu      sync.Mutex
	pending []Change
	missed  int64

	// woken has an element once something is to be told, or another time is due.
	woken chan struct{}
	stop  chan struct{}
}

// Start begins the book of a host, whose changes the function is told.
func Start(gate string, tell func([]Change)) *Watch {
	w := &Watch{
		Book: NewBook(NewID, gate), tell: tell,
		woken: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	go w.run()
	return w
}

// NewID is an ID that no other incident has.
func NewID() string { return strings.ToLower(rand.Text()[:16]) }

// Stop ends what Start began, without waiting for what is told just now. Incidents that are open
// stay so.
func (w *Watch) Stop() { close(w.stop) }

// Denied counts a denial. It waits for no one.
func (w *Watch) Denied(d *Denial) {
	if changes := w.Add(d, time.Now()); len(changes) > 0 {
		w.add(changes)
	}
}

// Reached has a threshold told. It waits for no one.
func (w *Watch) Reached(t *Threshold) { w.add([]Change{{Kind: Reached, Threshold: t}}) }

func (w *Watch) add(changes []Change) {
	w.mu.Lock()
	for _, change := range changes {
		if len(w.pending) >= maxPending || change.Kind == Reached && len(w.pending) >= maxReached {
			w.missed++
			continue
		}
		w.pending = append(w.pending, change)
	}
	w.mu.Unlock()
	w.wake()
}

// Missed is how many changes were not told, since too many waited.
func (w *Watch) Missed() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.missed
}

// SetQuiet sets how long an incident has no denial until it closes.
func (w *Watch) SetQuiet(quiet time.Duration) {
	w.Book.SetQuiet(quiet)
	w.wake()
}

// SetEvery has the function told every so often besides, though nothing has changed, or never, by 0.
func (w *Watch) SetEvery(every time.Duration) {
	w.every.Store(int64(every))
	w.wake()
}

func (w *Watch) wake() {
	select {
	case w.woken <- struct{}{}:
	default: // it is about to look
	}
}

func (w *Watch) take() []Change {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := w.pending
	w.pending = nil
	return taken
}

// run tells what has opened, and closes what is quiet.
func (w *Watch) run() {
	due := time.NewTimer(DefaultQuiet)
	defer due.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-w.woken:
		case <-due.C:
		}
		closed, next := w.Close(time.Now())
		every := time.Duration(w.every.Load())
		if changes := append(w.take(), closed...); len(changes) > 0 || every > 0 {
			w.tell(changes)
		}
		wait := time.Until(next)
		if every > 0 && (next.IsZero() || every < wait) {
			wait = every
		}
		if every > 0 || !next.IsZero() {
			due.Reset(wait)
		}
	}
}
