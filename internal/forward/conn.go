package forward

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// socket is the connection below TLS.
type socket struct {
	net.Conn
	sent int64 // bytes that were given to the system
	held bool  // whether reading finds nothing, so that TLS can be asked what it holds
	tls  bool  // whether TLS is above
}

func (s *socket) Write(p []byte) (int, error) {
	n, err := s.Conn.Write(p)
	s.sent += int64(n)
	return n, err
}

func (s *socket) Read(p []byte) (int, error) {
	if s.held {
		return 0, os.ErrDeadlineExceeded // TLS goes on after it
	}
	n, err := s.Conn.Read(p)
	if err == io.EOF && s.tls {
		err = errCut
	}
	return n, err
}

// errCut ends a connection over TLS that ends without TLS saying so (close_notify).
// crypto/tls would take it for the end of the body if it came between two records.
var errCut = fmt.Errorf("the connection ended without close_notify: %w", io.ErrUnexpectedEOF)

// conn is a connection to the carrier, with what is read from it. One goroutine uses it at
// a time; only its deadlines may be set by another.
type conn struct {
	net.Conn // over TLS or in the clear
	socket   *socket
	lookout  *lookout // on the socket, nil if it cannot be looked at
	address  string

	buffer []byte
	begin  int // of what is read and not consumed
	end    int
	failed error // of the last read, io.EOF included
	heard  bool  // whether any of the answer has come

	reused    bool
	idleSince time.Time
	reuseFor  time.Duration // how long it may be idle

	// What the watch has of it, under its lock.
	client      context.Context // of the client that waits, or nil
	place       int             // among those that wait
	interrupted bool

	answer head
	body   body
}

// readBuffer is how much is read at once, in bytes. An ordinary answer fits.
const readBuffer = 4 << 10

// past is a deadline that ends all waiting.
var past = time.Unix(1, 0)

// newConn takes over a connection that is dialed.
func newConn(dialed net.Conn, address string) *conn {
	c := &conn{socket: &socket{Conn: dialed}, address: address, buffer: make([]byte, readBuffer)}
	c.Conn = c.socket
	if system, ok := dialed.(syscall.Conn); ok {
		if raw, err := system.SyscallConn(); err == nil {
			c.lookout = newLookout(raw)
		}
	}
	return c
}

// interrupt ends all reading and writing.
func (c *conn) interrupt() { _ = c.SetDeadline(past) }

// secure does the TLS handshake.
func (c *conn) secure(ctx context.Context, config *tls.Config, timeout time.Duration) error {
	config = config.Clone()
	config.NextProtos = []string{"http/1.1"}
	if config.ServerName == "" {
		host, _, err := net.SplitHostPort(c.address)
		if err != nil {
			return err
		}
		config.ServerName = host
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	c.socket.tls = true
	secured := tls.Client(c.socket, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return err
	}
	c.Conn = secured
	return nil
}

// isQuiet reports whether nothing has come on an idle connection, not even its end.
func (c *conn) isQuiet() bool {
	if c.buffered() > 0 || c.failed != nil || c.lookout == nil || !c.lookout.nothingToRead() {
		return false
	}
	if _, ok := c.Conn.(*tls.Conn); !ok {
		return true
	}
	// TLS may have read more from the socket than it has handed out.
	c.socket.held = true
	n, err := c.Conn.Read(c.buffer[:1])
	c.socket.held = false
	return n == 0 && errors.Is(err, os.ErrDeadlineExceeded)
}

func (c *conn) buffered() int { return c.end - c.begin }

// fill reads more into the buffer, which grows if it is full.
func (c *conn) fill() error {
	if c.failed != nil {
		return c.failed
	}
	switch {
	case c.begin == c.end:
		c.begin, c.end = 0, 0
	case c.end == len(c.buffer) && c.begin > 0:
		c.end = copy(c.buffer, c.buffer[c.begin:c.end])
		c.begin = 0
	}
	if c.end == len(c.buffer) {
		c.buffer = append(c.buffer, make([]byte, len(c.buffer))...)
	}
	n, err := c.Conn.Read(c.buffer[c.end:])
	c.end += n
	c.heard = c.heard || n > 0
	if n == 0 && err == nil {
		err = io.ErrNoProgress
	}
	c.failed = err
	if n > 0 {
		return nil
	}
	return err
}

// read reads what is buffered, or else from the connection straight into p.
func (c *conn) read(p []byte) (int, error) {
	if c.buffered() > 0 {
		n := copy(p, c.buffer[c.begin:c.end])
		c.begin += n
		return n, nil
	}
	if c.failed != nil {
		return 0, c.failed
	}
	n, err := c.Conn.Read(p)
	c.failed = err
	if n > 0 {
		err = nil
	}
	return n, err
}

// readSection reads lines up to an empty one, which it includes, of at most limit bytes.
// Each must end with CR LF.
func (c *conn) readSection(limit int64) (string, error) {
	line, scanned := 0, 0 // from begin
	for {
		text := c.buffer[c.begin:c.end]
		for {
			i := bytes.IndexByte(text[scanned:], '\n')
			if i < 0 {
				break
			}
			i += scanned
			if i == 0 || text[i-1] != '\r' {
				return "", errLineEnd
			}
			scanned = i + 1
			if i == line+1 {
				if int64(scanned) > limit {
					return "", errHeadTooLarge
				}
				c.begin += scanned
				return string(text[:scanned]), nil
			}
			line = scanned
		}
		scanned = len(text)
		if int64(scanned) >= limit {
			return "", errHeadTooLarge
		}
		if err := c.fill(); err != nil {
			switch {
			case err != io.EOF && err != errCut:
			case c.heard:
				err = io.ErrUnexpectedEOF
			default:
				err = errClosed
			}
			return "", err
		}
	}
}
