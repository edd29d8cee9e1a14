package forward_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// held is a connection whose writes can be held back, to leave as one.
type held struct {
	net.Conn
	holding bool
	pending bytes.Buffer
}

func (h *held) Write(p []byte) (int, error) {
	if h.holding {
		return h.pending.Write(p)
	}
	return h.Conn.Write(p)
}

// TLS can have read more from the socket than the answer, where the system sees nothing.
func TestWhatTLSHoldsBehindAnAnswerIsNotTakenForTheNextOne(t *testing.T) {
	t.Parallel()
	authority := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(authority.Close)
	roots := x509.NewCertPool()
	roots.AddCert(authority.Certificate())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var connections atomic.Int32
	over := make(chan bool)
	t.Cleanup(func() { close(over) })
	go func() {
		for {
			accepted, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				below := &held{Conn: accepted}
				defer below.Close()
				conn := tls.Server(below, &tls.Config{Certificates: authority.TLS.Certificates})
				if _, err := conn.Read(make([]byte, 4<<10)); err != nil {
					return
				}
				below.holding = true
				_, _ = io.WriteString(conn, created)
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				_, _ = accepted.Write(below.pending.Bytes())
				<-over
			}()
		}
	}()
	client := &forward.Client{TLS: &tls.Config{RootCAs: roots}}
	t.Cleanup(client.Close)
	for range 3 {
		status, err := client.Forward(context.Background(), newWriter(), listener.Addr().String(), send())
		if err != nil || status != 201 {
			t.Errorf("got %d, %v", status, err)
		}
	}
	if got := connections.Load(); got != 3 {
		t.Errorf("%d connections", got)
	}
}
