package gate

import (
	"net/http"
	"sync"
	"time"
)

// clock ends the wait for one body after another: a timer of its own costs each request
// three allocations.
type clock struct {
	timer  *time.Timer
	writer http.ResponseWriter
	// expired is closed once the clock has run out and the deadline of the connection is set.
	expired chan struct{}
}

// clocks are clocks that were stopped in time.
var clocks sync.Pool

// newClock starts a clock for the request that is answered to a writer.
func newClock(writer http.ResponseWriter, timeout time.Duration) *clock {
	if c, ok := clocks.Get().(*clock); ok {
		c.writer = writer
		c.timer.Reset(timeout)
		return c
	}
	c := &clock{writer: writer, expired: make(chan struct{})}
	c.timer = time.AfterFunc(timeout, c.expire)
	return c
}

// expire ends the reading. A writer without deadlines cannot end the wait: a late body is
// refused once it has arrived.
func (c *clock) expire() {
	defer close(c.expired)
	_ = http.NewResponseController(c.writer).SetReadDeadline(longAgo)
}

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// stop ends the clock and reports whether it had not run out. If it has, stop waits until
// the deadline is set. The clock must not be used afterwards.
func (c *clock) stop() bool {
	if !c.timer.Stop() {
		<-c.expired
		return false
	}
	c.writer = nil
	clocks.Put(c)
	return true
}
