package notify

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

const (
	// maxWaiting is how many notices wait for one target, and maxThresholds from how many on those
	// of thresholds do not: they leave room for incidents.
	maxWaiting    = 1000
	maxThresholds = maxWaiting / 2
	// maxRefused is how many notices that the server refuses let others pass.
	maxRefused = 100
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

var (
	// ErrUnwanted is why a notice is not tried again.
	ErrUnwanted = errors.New("the server wants no more of them")
	// ErrRefused is why a notice lets others pass: the server is there, and may take them.
	ErrRefused = errors.New("the server refuses it")
)

// Busy is an error of a server that says after how long it may be asked again.
type Busy struct {
	error
	After time.Duration
}

// Unwrap returns the error.
func (b *Busy) Unwrap() error { return b.error }

// delivery is a notice on its way to one target.
type delivery struct {
	*Notice
	// settled is called once it was delivered, or dropped, and not where another may go on with
	// it; nil if no other can.
	settled func(target string)
}

// queue delivers notices to one target, one after the other, except that those pass which come
// behind one that the server refuses.
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
	if d.Kind == incident.Reached && len(q.waiting) >= maxThresholds {
		q.drop(d, errors.New("too many wait"))
		return
	}
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
			q.deliver(ctx, d, 0)
		}
	}
}

// deliver tries until a notice is delivered, or dropped. So many others, which the server refuses,
// let it pass.
func (q *queue) deliver(ctx context.Context, d delivery, refused int) {
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
		pause := wait
		if busy := (*Busy)(nil); errors.As(err, &busy) {
			pause = min(max(wait, busy.After), longestRetry)
		}
		if time.Since(d.At)+pause > MaxAge || errors.Is(err, ErrUnwanted) {
			q.drop(d, err)
			return
		}
		q.logger().Warn("a notice of an incident was not delivered, it is tried again",
			zap.String("to", target.Name), zap.String("notice", d.ID), zap.Duration("in", pause), zap.Error(err))
		var others chan delivery
		if errors.Is(err, ErrRefused) && refused < maxRefused {
			others = q.waiting
		}
		select {
		case <-ctx.Done():
		case <-q.changed:
		case <-time.After(pause):
		case other := <-others:
			q.deliver(ctx, other, refused+1)
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
