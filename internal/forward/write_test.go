package forward_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// failing is a connection whose first write fails after some bytes.
type failing struct {
	net.Conn
	after int
}

func (f *failing) Write(p []byte) (int, error) {
	n, _ := f.Conn.Write(p[:f.after])
	f.Conn.Close()
	return n, syscall.EPIPE
}

func TestASendIsTriedOnceMoreOnlyIfNothingOfItWasWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		after, failures int // bytes that are written, connections that fail
		dials           int
		sent            bool
	}{
		{"nothing was written", 0, 1, 2, true},
		{"nothing was written twice", 0, 2, 2, false},
		{"a byte was written", 1, 1, 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address, _ := carrier(t, func(int, *http.Request, string) (string, bool) { return created, true })
			dials := 0
			client := &forward.Client{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				if dials++; err == nil && dials <= tt.failures {
					conn = &failing{conn, tt.after}
				}
				return conn, err
			}}
			t.Cleanup(client.Close)
			_, err := client.Forward(context.Background(), newWriter(), address, send())
			if (err == nil) != tt.sent || dials != tt.dials {
				t.Errorf("got %v after %d connections", err, dials)
			}
			if !tt.sent && (stepOf(err) != forward.StepWrite || !errors.Is(err, syscall.EPIPE)) {
				t.Errorf("got %v", err)
			}
		})
	}
}
