//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// carrier plays the carrier's part. It records each request that arrives, and knows by its
// number how to answer.
type carrier struct {
	plan   *plan
	ledger *ledger
	report *report
	server http.Server
	// idleCloses counts the connections that it closed between two requests.
	idleCloses counter
	// restless says that it closes some.
	restless bool
	timers   sync.Map // of connections that will be closed if they are idle
}

// start takes connections at a free address, which it returns.
func (c *carrier) start() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	c.server.Handler = http.HandlerFunc(c.serve)
	c.server.ReadHeaderTimeout = time.Minute
	c.server.ErrorLog = silent
	c.server.ConnState = c.connState
	go func() {
		if err := c.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			c.report.fail(checkCarrier, "serving: %v", err)
		}
	}()
	return listener.Addr().String(), nil
}

func (c *carrier) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.server.Shutdown(ctx)
	_ = c.server.Close()
}

// connState closes one idle connection in ten, soon: also just as the gate writes to it.
func (c *carrier) connState(conn net.Conn, state http.ConnState) {
	if timer, ok := c.timers.LoadAndDelete(conn); ok {
		timer.(*time.Timer).Stop()
	}
	if !c.restless || state != http.StateIdle || rand.IntN(10) > 0 {
		return
	}
	c.timers.Store(conn, time.AfterFunc(time.Duration(rand.IntN(50))*time.Millisecond, func() {
		if _, idle := c.timers.LoadAndDelete(conn); idle {
			c.idleCloses.add(1)
			conn.Close()
		}
	}))
}

// probe is what the gate's own checks of a credential are answered.
const probe = `{"messages": []}`

func (c *carrier) serve(w http.ResponseWriter, r *http.Request) {
	number, ok := numberOf(r.RequestURI)
	if !ok {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, probe)
		return
	}
	planned := c.plan.request(number)
	c.ledger.arrived(number)
	if planned.kind.verdict == "deny" {
		c.report.fail(checkLetThrough, "%s (%s) arrived", letters(number), planned.kind.name)
	}
	if planned.key != nil {
		c.lookForKey(r, planned)
	}
	planned.behavior.serve(&exchange{ResponseWriter: w, request: r, planned: planned, carrier: c})
}

// lookForKey looks for the client's key in all fields of a request.
func (c *carrier) lookForKey(r *http.Request, planned *request) {
	for name, values := range r.Header {
		text := strings.Join(values, " ")
		for _, part := range []string{planned.key.SID, planned.key.Secret, planned.authorization()[len("Basic "):]} {
			if strings.Contains(text, part) {
				c.report.fail(checkRequest, "%s arrived with its key in %s", planned, name)
			}
		}
	}
}

// exchange is one request at the carrier.
type exchange struct {
	http.ResponseWriter
	request *http.Request
	planned *request
	carrier *carrier
}

// readRequest reads the request to its end and compares it with what the client wrote.
func (x *exchange) readRequest() (isWhole bool) {
	body, err := io.ReadAll(x.request.Body)
	if err != nil {
		// What is judged is held until it is whole. The gate ends a request whose client
		// left, even as it forwards it, and the carrier itself may have closed a connection.
		if x.planned.kind.verdict != "" && !x.planned.manner.leaves && !errors.Is(err, net.ErrClosed) {
			x.carrier.report.fail(checkRequest, "%s arrived broken off: %v", x.planned, err)
		}
		return false
	}
	p := x.planned
	if x.request.Method != p.method || x.request.RequestURI != p.target() || !bytes.Equal(body, p.body) ||
		!slices.Equal(x.request.Header["Authorization"], []string{p.carried()}) || x.request.Header.Get("Content-Type") != p.contentType {
		x.carrier.report.fail(checkRequest, "%s arrived as %s %s with %d bytes: not what was sent",
			p, x.request.Method, x.request.RequestURI, len(body))
	}
	return true
}

// writeAnswer answers as a good server does.
func (x *exchange) writeAnswer() {
	a := &x.planned.answer
	for range a.early {
		x.Header().Set("Link", "</early>; rel=preload")
		x.WriteHeader(http.StatusEarlyHints)
		x.Header().Del("Link")
	}
	for name, values := range a.header {
		x.Header()[name] = values
	}
	for name := range a.trailer {
		x.Header().Add("Trailer", name)
	}
	if a.trailer == nil {
		x.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	}
	x.WriteHeader(a.status)
	_, _ = x.Write(a.body)
	for name, values := range a.trailer {
		x.Header()[name] = values
	}
}

// raw takes the connection from the server: what is written to it is up to the caller,
// who closes it.
func (x *exchange) raw() (*net.TCPConn, bool) {
	conn, _, err := http.NewResponseController(x.ResponseWriter).Hijack()
	if err != nil {
		x.carrier.report.fail(checkCarrier, "taking a connection over: %v", err)
		return nil, false
	}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return conn.(*net.TCPConn), true
}

// head is the start of the answer, with these further fields.
func (a *answer) head(fields ...string) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "HTTP/1.1 %d %s\r\n", a.status, http.StatusText(a.status))
	_ = a.header.Write(&text)
	for _, field := range fields {
		text.WriteString(field + "\r\n")
	}
	text.WriteString("\r\n")
	return text.Bytes()
}

// reset ends a connection so that the other side gets an error.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	conn.Close()
}
