//go:build linux

package main

// outcome is how a request ended for its client; outcomes are a set of them.
type outcome uint16

const (
	pending outcome = 0
	// whole: the answer of the carrier came as the carrier wrote it.
	whole outcome = 1 << iota
	// refused: the gate refused it as it must.
	refused
	// failed: the gate answered, in the carrier's words, that the carrier did not, and that it
	// is not known whether anything was sent.
	failed
	// unreachable: the gate answered that the carrier cannot be reached: nothing was sent.
	unreachable
	// cut: an answer began and broke off, and the client could see that.
	cut
	// closed: the connection ended before anything of an answer.
	closed
	// gone: the client left.
	gone
	// wrong: anything else.
	wrong
)

// answered are the outcomes with a whole answer.
const answered = whole | refused | failed | unreachable

func (o outcome) String() string {
	switch o {
	case pending:
		return "unfinished"
	case whole:
		return "answered by the carrier"
	case refused:
		return "refused by the gate"
	case failed:
		return "answered 502 or 504 with 20500"
	case unreachable:
		return "answered 502 with 20503"
	case cut:
		return "broken off"
	case closed:
		return "closed without an answer"
	case gone:
		return "left by the client"
	}
	return "wrong"
}

// allowed are the outcomes that are right for a request.
func (r *request) allowed() outcome {
	switch {
	case r.manner.leaves:
		return gone
	case r.manner.isLate && r.isHeld():
		return refused
	case r.kind.by:
		return r.behavior.outcomes | refused
	case r.isForwarded():
		return r.behavior.outcomes
	}
	return refused
}
