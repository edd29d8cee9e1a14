//go:build linux

package main

import "math/bits"

// settle judges what can be judged when everything has arrived: closed connections, 502,
// sends that arrived twice, and the lines of the log. It counts how requests ended.
func settle(l *ledger, p *plan, c *carrier, report *report) []count {
	var ended [16]int64
	var races, closes int64
	for number := range l.entries {
		e, r := &l.entries[number], p.request(uint32(number))
		ended[position(e.outcome)]++
		if e.arrivals > 1 && r.kind.isSend {
			report.fail(checkTwice, "%s arrived %d times", r, e.arrivals)
		}
		switch {
		case e.outcome == pending:
			report.fail(checkAnswered, "%s is not finished", r)
		case e.outcome == closed && !e.isAllowed:
			closes++
			settleClosed(e, r, report)
		case e.outcome == gateway && !e.isAllowed:
			races++
			if e.arrivals > 0 || !r.isForwarded() && !r.kind.by {
				report.fail(checkAnswered, "%s: %s, and arrived %d times", r, e.outcome, e.arrivals)
			}
		case e.outcome == refused && e.arrivals > 0:
			report.fail(checkLetThrough, "%s was refused and arrived", r)
		case e.outcome == whole && e.arrivals == 0:
			report.fail(checkAnswered, "%s has an answer and did not arrive", r)
		}
		settleLog(e, r, report)
	}
	// The carrier may close a connection just as a request is on its way. A send cannot be
	// tried again then. There are at most as many as it closed connections.
	if closes := c.idleCloses.Load(); races > closes {
		report.fail(checkAnswered, "%d requests that the carrier would have answered got 502, which is more than the %d connections that it closed", races, closes)
	}
	counts := []count{{"requests", int64(len(l.entries))}}
	for o := whole; o <= wrong; o <<= 1 {
		counts = append(counts, count{"  " + o.String(), ended[position(o)]})
	}
	return append(counts,
		count{"connections that the carrier closed when they were idle", c.idleCloses.Load()},
		count{"  requests that were on their way then, and got 502", races},
		count{"requests on connections that were closed between two requests", closes})
}

// position is a small number for each outcome.
func position(o outcome) int { return bits.Len16(uint16(o)) - 1 + index(o == pending) }

// settleClosed judges a request that has no answer though the carrier would have answered:
// a server that begins again closes connections between two requests, and cannot know of a
// request that is on its way then. A client may send that again if it was not processed.
func settleClosed(e *entry, r *request, report *report) {
	switch {
	case e.arrivals > 0 || e.lines > 0:
		report.fail(checkClosed, "%s arrived %d times and has %d lines in the log: %s", r, e.arrivals, e.lines, report.details[r.number])
	case !e.reused && !r.manner.isSlow:
		report.fail(checkClosed, "%s, the first of its connection: %s", r, report.details[r.number])
	}
}

// settleLog judges the lines of the log that a request has.
func settleLog(e *entry, r *request, report *report) {
	want := uint8(1)
	if e.outcome&(closed|gone) != 0 {
		want = min(e.lines, 1) // not known: the client did not see what became of it
	}
	if e.lines != want {
		report.fail(checkLog, "%s: %s, and %d lines in the log", r, e.outcome, e.lines)
		return
	}
	if e.outcome&(whole|refused|gateway) != 0 && e.status != e.logged {
		report.fail(checkLog, "%s: the client got %d, and the log has %d", r, e.status, e.logged)
	}
	isDenied := verdicts[e.verdict] == "deny"
	if e.outcome&(whole|gateway|refused) != 0 && isDenied != (e.outcome == refused) {
		report.fail(checkLog, "%s: %s, and the log has the verdict %q", r, e.outcome, verdicts[e.verdict])
	}
}
