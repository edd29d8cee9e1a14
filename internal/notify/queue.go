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
	// longestRetry, until it is as old as MaxAge.
	firstRetry   = 5 * time.Second
	longestRetry = 10 * time.Minute
)

// MaxAge is how old a notice is when it is not tried any more.
const MaxAge = 6 * time.Hour

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

// delivery is a notice on its way to one target.
type delivery struct {
	*Notice
	// settled is called once it was delivered, or dropped, and not where another may go on with
	// it; nil if no other can.
	settled func(target string)
}

// queue delivers notices to one target, one after the other.
type queue struct {
	target  atomic.Pointer[Target]
	waiting chan delivery
	count   func(way, outcome string)
	logger  func() *zap.Logger
	// changed has an element once the target has other settings.
	changed chan struct{}
	// stops says that the gate stops, and not only the target is gone.
	stops atomic.Bool
	stop  context.CancelFunc
	ended chan struct{}
}

func newQueue(target *Target, logger func() *zap.Logger, count func(way, outcome string)) *queue {
	ctx, cancel := context.WithCancel(context.Background())
	q := &queue{
		waiting: make(chan delivery, maxWaiting), count: count, logger: logger,
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
func (q *queue) put(d delivery) {
	select {
	case q.waiting <- d:
	default:
		q.drop(d, errors.New("too many wait"))
	}
}

// end drops what waits, except, where the gate stops, what another gate goes on with, or this one
// once it starts again.
func (q *queue) end(stops bool) {
	q.stops.Store(stops)
	q.stop()
	<-q.ended
	for {
		select {
		case d := <-q.waiting:
			q.abandon(d, errors.New("the target is gone, or the gate stops"))
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
		case d := <-q.waiting:
			q.deliver(ctx, d)
		}
	}
}

// deliver tries until a notice is delivered, or dropped.
func (q *queue) deliver(ctx context.Context, d delivery) {
	for wait := firstRetry; ; wait = min(2*wait, longestRetry) {
		target := q.target.Load()
		err := target.Deliver(ctx, d.Notice)
		if err == nil {
			q.count(target.Way, Delivered)
			q.settle(d)
			return
		}
		q.count(target.Way, Failed)
		if ctx.Err() != nil {
			q.abandon(d, err)
			return
		}
		if time.Since(d.At)+wait > MaxAge || errors.Is(err, ErrUnwanted) {
			q.drop(d, err)
			return
		}
		q.logger().Warn("a notice of an incident was not delivered, it is tried again",
			zap.String("to", target.Name), zap.String("notice", d.ID), zap.Duration("in", wait), zap.Error(err))
		select {
		case <-ctx.Done():
		case <-q.changed:
		case <-time.After(wait):
		}
	}
}

func (q *queue) drop(d delivery, err error) {
	target := q.target.Load()
	q.count(target.Way, Dropped)
	q.logger().Error("a notice of an incident is not delivered", zap.String("to", target.Name), zap.String("notice", d.ID), zap.Error(err))
	q.settle(d)
}

// abandon drops a notice, unless another gate goes on with it, or this one once it starts again.
func (q *queue) abandon(d delivery, err error) {
	if q.stops.Load() && d.settled != nil {
		return
	}
	q.drop(d, err)
}

func (q *queue) settle(d delivery) {
	if d.settled != nil {
		d.settled(q.target.Load().ID())
	}
}
