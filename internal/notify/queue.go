package notify

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

const (
	// maxWaiting is how many notices wait for one target.
	maxWaiting = 1000
	// firstRetry is how soon a notice is tried again. Each time it takes twice as long, up to
	// longestRetry, until it is as old as maxAge.
	firstRetry   = 5 * time.Second
	longestRetry = 10 * time.Minute
	maxAge       = 6 * time.Hour
)

// What becomes of a notice: each attempt delivers it or fails, and what is not tried any more is
// dropped.
const (
	Delivered = "delivered"
	Failed    = "failed"
	Dropped   = "dropped"
)

// Outcomes are all of them.
var Outcomes = []string{Delivered, Failed, Dropped}

// ErrUnwanted is why a notice is not tried again.
var ErrUnwanted = errors.New("the server wants no more of them")

// queue delivers notices to one target, one after the other.
type queue struct {
	target  atomic.Pointer[Target]
	waiting chan *Notice
	count   func(way, outcome string)
	logger  func() *zap.Logger
	// changed has an element once the target has other settings.
	changed chan struct{}
	stop    context.CancelFunc
	ended   chan struct{}
}

func newQueue(target *Target, logger func() *zap.Logger, count func(way, outcome string)) *queue {
	ctx, cancel := context.WithCancel(context.Background())
	q := &queue{
		waiting: make(chan *Notice, maxWaiting), count: count, logger: logger,
		changed: make(chan struct{}, 1), stop: cancel, ended: make(chan struct{}),
	}
	q.target.Store(target)
	go q.run(ctx)
	return q
}

// use has the queue deliver by other settings of its target, and try again at once.
func (q *queue) use(target *Target) {
	q.target.Store(target)
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

// put has a notice wait until it is delivered. It waits for no one.
func (q *queue) put(n *Notice) {
	select {
	case q.waiting <- n:
	default:
		q.drop(n, errors.New("too many wait"))
	}
}

// end drops what waits.
func (q *queue) end() {
	q.stop()
	<-q.ended
	for {
		select {
		case n := <-q.waiting:
			q.drop(n, errors.New("the target is gone, or the gate stops"))
		default:
			return
		}
	}
}

func (q *queue) run(ctx context.Context) {
	defer close(q.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-q.waiting:
			q.deliver(ctx, n)
		}
	}
}

// deliver tries until a notice is delivered, or dropped.
func (q *queue) deliver(ctx context.Context, n *Notice) {
	for wait := firstRetry; ; wait = min(2*wait, longestRetry) {
		target := q.target.Load()
		err := target.Deliver(ctx, n)
		if err == nil {
			q.count(target.Way, Delivered)
			return
		}
		q.count(target.Way, Failed)
		if time.Since(n.At)+wait > maxAge || errors.Is(err, ErrUnwanted) || ctx.Err() != nil {
			q.drop(n, err)
			return
		}
		q.logger().Warn("a notice of an incident was not delivered, it is tried again",
			zap.String("to", target.Name), zap.String("notice", n.ID()), zap.Duration("in", wait), zap.Error(err))
		select {
		case <-ctx.Done():
		case <-q.changed:
		case <-time.After(wait):
		}
	}
}

func (q *queue) drop(n *Notice, err error) {
	target := q.target.Load()
	q.count(target.Way, Dropped)
	q.logger().Error("a notice of an incident is not delivered", zap.String("to", target.Name), zap.String("notice", n.ID()), zap.Error(err))
}
