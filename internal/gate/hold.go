package gate

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Bounds limit the bodies that are held.
type Bounds struct {
	// Timeout is how long the gate waits for a body.
	Timeout time.Duration
	// Memory is how many bytes of Budget may be in use.
	Memory int64
	Budget *Budget
}

// Holding is what is held of one request. It is for one goroutine, and must be
// released when the request is answered. The zero value has no bounds.
type Holding struct {
	bounds *Bounds
	writer http.ResponseWriter
	// clock ends the wait for the body; nil while it does not run.
	clock *clock
	// late says that the body did not arrive in time.
	late bool
	// whole says that all of the body has arrived.
	whole bool
	// taken is how much of the budget is reserved, in bytes.
	taken int64
}

// Begin starts to hold the request that is answered to a writer.
func (b *Bounds) Begin(w http.ResponseWriter) Holding { return Holding{bounds: b, writer: w} }

// Release returns what was taken of the budget. It may be called twice.
func (h *Holding) Release() {
	h.stopClock()
	if h.taken > 0 {
		h.bounds.Budget.giveBack(h.taken)
		h.taken = 0
	}
}

// startClock gives the client the time from now on to send its body.
//
// The deadline of the connection is set only when time is up: until then those of the
// server stay in force, which may be sooner, and no deadline is left behind.
func (h *Holding) startClock() {
	if h.clock != nil || h.bounds == nil || h.bounds.Timeout <= 0 {
		return
	}
	h.clock = newClock(h.writer, h.bounds.Timeout)
}

// stopClock ends the wait. If the clock has run out, it waits until the deadline is set.
func (h *Holding) stopClock() {
	if h.clock == nil {
		return
	}
	if !h.clock.stop() {
		h.late = true
	}
	h.clock = nil
}

// Hold reads the body of a request to judge it and puts it back, whole. It reads no more
// than the limit and one byte: a body over the limit is refused and never cut. The
// request's length, transfer coding and trailers stay as they were. The bytes returned
// must not be changed: they are forwarded.
func (h *Holding) Hold(r *http.Request, limit int64) ([]byte, policy.Reason) {
	body, reason := h.hold(r, limit, new(judgedBody))
	if h.stopClock(); h.late {
		return nil, carrier.BodyLate
	}
	return body, reason
}

// hold is Hold without an end to the clock. The body that it puts back is the one given.
func (h *Holding) hold(r *http.Request, limit int64, judged *judgedBody) ([]byte, policy.Reason) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, ""
	}
	h.startClock()
	original := r.Body
	body, err := h.readUpTo(original, r.ContentLength, limit)

	judged.Closer, judged.text = original, body
	judged.reader.Reset(body)
	r.Body = judged
	if err == nil && int64(len(body)) <= limit {
		h.whole = true
		return body, ""
	}
	if err == nil || errors.Is(err, errMemory) {
		r.Body = &longBody{io.MultiReader(judged, original), original}
	} else {
		// If it is forwarded even so, the reader must see that it broke off.
		r.Body = &longBody{io.MultiReader(judged, brokenReader{err}), original}
	}
	return nil, h.unheld(err)
}

// unheld is why a body was not held: it is over the limit, unless there is an error.
func (h *Holding) unheld(err error) policy.Reason {
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil || errors.As(err, &tooLarge):
		return carrier.BodyTooLarge
	case errors.Is(err, errMemory):
		return carrier.MemoryFull
	case errors.Is(err, os.ErrDeadlineExceeded):
		h.late = true // by this clock, or by one of the server's
		return carrier.BodyLate
	}
	return carrier.BodyUnreadable
}

// errMemory ends the reading of a body that there is no memory for.
var errMemory = errors.New("the memory for request bodies is full")

const (
	// unknownLength is how much room is made at first for a body that does not say
	// how long it is, in bytes.
	unknownLength = 512

	// free is how much of each body is held whatever other bodies use, in bytes. A
	// message of 1,600 characters, the most that Twilio accepts, fits in with each
	// character encoded as nine, so that no other client can keep it out. It is also the
	// most room that is made before anything has arrived.
	free = 16 << 10

	// MaxAnonymous is how much is held of a body without a credential, in bytes. Most
	// operations accept no more.
	MaxAnonymous = 64 << 10
)

// readUpTo reads to the end, and at most one byte more than the limit. The
// length that was announced, negative if none was, says how much room to make
// and nothing else.
func (h *Holding) readUpTo(r io.Reader, announced, limit int64) ([]byte, error) {
	if announced < 0 {
		announced = unknownLength
	}
	body := make([]byte, 0, min(announced, limit, free)+1)
	for {
		n, err := r.Read(body[len(body):min(int64(cap(body)), limit+1)])
		body = body[:len(body)+n]
		switch {
		case err == io.EOF:
			return body, nil
		case err != nil || int64(len(body)) > limit:
			return body, err
		case len(body) == cap(body):
			room := min(2*int64(cap(body)), limit+1)
			if !h.take(room) {
				return body, errMemory
			}
			body = append(make([]byte, 0, room), body...)
		}
	}
}

// take reserves what a body needs of the budget beyond what is free.
func (h *Holding) take(room int64) bool {
	more := room - free - 1 - h.taken
	if h.bounds == nil || more <= 0 {
		return true
	}
	if !h.bounds.Budget.take(more, h.bounds.Memory) {
		return false
	}
	h.taken += more
	return true
}

// Abandon bounds the wait for the rest of a body that is refused: an HTTP/1 server reads
// some of it before or after it writes an answer. If the connection is to be closed, the
// answer is sent first.
func (h *Holding) Abandon(r *http.Request, closes bool) {
	if h.writer == nil || h.whole || r.ProtoMajor != 1 || r.ContentLength == 0 {
		return
	}
	wait := h.bounds.Timeout
	if closes {
		h.writer.Header().Set("Connection", "close")
		wait = min(wait, lastRead)
	}
	if !h.late && wait > 0 {
		_ = http.NewResponseController(h.writer).SetReadDeadline(time.Now().Add(wait))
	}
}

// lastRead is how long the rest of a body is read after the answer, before the connection
// is closed: closing it at once could lose the answer.
const lastRead = time.Second
