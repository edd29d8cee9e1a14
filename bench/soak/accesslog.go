//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"slices"
)

// accessLog reads what the gate logs.
type accessLog struct {
	plan   *plan
	ledger *ledger
	report *report
}

// line is what is looked at in a line of the log.
type line struct {
	Level   string
	Logger  string
	Message string `json:"msg"`
	Request struct{ URI string }
	Status  int
	Gate    struct{ Verdict, Reason string } `json:"tollgate"`
}

// read reads the log to its end.
func (l *accessLog) read(from io.Reader) {
	lines := bufio.NewReaderSize(from, 256<<10)
	for {
		text, err := lines.ReadBytes('\n')
		if len(text) > 0 {
			l.take(text)
		}
		if err != nil {
			return
		}
	}
}

// take looks at one line.
func (l *accessLog) take(text []byte) {
	var read line
	if err := json.Unmarshal(text, &read); err != nil {
		// Go's own: a panic, or what the race detector found.
		l.report.fail(checkPanic, "%s", bytes.TrimSpace(text))
		return
	}
	if read.Message != "handled request" {
		if read.Level == "panic" || read.Level == "fatal" || bytes.Contains(text, []byte("panic")) {
			l.report.fail(checkPanic, "%.2000s", text)
		}
		l.report.note(read.Level, read.Logger, read.Message)
		return
	}
	number, ok := numberOf(read.Request.URI)
	if !ok {
		l.report.fail(checkLog, "a line of no request: %s", text)
		return
	}
	l.ledger.change(number, func(e *entry) {
		e.lines = increment(e.lines)
		e.logged = uint16(read.Status)
		e.verdict = uint8(max(0, slices.Index(verdicts, read.Gate.Verdict)))
	})
	planned := l.plan.request(number)
	k := planned.kind
	right := read.Gate.Verdict == k.verdict && read.Gate.Reason == k.reason ||
		k.by && read.Gate.Verdict == "deny" && read.Gate.Reason == "territory_not_enabled" ||
		planned.manner.isLate && read.Gate.Verdict == "deny" && read.Gate.Reason == "body_late" ||
		planned.manner.leaves && read.Gate.Verdict == "deny" && read.Gate.Reason == "body_unreadable"
	if !right {
		l.report.fail(checkLog, "%s (%s, %s): verdict %q for the reason %q", letters(number), k.name, planned.manner.name,
			read.Gate.Verdict, read.Gate.Reason)
	}
}
