//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// client asks one request after another over one connection that is kept alive.
type client interface {
	// ask sends a request and returns the status and the body of its answer, which is
	// valid until the next call.
	ask(request []byte) (status int, body []byte, err error)
	deadline(time.Time)
	close()
}

// load is a load generator: connections to one server. It speaks just enough HTTP for
// that, so that the machine's time goes to the server.
type load struct {
	clients  []client
	requests []request
	// sent counts the requests to this server, those of earlier loads
	// included: each load goes on where the last one ended.
	sent *atomic.Int64
}

// dial connects to a server.
func dial(address string, connections int, http2 bool, requests []request, sent *atomic.Int64) (*load, error) {
	l := &load{requests: requests, sent: sent}
	for range connections {
		c, err := connect(address, http2)
		if err != nil {
			l.close()
			return nil, err
		}
		l.clients = append(l.clients, c)
	}
	return l, nil
}

// connect makes one connection.
func connect(address string, http2 bool) (client, error) {
	if http2 {
		return connectHTTP2(address)
	}
	return connectHTTP1(address)
}

func (l *load) close() {
	for _, c := range l.clients {
		c.close()
	}
}

// maxRequests bounds the requests of one connection in one run.
const maxRequests = 1_000_000

// run sends requests over all connections for a while and returns how long each took,
// from the shortest to the longest. It ends when the last answer is there. With a rate,
// it sends so many a second; without one, as many as are answered.
func (l *load) run(ctx context.Context, duration time.Duration, rate float64) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var interval time.Duration // between the requests of one connection
	if rate > 0 {
		interval = time.Duration(float64(len(l.clients)) / rate * float64(time.Second))
	}
	latencies, failures := make([][]time.Duration, len(l.clients)), make([]error, len(l.clients))
	var workers sync.WaitGroup
	for i, c := range l.clients {
		workers.Go(func() {
			c.deadline(time.Now().Add(duration + 10*time.Second))
			if latencies[i], failures[i] = l.converse(ctx, c, interval); failures[i] != nil {
				cancel()
			}
		})
	}
	workers.Wait()
	return slices.Sorted(slices.Values(slices.Concat(latencies...))), errors.Join(failures...)
}

// converse sends one request after another and checks the status of each answer. A
// request that waits for the answer to the one before has waited too: its time begins
// when it was due.
func (l *load) converse(ctx context.Context, c client, interval time.Duration) (latencies []time.Duration, err error) {
	due := time.Now()
	if interval > 0 {
		due = due.Add(rand.N(interval)) // or all connections ask at the same moment
	}
	for range maxRequests {
		begin := due
		if interval == 0 || time.Until(due) > 0 {
			if !wait(ctx, time.Until(due)) {
				return latencies, nil
			}
			begin = time.Now() // the clock of this program may ring late
		}
		if ctx.Err() != nil {
			return latencies, nil
		}
		request := l.requests[int(l.sent.Add(1))%len(l.requests)]
		status, body, err := c.ask(request.wire)
		if err != nil {
			return latencies, err
		}
		if status != request.status {
			return latencies, fmt.Errorf("answered %d, want %d:\n%s", status, request.status, body)
		}
		latencies = append(latencies, time.Since(begin))
		due = due.Add(interval)
	}
	return latencies, nil
}

// wait waits, and reports whether the context still lasts.
func wait(ctx context.Context, duration time.Duration) bool {
	if duration <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
