package refusals

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is a refusal that is written after Close.
var ErrClosed = errors.New("the writer of refusals is closed")

// Options of a writer.
type Options struct {
	// Sink gets the refusals. Without one they stay in the spool.
	Sink Sink
	// Folder of the spool: of this writer alone. Without one, what the sink does not take at
	// once is lost.
	Folder string
	// MaxSpool is how many bytes the spool may have, 1 GiB if it is 0.
	MaxSpool int64
	// Bound is the time within which a refusal is on disk, 1 s if it is 0. The disk itself
	// may be slower.
	Bound time.Duration
	// Batch is how many refusals are written at once and, before that, kept in memory; 8192
	// if it is 0.
	Batch int
	// Strict makes Write wait until the refusal is on disk. SetStrict changes it.
	Strict bool

	// The hooks return soon: the writer waits for them.

	// OnLost gets refusals that could be written nowhere. They are counted besides.
	OnLost func([]Refusal, error)
	// OnError gets what goes wrong without a loss: a sink that is away, damage in the spool.
	OnError func(error)
}

// Stats counts what a writer did since it was opened.
type Stats struct {
	// Written were accepted by Write. Each is then Delivered to the sink, Spooled or Lost.
	Written, Delivered, Spooled, Lost int64
	// TakenIn came from the spool to the sink, also such as an earlier process spooled. What
	// the sink got again after an error counts again.
	TakenIn int64
	// SpoolBytes is the size of the spool now, and SpooledSince when its oldest file was
	// begun, or last written to by an earlier process; the zero time if it is empty.
	SpoolBytes   int64
	SpooledSince time.Time
}

// Writer writes refusals. Its methods may be called at once.
type Writer struct {
	options Options
	spool   *spool

	mu      sync.Mutex
	pending *batch
	closed  bool

	arrived  chan struct{} // there are pending refusals
	full     chan struct{} // a batch of them
	spooled  chan struct{} // the spool has refusals
	asked    chan struct{} // the sink was asked to take in a file of the spool
	stop     context.CancelFunc
	writing  sync.WaitGroup
	draining sync.WaitGroup

	strict                                     atomic.Bool
	answers                                    atomic.Bool // the sink took in what it last got
	written, delivered, toSpool, lost, takenIn atomic.Int64
}

// batch is written at once.
type batch struct {
	refusals []Refusal
	taken    chan struct{} // closed when it is about to be written
	done     chan struct{} // closed when it was
	err      error         // of those that were lost, once done is closed
}

func newBatch() *batch { return &batch{taken: make(chan struct{}), done: make(chan struct{})} }

// Open returns a writer, which also takes in what an earlier one left in the spool.
func Open(options Options) (*Writer, error) {
	if options.MaxSpool == 0 {
		options.MaxSpool = 1 << 30
	}
	if options.Bound == 0 {
		options.Bound = time.Second
	}
	if options.Batch == 0 {
		options.Batch = 8192
	}
	if options.OnLost == nil {
		options.OnLost = func([]Refusal, error) {}
	}
	if options.OnError == nil {
		options.OnError = func(error) {}
	}
	spool, err := openSpool(options.Folder, options.MaxSpool)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &Writer{
		options: options, spool: spool, pending: newBatch(), stop: stop,
		arrived: make(chan struct{}, 1), full: make(chan struct{}, 1), spooled: make(chan struct{}, 1),
		asked: make(chan struct{}, 1),
	}
	w.strict.Store(options.Strict)
	w.writing.Go(w.write)
	if options.Sink != nil {
		w.draining.Go(func() { w.drain(ctx) })
	}
	return w, nil
}

// SetStrict sets whether Write waits until the refusal is on disk.
func (w *Writer) SetStrict(strict bool) { w.strict.Store(strict) }

// Write writes a refusal. It returns once the refusal is in memory or, in strict mode, on disk,
// and then with an error if it is not. While memory is full it waits a little for the sink, and
// then spools what is in memory itself. That the context ends stops the waiting alone.
func (w *Writer) Write(ctx context.Context, r Refusal) error {
	if r.ID == "" {
		r.ID = NewID(r.Time)
	}
	b, err := w.enter(r)
	if err != nil {
		w.lose([]Refusal{r}, err)
		return err
	}
	if !w.strict.Load() {
		return nil
	}
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return fmt.Errorf("waiting until a refusal is on disk: %w", ctx.Err())
	}
}

