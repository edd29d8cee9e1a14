package caddymodule_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// What a refusal costs beside Caddy's own `respond`, with four header fields and with those
// of a refusal. The servers are Caddy's and net/http's own, on a connection in memory.
func BenchmarkRefused(b *testing.B) {
	servers, request := startRefusing(b)
	for _, server := range servers {
		b.Run(server.name, func(b *testing.B) {
			b.ReportAllocs()
			first := serveInMemory(server.handler, request, 1) // it has the credential checked
			if !bytes.HasPrefix(first, []byte("HTTP/1.1 400 ")) || !bytes.Contains(first, []byte("21408")) {
				b.Fatalf("answered %s", first)
			}
			b.ResetTimer()
			serveInMemory(server.handler, request, b.N)
		})
	}
}

// refusing is a server that refuses a message.
type refusing struct {
	name    string
	handler http.Handler
}

// startRefusing starts a gate and two servers that answer the same without one, and
// returns the request that they refuse.
func startRefusing(t testing.TB) (servers [3]refusing, send string) {
	t.Helper()
	gate, bare, same := harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t)
	loadCaddyfile(t, fmt.Sprintf(`{
`+quietOptions+`	tollgate {
%s
	}
}
http://:%s {
	route {
		tollgate twilio
		respond 201
	}
}
http://:%s {
	%s
}
http://:%s {
	header {
		-Server
%s	}
	%s
}
`, acmePolicy, harness.Port(gate), harness.Port(bare), respondRefusal, harness.Port(same), refusalHeader, respondRefusal))
	form := url.Values{"To": {inGB}, "From": {"+12015550199"}, "Body": {"Hello"}}.Encode()
	send = request("POST", messages(acme), form, "Authorization: "+basic(acme+":"+rightToken), "-Connection")
	return [...]refusing{
		{"by the gate", serverAt(t, gate)},
		{"by respond with four fields", serverAt(t, bare)},
		{"by respond with the same fields", serverAt(t, same)},
	}, send
}

// respondRefusal answers about as long as a refusal. It has no braces, or Caddy would look
// for placeholders in it.
const respondRefusal = `respond "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +44740012XXXX More about this error: https://www.twilio.com/docs/errors/21408 (code 21408, status 400)" 400`

// refusalHeader is the header of a refusal, without what net/http writes.
const refusalHeader = `
		Content-Type application/json
		Twilio-Request-Id RQ0123456789abcdef0123456789abcdef
		X-API-Domain api.twilio.com
		Twilio-Concurrent-Requests 1
		Twilio-Request-Duration 0.002
		Access-Control-Allow-Origin *
		Access-Control-Allow-Headers "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key"
		Access-Control-Allow-Methods "GET, POST, DELETE, OPTIONS"
		Access-Control-Expose-Headers ETag
		Access-Control-Allow-Credentials true
		X-Powered-By AT-5000
		X-Shenanigans none
		X-Home-Region us1
		Strict-Transport-Security max-age=31536000
`

// serverAt is the running server that listens at an address.
func serverAt(t testing.TB, address string) *caddyhttp.Server {
	t.Helper()
	app, err := caddy.ActiveContext().App("http")
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range app.(*caddyhttp.App).Servers {
		if strings.HasSuffix(server.Listen[0], ":"+harness.Port(address)) {
			return server
		}
	}
	t.Fatalf("no server at %s", address)
	return nil
}

// serveInMemory has a handler answer the same request n times on one connection, and
// returns the last answer.
func serveInMemory(handler http.Handler, request string, n int) []byte {
	c := &memoryConn{request: request, left: n, done: make(chan struct{})}
	c.changed.L = &c.mu
	server := &http.Server{Handler: handler}
	_ = server.Serve(&oneConn{conn: c})
	<-c.done
	return c.answer
}

// oneConn is a listener with one connection.
type oneConn struct{ conn net.Conn }

func (l *oneConn) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (*oneConn) Close() error   { return nil }
func (*oneConn) Addr() net.Addr { return memoryAddr }

var memoryAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}

// memoryConn is a connection whose client sends a request again as soon as it is answered,
// which a server does in one write.
type memoryConn struct {
	mu      sync.Mutex
	changed sync.Cond
	request string
	sent    int // of the request, in bytes
	left    int // requests
	expired bool
	answer  []byte
	done    chan struct{}
}

func (c *memoryConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.expired:
			return 0, os.ErrDeadlineExceeded
		case c.left == 0:
			return 0, io.EOF
		case c.sent < len(c.request):
			n := copy(p, c.request[c.sent:])
			c.sent += n
			return n, nil
		}
		c.changed.Wait()
	}
}

func (c *memoryConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = append(c.answer[:0], p...)
	c.sent = 0
	c.left--
	c.changed.Broadcast()
	return len(p), nil
}

func (c *memoryConn) SetReadDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expired = !at.IsZero() && at.Before(time.Now())
	c.changed.Broadcast()
	return nil
}

func (c *memoryConn) Close() error {
	close(c.done)
	return nil
}
func (c *memoryConn) SetDeadline(at time.Time) error { return c.SetReadDeadline(at) }
func (*memoryConn) SetWriteDeadline(time.Time) error { return nil }
func (*memoryConn) LocalAddr() net.Addr              { return memoryAddr }
func (*memoryConn) RemoteAddr() net.Addr             { return memoryAddr }
