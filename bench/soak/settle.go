//go:build linux

package main

import "math/bits"

// settling judges what can be judged when everything has arrived.
type settling struct {
	*soak
	ended [16]int64 // requests, by the position of their outcome
	// raced were on their way as the carrier closed an idle connection, between as the gate
	// closed one, and waiting for a configuration that was replaced.
	raced, between, waiting int64
	// overHTTP2 of those between were over HTTP/2.
	overHTTP2 int64
}

// settle judges all requests by what is known of them: closed connections, 502, sends that
// arrived twice, and the lines of the log. It counts how they ended.
func (s *soak) settle() []count {
	t := settling{soak: s}
	for number := range s.ledger.entries {
		e, r := &s.ledger.entries[number], s.plan.request(uint32(number))
		t.ended[position(e.outcome)]++
		t.settle(e, r)
		t.settleLog(e, r)
	}
	// There are at most as many races as there were closed connections.
	closes := s.carrier.idleCloses.Load()
	if t.raced > closes {
		s.report.fail(checkAnswered, "%d requests that the carrier would have answered got 502, which is more than the %d connections that it closed", t.raced, closes)
	}
	counts := []count{{"requests", int64(len(s.ledger.entries))}}
	for o := whole; o <= wrong; o <<= 1 {
		counts = append(counts, count{"  " + o.String(), t.ended[position(o)]})
	}
	return append(counts,
		count{"connections that the carrier closed when they were idle", closes},
		count{"  requests that were on their way then, and got 502", t.raced},
		count{"requests on their way as the gate closed an idle connection", t.between},
		count{"  of which over HTTP/2", t.overHTTP2},
		count{"requests on new connections that were reset as a configuration took over", t.waiting})
}

// position is a small number for each outcome.
func position(o outcome) int { return max(0, bits.Len16(uint16(o))-1) }

func (t *settling) settle(e *entry, r *request) {
	if e.arrivals > 1 && r.kind.isSend {
		t.report.fail(checkTwice, "%s arrived %d times", r, e.arrivals)
	}
	if e.arrivals > 0 && r.manner.breaksOff && (r.isHeld() || r.manner.inHead) {
		t.report.fail(checkRequest, "%s arrived", r)
	}
	switch {
	case e.outcome == pending:
		t.report.fail(checkAnswered, "%s is not finished", r)
	case e.outcome == closed && !e.isAllowed:
		t.settleClosed(e, r)
	case e.outcome == failed && !e.isAllowed:
		// The carrier may close a connection just as a request is on its way. A send
		// cannot be tried again then: the client is told that it may have been sent.
		t.raced++
		if !r.isForwarded() && !r.kind.by {
			t.report.fail(checkAnswered, "%s: %s", r, e.outcome)
		}
	case e.outcome == unreachable && e.arrivals > 0:
		t.report.fail(checkTwice, "%s arrived, and the client may send it again: %s", r, e.outcome)
	case e.outcome == refused && e.arrivals > 0:
		t.report.fail(checkLetThrough, "%s was refused and arrived", r)
	case e.outcome == whole && e.arrivals == 0:
		t.report.fail(checkAnswered, "%s has an answer and did not arrive", r)
	}
}

// settleClosed judges a request that has no answer though the carrier would have answered.
// A client may send it again if it was not processed.
//
// A server that is replaced closes its connections between two requests, and cannot know of
// a request that is on its way then. Its socket has connections that it has not taken yet:
// Linux resets them unless it is told to migrate them.
func (t *settling) settleClosed(e *entry, r *request) {
	b := t.report.broken[r.number]
	switch {
	case e.arrivals > 0 || e.lines > 0:
		t.report.fail(checkClosed, "%s arrived %d times and has %d lines in the log: %s", r, e.arrivals, e.lines, b.detail)
	case !t.gate.reloadedWithin(b):
		t.report.fail(checkClosed, "%s: %s, and no configuration took over between %s and %s", r, b.detail, clock(b.began), clock(b.ended))
	case e.reused:
		t.between++
		t.overHTTP2 += int64(index(r.manner.http2))
	case migrates():
		t.report.fail(checkClosed, "%s, the first of its connection: %s", r, b.detail)
	default:
		t.waiting++
	}
}

// settleLog judges the lines of the log that a request has.
func (t *settling) settleLog(e *entry, r *request) {
	want := uint8(1)
	if e.outcome&(closed|gone) != 0 {
		want = min(e.lines, 1) // not known: the client did not see what became of it
	}
	if e.lines != want {
		t.report.fail(checkLog, "%s: %s, and %d lines in the log", r, e.outcome, e.lines)
		return
	}
	if e.outcome&answered == 0 {
		return
	}
	if e.status != e.logged {
		t.report.fail(checkLog, "%s: the client got %d, and the log has %d", r, e.status, e.logged)
	}
	if isDenied := verdicts[e.verdict] == "deny"; isDenied != (e.outcome == refused) {
		t.report.fail(checkLog, "%s: %s, and the log has the verdict %q", r, e.outcome, verdicts[e.verdict])
	}
}
