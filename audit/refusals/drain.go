package refusals

import (
	"context"
	"fmt"
	"time"
)

const (
	// retryFirst and retryMost are how long a sink that is away is left alone: at first, and
	// after many attempts.
	retryFirst = 250 * time.Millisecond
	retryMost  = 5 * time.Second
	// takeInPatience is how long the sink may take for a batch from the spool, which is on
	// disk already.
	takeInPatience = 30 * time.Second
)

// drain gives the sink what is in the spool, whenever there is something.
func (w *Writer) drain(ctx context.Context) {
	retry := retryFirst
	for {
		name, ok := w.spool.oldest()
		if !ok {
			select {
			case <-w.spooled:
				continue
			case <-ctx.Done():
				return
			}
		}
		err := w.takeIn(ctx, name)
		w.answers.Store(err == nil)
		signal(w.asked)
		if err == nil {
			retry = retryFirst
			continue
		}
		if ctx.Err() != nil {
			return
		}
		w.options.OnError(err)
		select {
		case <-time.After(retry):
		case <-ctx.Done():
			return
		}
		retry = min(2*retry, retryMost)
	}
}

// takeIn gives one file of the spool to the sink, and deletes it.
func (w *Writer) takeIn(ctx context.Context, name string) error {
	refusals, torn, damaged, err := w.spool.read(name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, takeInPatience)
	defer cancel()
	for len(refusals) > 0 {
		n := min(len(refusals), w.options.Batch)
		if err := w.options.Sink.Append(ctx, refusals[:n]); err != nil {
			return fmt.Errorf("giving refusals of the spool to their sink: %w", err)
		}
		w.takenIn.Add(int64(n))
		refusals = refusals[n:]
	}
	if err := w.spool.remove(name, damaged > 0); err != nil {
		return err
	}
	if torn > 0 {
		w.options.OnError(fmt.Errorf("reading the spool of refusals: %s ends in %d bytes of refusals that were not written whole, as after a crash", name, torn))
	}
	if damaged > 0 {
		w.options.OnError(fmt.Errorf("reading the spool of refusals: %d bytes of %s are damaged, it is kept as %s.damaged", damaged, name, name))
	}
	return nil
}
