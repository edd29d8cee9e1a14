//go:build linux

package main

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"
)

// The clients: so many that take one request after another, and so many at most that are
// slow beside them.
const (
	workers    = 32
	slowAtOnce = 128
)

// load is the clients.
type load struct {
	plan      *plan
	ledger    *ledger
	swaps     *swaps
	report    *report
	addresses [sites]string
	http2     *http.Client
	slow      chan struct{} // a place for each slow client
	// skipped are requests that were not sent since all clients were busy.
	skipped counter
}

func newLoad() *load {
	return &load{http2: newHTTP2(), slow: make(chan struct{}, slowAtOnce)}
}

// calibrate returns how many calm requests a second the gate takes on this machine, with
// clients and carrier beside it.
func (l *load) calibrate(ctx context.Context, duration time.Duration) float64 {
	l.plan.calm.Store(math.MaxUint32)
	defer func() { l.plan.calm.Store(l.ledger.length()) }()
	tokens := make(chan struct{})
	began := l.ledger.length()
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	go func() {
		defer close(tokens)
		for {
			select {
			case tokens <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	l.work(tokens)
	return float64(l.ledger.length()-began) / duration.Seconds()
}

// run sends so many requests a second, until the context ends and all are answered.
func (l *load) run(ctx context.Context, rate float64) {
	tokens := make(chan struct{}, workers)
	go func() {
		defer close(tokens)
		began, sent := time.Now(), 0.0
		for pause(ctx, time.Millisecond) {
			for due := rate * time.Since(began).Seconds(); sent < due; sent++ {
				select {
				case tokens <- struct{}{}:
				default:
					l.skipped.add(1)
				}
			}
		}
	}()
	l.work(tokens)
}

// work lets the clients send a request for each token.
func (l *load) work(tokens <-chan struct{}) {
	var clients sync.WaitGroup
	for range workers {
		clients.Go(func() {
			var kept [sites]*connection
			for range tokens {
				r := l.plan.request(l.ledger.next())
				switch {
				case r.manner.isSlow:
					l.slow <- struct{}{}
					clients.Go(func() {
						l.alone(r)
						<-l.slow
					})
				case r.manner.opens:
					l.alone(r)
				default:
					l.one(r, &kept[r.kind.site])
				}
			}
			for _, c := range kept {
				if c != nil {
					c.Close()
				}
			}
		})
	}
	clients.Wait()
}

// alone sends a request over a connection of its own.
func (l *load) alone(r *request) {
	var own *connection
	l.one(r, &own)
	if own != nil {
		own.Close()
	}
}

// one sends a request over a connection that is kept, or over a new one, and notes what
// became of it.
func (l *load) one(r *request, kept **connection) {
	address := l.addresses[r.kind.site]
	began := time.Now()
	if r.manner.http2 {
		got, detail := exchangeHTTP2(l.http2, address, r)
		l.note(r, got, detail, began, true)
		return
	}
	if *kept != nil && !(*kept).isOpen() {
		(*kept).Close()
		*kept = nil
	}
	if *kept == nil {
		c, err := dial(address)
		if err != nil {
			l.note(r, closed, err.Error(), began, false)
			return
		}
		*kept = c
	}
	c := *kept
	isReused := c.uses > 0
	c.uses++
	got, detail := r.manner.send(c, r)
	if c.isClosed || got&answered == 0 {
		c.Close()
		*kept = nil
	}
	l.note(r, got, detail, began, isReused)
}

// note records how a request ended.
func (l *load) note(r *request, got outcome, detail string, began time.Time, isReused bool) {
	ended := time.Now()
	isAllowed := got&r.allowed() != 0
	l.ledger.change(r.number, func(e *entry) {
		e.outcome, e.status, e.reused, e.isAllowed = got, uint16(r.answer.got), isReused, isAllowed
	})
	if r.kind.by && !r.manner.isLate && got&(whole|refused) != 0 {
		l.swaps.add(judged{r.number, got == whole, began, ended})
	}
	switch {
	case isAllowed:
	case got&(closed|failed) != 0:
		// It is judged at the end: by then it is known what arrived.
		l.report.keep(r.number, broken{detail, began, ended})
	default:
		l.report.fail(checkAnswered, "%s: %s: %s", r, got, detail)
	}
}
