package forward

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"time"
)

// Client keeps connections to carriers' hosts. Its fields are set before its first use.
type Client struct {
	// DialContext opens connections. By default it is that of a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS is nil to forward in the clear. The host of the address is the server's name where
	// it has none, and HTTP/1.1 alone is offered.
	TLS *tls.Config
	// HandshakeTimeout bounds the TLS handshake; 0: none.
	HandshakeTimeout time.Duration
	// ResponseHeaderTimeout bounds the time from the first byte of a request to the end of
	// its answer's head; 0: none.
	ResponseHeaderTimeout time.Duration
	// IdleTimeout is how long a connection is kept without use; 0: 2 minutes.
	IdleTimeout time.Duration
	// MaxIdlePerHost is how many idle connections are kept for an address; 0: 32.
	MaxIdlePerHost int
	// MaxHeaderBytes bounds an answer's head and the 1xx before it; 0: 1 MiB. Trailers have
	// the same bound.
	MaxHeaderBytes int64

	pool  pool
	watch watch
}

const (
	defaultIdleTimeout    = 2 * time.Minute
	defaultMaxIdlePerHost = 32
	defaultMaxHeaderBytes = 1 << 20

	// maxInformational is how many 1xx may come before an answer.
	maxInformational = 16
	// lateAnswer is how long an answer is awaited where the request could not be written in
	// full. What has arrived is read at once, so it only bounds one that is on its way.
	lateAnswer = 250 * time.Millisecond
)

// Close closes the connections that are not in use. Those in use, and those that are
// dialed later, are closed once they are no longer in use.
func (c *Client) Close() { c.pool.close() }

// exchange sends a request and reads the head of its answer. The connection that it
// returns must be finished.
func (c *Client) exchange(ctx context.Context, w http.ResponseWriter, address string, r *Request) (*conn, error) {
	buffer := requestBuffers.Get().(*[]byte)
	defer release(buffer)
	var err error
	if *buffer, err = r.append((*buffer)[:0]); err != nil {
		return nil, &Error{Step: StepWrite, Err: err, unsent: true}
	}
	carrier, err := c.connect(ctx, address)
	if err != nil {
		return nil, err
	}
	err, again := carrier.ask(ctx, c, w, r, *buffer)
	if err != nil && again && ctx.Err() == nil {
		carrier.finish(c, false)
		if carrier, err = c.dial(ctx, address); err != nil {
			return nil, err
		}
		err, _ = carrier.ask(ctx, c, w, r, *buffer)
	}
	if err != nil {
		carrier.finish(c, false)
		return nil, err
	}
	return carrier, nil
}

// connect returns a connection that was idle and is open, or a new one.
func (c *Client) connect(ctx context.Context, address string) (*conn, error) {
	for {
		idle := c.pool.take(address)
		if idle == nil {
			return c.dial(ctx, address)
		}
		if time.Since(idle.idleSince) < idle.reuseFor && idle.isQuiet() {
			return idle, nil
		}
		_ = idle.Close()
	}
}

// dial opens a connection, with TLS if it is configured.
func (c *Client) dial(ctx context.Context, address string) (*conn, error) {
	dial := c.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	dialed, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, dialError(ctx, err)
	}
	carrier := newConn(dialed, address)
	if c.TLS != nil {
		if err := carrier.secure(ctx, c.TLS, c.HandshakeTimeout); err != nil {
			_ = dialed.Close()
			return nil, dialError(ctx, err)
		}
	}
	return carrier, nil
}

func dialError(ctx context.Context, err error) error {
	if gone := ctx.Err(); gone != nil {
		return &Error{Step: StepClient, Err: gone, unsent: true}
	}
	return &Error{Step: StepDial, Err: err}
}

