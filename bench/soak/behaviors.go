//go:build linux

package main

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// behavior is a way in which the carrier answers.
type behavior struct {
	name   string
	weight int
	// isChaos marks what is left out of a calm run.
	isChaos bool
	// uploads says that only uploads meet it.
	uploads bool
	// outcomes are those that are right for a request that is let through.
	outcomes outcome
	// change is made to the ordinary answer, and serve gives it.
	change func(a *answer)
	serve  func(x *exchange)
}

// headerTimeout is how long the gate waits for the head of an answer.
const headerTimeout = 10 * time.Second

// behaviors are all there are.
var behaviors = []*behavior{
	{name: "answers", weight: 1000, outcomes: whole, serve: ordinary},
	{name: "is too busy", weight: 10, outcomes: whole, serve: ordinary, change: func(a *answer) {
		a.status = http.StatusTooManyRequests
		a.header.Set("Retry-After", "1")
	}},
	{name: "is not available", weight: 10, outcomes: whole, serve: ordinary, change: func(a *answer) {
		a.status = http.StatusServiceUnavailable
	}},

	// Answers that are right, in unusual form.
	{name: "sends early hints", weight: 10, isChaos: true, outcomes: whole, serve: ordinary, change: func(a *answer) { a.early = 2 }},
	{name: "sends trailers", weight: 10, isChaos: true, outcomes: whole, serve: ordinary, change: func(a *answer) {
		a.trailer = http.Header{"X-Checksum": {"abc"}, "X-Second": {"1", "2"}}
	}},
	{name: "answers in chunks", weight: 10, isChaos: true, outcomes: whole, serve: chunked},
	{name: "ends its answer with the connection", weight: 10, isChaos: true, outcomes: whole, serve: closeDelimited},
	{name: "answers in tiny pieces", weight: 10, isChaos: true, outcomes: whole, serve: tinyPieces},
	{name: "stalls", weight: 10, isChaos: true, outcomes: whole, serve: stall},
	{name: "is slow to read", weight: 5, isChaos: true, uploads: true, outcomes: whole, serve: slowReader},

	// Failures. What the carrier wrote may be lost with the connection that it resets.
	{name: "never answers", weight: 1, isChaos: true, outcomes: failed, serve: silence},
	{name: "resets before its answer", weight: 5, isChaos: true, outcomes: failed, serve: ending(nothing, reset)},
	{name: "closes before its answer", weight: 5, isChaos: true, outcomes: failed, serve: ending(nothing, closing)},
	{name: "resets in the head", weight: 5, isChaos: true, outcomes: failed, serve: ending(halfHead, reset)},
	{name: "closes in the head", weight: 5, isChaos: true, outcomes: failed, serve: ending(halfHead, closing)},
	{name: "resets in the body", weight: 5, isChaos: true, outcomes: cut | failed, serve: ending(halfBody, reset)},
	{name: "closes in the body", weight: 5, isChaos: true, outcomes: cut, serve: ending(halfBody, closing)},
	{name: "closes in a chunk", weight: 5, isChaos: true, outcomes: cut, serve: ending(halfChunk, closing)},
	{name: "answers what is not HTTP", weight: 5, isChaos: true, outcomes: failed, serve: ending(text("what?\r\n\r\n"), closing)},
	{name: "answers a status of no number", weight: 5, isChaos: true, outcomes: failed, serve: ending(text("HTTP/1.1 2x1 OK\r\n\r\n"), closing)},
	{name: "answers two lengths", weight: 5, isChaos: true, outcomes: failed,
		serve: ending(text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"), closing)},
	{name: "answers a field without a name", weight: 5, isChaos: true, outcomes: failed,
		serve: ending(text("HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nab"), closing)},
	// The gate may still be writing then, and the client too: that any of it is seen is luck.
	{name: "answers an upload that it does not read", weight: 20, isChaos: true, uploads: true, outcomes: whole | failed | cut | closed,
		serve: early, change: func(a *answer) { a.status = http.StatusRequestEntityTooLarge }},
}

func ordinary(x *exchange) {
	if x.readRequest() {
		x.writeAnswer()
	}
}

// length is the field with the length of a body.
func length(n int) string { return fmt.Sprintf("Content-Length: %d", n) }

func chunked(x *exchange) {
	if !x.readRequest() {
		return
	}
	for name, values := range x.planned.answer.header {
		x.Header()[name] = values
	}
	x.WriteHeader(x.planned.answer.status)
	for body := x.planned.answer.body; len(body) > 0; {
		n := min(len(body), 1000)
		_, _ = x.Write(body[:n])
		_ = http.NewResponseController(x.ResponseWriter).Flush()
		body = body[n:]
	}
}

func closeDelimited(x *exchange) {
	if !x.readRequest() {
		return
	}
	if conn, ok := x.raw(); ok {
		defer conn.Close()
		_, _ = conn.Write(append(x.planned.answer.head("Connection: close"), x.planned.answer.body...))
	}
}

// tinyPieces writes the head and the start of the body in pieces of a few bytes.
func tinyPieces(x *exchange) {
	if !x.readRequest() {
		return
	}
	conn, ok := x.raw()
	if !ok {
		return
	}
	defer conn.Close()
	a := &x.planned.answer
	answer := append(a.head(length(len(a.body)), "Connection: close"), a.body...)
	for range 200 {
		n := min(len(answer), 3)
		_, _ = conn.Write(answer[:n])
		answer = answer[n:]
		time.Sleep(time.Millisecond)
	}
	_, _ = conn.Write(answer)
}

func stall(x *exchange) {
	if x.readRequest() {
		time.Sleep(time.Duration(x.planned.number%20) * 100 * time.Millisecond)
		x.writeAnswer()
	}
}

// silence lasts until the gate gives up.
func silence(x *exchange) {
	if x.readRequest() {
		<-x.request.Context().Done()
	}
}

func slowReader(x *exchange) {
	for buffer := make([]byte, 4<<10); ; {
		if _, err := x.request.Body.Read(buffer); err != nil {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	x.writeAnswer()
}

func early(x *exchange) {
	if conn, ok := x.raw(); ok {
		a := &x.planned.answer
		_, _ = conn.Write(append(a.head(length(len(a.body)), "Connection: close"), a.body...))
		_ = conn.CloseWrite()
		time.Sleep(50 * time.Millisecond)
		conn.Close()
	}
}

// ending reads the request, writes what is said, and ends the connection in one way.
func ending(write func(a *answer) []byte, end func(*net.TCPConn)) func(*exchange) {
	return func(x *exchange) {
		if !x.readRequest() {
			return
		}
		if conn, ok := x.raw(); ok {
			_, _ = conn.Write(write(&x.planned.answer))
			end(conn)
		}
	}
}

func closing(conn *net.TCPConn) { conn.Close() }

func nothing(*answer) []byte { return nil }

func text(what string) func(*answer) []byte {
	return func(*answer) []byte { return []byte(what) }
}

func halfHead(a *answer) []byte {
	head := a.head(length(len(a.body)))
	return head[:len(head)/2]
}

func halfBody(a *answer) []byte {
	return append(a.head(length(len(a.body))), a.body[:len(a.body)/2]...)
}

func halfChunk(a *answer) []byte {
	return append(a.head("Transfer-Encoding: chunked"), "10\r\nabc"...)
}