// enter adds a refusal to the pending batch.
func (w *Writer) enter(r Refusal) (*batch, error) {
	for {
		w.mu.Lock()
		b := w.pending
		switch {
		case w.closed:
			w.mu.Unlock()
			return nil, ErrClosed
		case len(b.refusals) < w.options.Batch:
			b.refusals = append(b.refusals, r)
			count := len(b.refusals)
			w.written.Add(1)
			w.mu.Unlock()
			if count == 1 {
				signal(w.arrived)
			}
			if count == w.options.Batch {
				signal(w.full)
			}
			return b, nil
		}
		w.mu.Unlock()
		w.awaitTaken(b)
	}
}

// awaitTaken waits until a full batch is taken, or spools it.
func (w *Writer) awaitTaken(b *batch) {
	patience := time.NewTimer(w.options.Bound / 4)
	defer patience.Stop()
	select {
	case <-b.taken:
	case <-patience.C:
		if w.take(b) {
			w.toTheSpool(b)
			close(b.done)
			w.writing.Done()
		}
	}
}

// take takes the pending batch, if it still is that one, to be written. Close waits until
// writing is done, which the caller says.
func (w *Writer) take(b *batch) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending != b {
		return false
	}
	w.pending = newBatch()
	w.writing.Add(1) // Close waits yet: the goroutine that writes ends after its last take
	close(b.taken)
	return true
}

// signal tells a goroutine that waits, or will.
func signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// write writes batches until the writer is closed.
func (w *Writer) write() {
	for range w.arrived {
		if !w.strict.Load() {
			w.linger()
		}
		w.mu.Lock()
		b, closed := w.pending, w.closed
		w.mu.Unlock()
		if w.take(b) {
			if len(b.refusals) > 0 {
				w.store(b)
			}
			close(b.done)
			w.writing.Done()
		}
		if closed {
			return
		}
	}
}

// linger waits until a batch is full, but a small part of the bound at most.
func (w *Writer) linger() {
	timer := time.NewTimer(w.options.Bound / 10)
	defer timer.Stop()
	select {
	case <-w.full:
	case <-timer.C:
	}
}

// store gives a batch to the sink, or to the spool if the sink is away or has not yet taken in
// what is there.
func (w *Writer) store(b *batch) {
	if w.options.Sink != nil && w.awaitEmpty() {
		ctx, cancel := context.WithTimeout(context.Background(), w.options.Bound/4)
		err := w.options.Sink.Append(ctx, b.refusals)
		cancel()
		w.answers.Store(err == nil)
		if err == nil {
			w.delivered.Add(int64(len(b.refusals)))
			return
		}
		w.options.OnError(fmt.Errorf("giving %d refusals to their sink, they are spooled: %w", len(b.refusals), err))
	}
	w.toTheSpool(b)
}

// awaitEmpty reports whether the spool is empty. While the sink takes in the last file, it waits
// a part of the bound: refusals that never pause would otherwise all go by way of the spool
// once some did.
func (w *Writer) awaitEmpty() bool {
	if w.spool.empty() {
		return true
	}
	patience := time.NewTimer(w.options.Bound / 8)
	defer patience.Stop()
	for w.answers.Load() && w.spool.atLastFile() {
		select {
		case <-w.asked:
		case <-patience.C:
			return w.spool.empty()
		}
	}
	return w.spool.empty()
}

func (w *Writer) toTheSpool(b *batch) {
	failed, err := w.spool.append(b.refusals)
	w.toSpool.Add(int64(len(b.refusals) - len(failed)))
	if len(failed) > 0 {
		b.err = err
		w.lose(failed, err)
	}
	signal(w.spooled)
}

func (w *Writer) lose(refusals []Refusal, err error) {
	w.lost.Add(int64(len(refusals)))
	w.options.OnLost(refusals, err)
}

// Stats returns what was done so far.
func (w *Writer) Stats() Stats {
	return Stats{
		Written: w.written.Load(), Delivered: w.delivered.Load(), Spooled: w.toSpool.Load(),
		Lost: w.lost.Load(), TakenIn: w.takenIn.Load(), SpoolBytes: w.spool.size(),
		SpooledSince: w.spool.since(),
	}
}

// Close writes what is in memory. What is in the spool is taken in by the next writer.
func (w *Writer) Close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	w.mu.Unlock()
	signal(w.arrived)
	signal(w.full)
	w.writing.Wait()
	w.stop()
	w.draining.Wait()
	return w.spool.close()
}