// ask writes a request and reads the head of the answer. It reports whether the request
// may be tried once more: no byte of it can have reached the carrier, or it only reads and
// an old connection was closed instead of an answer.
func (c *conn) ask(ctx context.Context, client *Client, w http.ResponseWriter, r *Request, request []byte) (err error, again bool) {
	c.heard = false
	if client.ResponseHeaderTimeout > 0 {
		_ = c.SetDeadline(time.Now().Add(client.ResponseHeaderTimeout))
	}
	client.watch.add(ctx, c)
	before := c.socket.sent
	_, unwritten := c.Write(request)
	if unwritten != nil && c.socket.sent == before {
		failure := c.explain(ctx, StepWrite, unwritten, false)
		failure.unsent = true
		return failure, true
	}
	if unwritten != nil {
		_ = c.SetReadDeadline(time.Now().Add(lateAnswer))
		c.interruptIfGone(ctx)
	}
	informed, err := c.readHead(ctx, client, w, r.Method)
	switch {
	case err == nil:
	case unwritten != nil && !informed:
		return c.explain(ctx, StepWrite, unwritten, false), false
	default:
		again = r.Replayable && c.reused && !c.heard && !errors.Is(err, os.ErrDeadlineExceeded)
		return c.explain(ctx, StepRead, err, false), again
	}
	if unwritten != nil {
		c.answer.keep = false
	}
	c.beginBody(r.Method, client.maxHeaderBytes())
	if client.ResponseHeaderTimeout > 0 || unwritten != nil {
		c.awaitBody(ctx)
	}
	return nil, false
}

// awaitBody ends the deadline of the head, unless the body is here.
func (c *conn) awaitBody(ctx context.Context) {
	b := &c.body
	if b.framing == ended || b.framing == byLength && int64(c.buffered()) >= b.left {
		return
	}
	_ = c.SetDeadline(time.Time{})
	c.interruptIfGone(ctx)
}

// interruptIfGone interrupts again a connection whose deadline has been set, if the client
// went away before. If it goes away after, the watch interrupts it.
func (c *conn) interruptIfGone(ctx context.Context) {
	if ctx.Err() != nil {
		c.interrupt()
	}
}

// explain is the error of a step, or that the client is gone, which makes all of them fail.
func (c *conn) explain(ctx context.Context, step Step, err error, begun bool) *Error {
	if gone := ctx.Err(); gone != nil {
		step, err = StepClient, gone
	}
	return &Error{Step: step, Err: err, begun: begun}
}

// readHead reads the head of the answer and passes on the informational ones before it.
// It reports whether there was one.
func (c *conn) readHead(ctx context.Context, client *Client, w http.ResponseWriter, method string) (informed bool, err error) {
	left := client.maxHeaderBytes()
	for range maxInformational + 1 {
		text, err := c.readSection(left)
		if err != nil {
			return informed, err
		}
		left -= int64(len(text))
		if err := c.answer.parse(text); err != nil {
			return informed, err
		}
		if c.answer.status >= 200 {
			return informed, nil
		}
		if c.answer.chunked || c.answer.length > 0 {
			return informed, errInformational
		}
		informed = true
		if err := c.answer.inform(ctx, w); err != nil {
			return informed, err
		}
	}
	return informed, errInformational
}

// finish ends the use of a connection. It is kept if the answer was read to its end, and
// nothing stands against another request on it.
func (c *conn) finish(client *Client, complete bool) {
	if uninterrupted := client.watch.remove(c); !complete || !uninterrupted || !c.answer.keep || c.buffered() > 0 || c.failed != nil || c.lookout == nil {
		_ = c.Close()
		return
	}
	c.reuseFor = client.idleTimeout()
	if announced := c.answer.keepFor; announced >= 0 {
		c.reuseFor = min(c.reuseFor, announced-time.Second)
	}
	c.answer.forget()
	c.body = body{}
	if len(c.buffer) > readBuffer {
		c.buffer = make([]byte, readBuffer)
	}
	c.begin, c.end = 0, 0
	c.reused, c.idleSince = true, time.Now()
	if c.reuseFor <= 0 || !client.pool.put(c, client.maxIdlePerHost(), client.idleTimeout()) {
		_ = c.Close()
	}
}

func (c *Client) idleTimeout() time.Duration {
	if c.IdleTimeout > 0 {
		return c.IdleTimeout
	}
	return defaultIdleTimeout
}

func (c *Client) maxIdlePerHost() int {
	if c.MaxIdlePerHost > 0 {
		return c.MaxIdlePerHost
	}
	return defaultMaxIdlePerHost
}

func (c *Client) maxHeaderBytes() int64 {
	if c.MaxHeaderBytes > 0 {
		return c.MaxHeaderBytes
	}
	return defaultMaxHeaderBytes
}
