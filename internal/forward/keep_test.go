package forward_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// The rest of an answer must not be there for the next request.
func TestAConnectionIsNotKeptWhereTheCallerLeavesSomeOfTheAnswer(t *testing.T) {
	t.Parallel()
	more := make(chan bool)
	defer close(more)
	address, _ := carrierThatWaits(t, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", func() {}, more)
	var d dialed
	client := &forward.Client{DialContext: d.dial}
	response, err := client.RoundTrip(context.Background(), address, send())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(response.Body, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got := d.open(); got != 0 {
		t.Errorf("%d connections are kept", got)
	}
}

// cut is a connection that does not write the end of a request, and stays open.
type cut struct{ *watched }

func (c cut) Write(p []byte) (int, error) {
	n, _ := c.watched.Write(p[:len(p)-5])
	return n, os.ErrDeadlineExceeded
}

// The carrier would read the next request as the rest of the one before.
func TestAConnectionIsNotKeptWhereARequestWasNotWrittenInFull(t *testing.T) {
	t.Parallel()
	more := make(chan bool)
	defer close(more)
	address, _ := carrierThatWaits(t, created, func() {}, more)
	var d dialed
	client := &forward.Client{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return cut{conn.(*watched)}, nil
	}}
	status, err := client.Forward(context.Background(), newWriter(), address, send())
	if status != 201 || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
	if got := d.open(); got != 0 {
		t.Errorf("%d connections are kept", got)
	}
}

// interruptible is a connection of which is known that it was interrupted.
type interruptible struct {
	*watched
	once        sync.Once
	interrupted chan bool
}

func (i *interruptible) SetDeadline(deadline time.Time) error {
	if !deadline.IsZero() && deadline.Before(time.Now()) {
		i.once.Do(func() { close(i.interrupted) })
	}
	return i.watched.SetDeadline(deadline)
}

// leaving is a client that goes away while the answer is written to it, and waits for that
// to be noticed.
type leaving struct {
	*writer
	leave   func()
	noticed <-chan bool
}

func (l *leaving) Write(p []byte) (int, error) {
	l.leave()
	<-l.noticed
	return l.writer.Write(p)
}

func TestAConnectionIsNotKeptWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	address, _ := carrier(t, func(int, *http.Request, string) (string, bool) { return created, true })
	var d dialed
	interrupted := make(chan bool)
	client := &forward.Client{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &interruptible{watched: conn.(*watched), interrupted: interrupted}, nil
	}}
	ctx, cancel := context.WithCancel(context.Background())
	status, err := client.Forward(ctx, &leaving{newWriter(), cancel, interrupted}, address, send())
	if status != 201 || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
	if got := d.open(); got != 0 {
		t.Errorf("%d connections are kept", got)
	}
}

// The carrier may close it at any time after that.
func TestAConnectionIsNotUsedBeyondTheTimeThatTheCarrierAnnounces(t *testing.T) {
	t.Parallel()
	address, connections := carrier(t, func(int, *http.Request, string) (string, bool) {
		return "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n", true
	})
	client := &forward.Client{}
	t.Cleanup(client.Close)
	for range 2 {
		if _, err := client.Forward(context.Background(), newWriter(), address, send()); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Second) // less than announced, since a close takes time to arrive
	}
	if got := connections.Load(); got != 2 {
		t.Errorf("%d connections", got)
	}
}

func TestAReadIsNotRepeatedAfterATimeout(t *testing.T) {
	t.Parallel()
	over := make(chan bool)
	defer close(over)
	var requests atomic.Int32
	address, _ := carrier(t, func(number int, _ *http.Request, _ string) (string, bool) {
		requests.Add(1)
		if number > 1 {
			<-over
		}
		return created, true
	})
	client := &forward.Client{ResponseHeaderTimeout: 200 * time.Millisecond}
	t.Cleanup(client.Close)
	r := send()
	r.Replayable = true
	_, first := client.Forward(context.Background(), newWriter(), address, r)
	_, second := client.Forward(context.Background(), newWriter(), address, r)
	if first != nil || stepOf(second) != forward.StepRead || requests.Load() != 2 {
		t.Errorf("got %v and %v, %d requests reached the carrier", first, second, requests.Load())
	}
}
