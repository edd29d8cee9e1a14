//go:build linux

package main

import (
	"fmt"
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
}

func ordinary(x *exchange) {
	if x.readRequest() {
		x.writeAnswer()
	}
}

// length is the field with the length of a body.
func length(n int) string { return fmt.Sprintf("Content-Length: %d", n) }
