//go:build linux

package main

import (
	"bufio"
	"io"
	"net"
	"time"
)

// manner is a way in which a client sends and reads.
type manner struct {
	name   string
	weight int
	// isChaos marks what is left out of a calm run.
	isChaos bool
	// isSlow marks what takes long: a client of its own does it, so that no other request
	// waits.
	isSlow bool
	// leaves says that the client does not wait for the whole answer.
	leaves bool
	// breaksOff says that it leaves before the request is whole, and inHead that it does so
	// before the head is.
	breaksOff, inHead bool
	// isLate says that it never sends the end of the body. Where the body is held, the gate
	// gives up waiting for it.
	isLate bool
	// opens says that it makes a connection of its own, and http2 that it speaks HTTP/2.
	opens, http2 bool
	send         func(c *connection, r *request) (outcome, string)
}

// manners are all there are.
var manners = []*manner{
	{name: "keeps its connection", weight: 800, send: exchangeWhole},
	{name: "makes a new connection", weight: 80, opens: true, send: exchangeWhole},
	{name: "speaks HTTP/2", weight: 80, http2: true},

	{name: "writes the head a byte at a time", weight: 5, isChaos: true, isSlow: true, send: slowHead},
	{name: "writes the body a few bytes at a time", weight: 5, isChaos: true, isSlow: true, send: slowBody},
	{name: "reads the answer a few bytes at a time", weight: 5, isChaos: true, isSlow: true, send: slowReading},

	{name: "never sends the end of the body", weight: 1, isChaos: true, isSlow: true, opens: true, breaksOff: true, isLate: true, send: lateBody},

	{name: "leaves in the head", weight: 4, isChaos: true, opens: true, leaves: true, breaksOff: true, inHead: true,
		send: leaving(func(r *request) []byte { head := r.head(); return head[:len(head)/2] })},
	{name: "leaves before the body", weight: 4, isChaos: true, opens: true, leaves: true, breaksOff: true, send: leaving((*request).head)},
	{name: "leaves in the body", weight: 4, isChaos: true, opens: true, leaves: true, breaksOff: true,
		send: leaving(func(r *request) []byte { return append(r.head(), r.body[:len(r.body)/2]...) })},
	{name: "leaves after the request", weight: 4, isChaos: true, opens: true, leaves: true,
		send: leaving(func(r *request) []byte { return append(r.head(), r.body...) })},
	{name: "leaves in the answer", weight: 4, isChaos: true, opens: true, leaves: true, send: leaveInAnswer},
}

// slowly writes so many bytes at a time, in 2 s at most.
func slowly(w io.Writer, text []byte, piece int) {
	piece = max(piece, len(text)/1000)
	for len(text) > 0 {
		n := min(len(text), piece)
		if _, err := w.Write(text[:n]); err != nil {
			return // it shows in what can be read
		}
		text = text[n:]
		time.Sleep(time.Millisecond)
	}
}

func slowHead(c *connection, r *request) (outcome, string) {
	_ = c.SetDeadline(time.Now().Add(patience))
	slowly(c, r.head(), 1)
	_, _ = c.Write(r.body)
	return c.readAnswer(r, c.reader)
}

func slowBody(c *connection, r *request) (outcome, string) {
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = c.Write(r.head())
	slowly(c, r.body, 1)
	return c.readAnswer(r, c.reader)
}

func lateBody(c *connection, r *request) (outcome, string) {
	if !r.isHeld() {
		return exchangeWhole(c, r)
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = c.Write(append(r.head(), r.body[:len(r.body)/2]...))
	return c.readAnswer(r, c.reader)
}

// slowReaderOf reads a piece of what there is, after a while.
type slowReaderOf struct{ net.Conn }

func (s slowReaderOf) Read(buffer []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return s.Conn.Read(buffer[:min(len(buffer), 400)])
}

func slowReading(c *connection, r *request) (outcome, string) {
	_ = c.SetDeadline(time.Now().Add(patience))
	_ = c.SetReadBuffer(4 << 10)
	_, _ = c.Write(append(r.head(), r.body...))
	return c.readAnswer(r, bufio.NewReader(slowReaderOf{c}))
}

// leaving writes something of a request and leaves: every other time with a reset.
func leaving(write func(r *request) []byte) func(*connection, *request) (outcome, string) {
	return func(c *connection, r *request) (outcome, string) {
		_ = c.SetDeadline(time.Now().Add(patience))
		_, _ = c.Write(write(r))
		c.leave(r)
		return gone, ""
	}
}

func leaveInAnswer(c *connection, r *request) (outcome, string) {
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = c.Write(append(r.head(), r.body...))
	_, _ = io.ReadFull(c, make([]byte, 20))
	c.leave(r)
	return gone, ""
}

func (c *connection) leave(r *request) {
	if r.number%2 == 0 {
		reset(c.TCPConn)
	} else {
		c.Close()
	}
	c.isClosed = true
}
