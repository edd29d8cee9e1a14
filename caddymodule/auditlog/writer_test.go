package auditlog

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	_ "github.com/caddyserver/caddy/v2/modules/logging" // the writers file and net
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// disk is a log writer with room for so many bytes: -1 for any number.
type disk struct {
	mu     sync.Mutex
	room   int
	text   bytes.Buffer
	opened int
	closed int
	broken error // why it cannot be opened
	// gate, if there is one, holds each write up until it is closed.
	gate chan struct{}
}

var errFull = errors.New("no space left on device")

func (d *disk) String() string    { return "disk" }
func (d *disk) WriterKey() string { return "disk" }

func (d *disk) OpenWriter() (io.WriteCloser, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return nil, d.broken
	}
	d.opened++
	return d, nil
}

func (d *disk) Write(p []byte) (int, error) {
	if d.gate != nil {
		<-d.gate
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := len(p), error(nil)
	if d.room >= 0 && n > d.room {
		n, err = d.room, errFull
	}
	if d.room >= 0 {
		d.room -= n
	}
	d.text.Write(p[:n])
	return n, err
}

func (d *disk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed++
	return nil
}

func (d *disk) written() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

func (d *disk) set(change func(d *disk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func startWriter(t *testing.T, d *disk) *lineWriter {
	t.Helper()
	w := newLineWriter(d, zap.NewNop())
	t.Cleanup(func() { _ = w.Destruct() })
	return w
}

const patience = 10 * time.Second

// A line that follows half of one must be a line of its own, or both are lost.
func TestHalfALineSpoilsNoOther(t *testing.T) {
	for _, c := range []struct {
		name string
		room int
		want string
	}{
		{"nothing of it is written", 0, "{\"n\":2}\n"},
		{"a part of it is written", 3, "{\"n\n{\"n\":2}\n"},
		{"all but the end of the line", 7, "{\"n\":1}\n{\"n\":2}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &disk{room: c.room}
			w := startWriter(t, d)
			if err := w.write([]byte("{\"n\":1}\n"), patience); !errors.Is(err, errFull) {
				t.Errorf("a line without room: %v", err)
			}
			d.set(func(d *disk) { d.room = -1 })
			if err := w.write([]byte("{\"n\":2}\n"), patience); err != nil {
				t.Errorf("a line with room: %v", err)
			}
			if got := d.written(); got != c.want {
				t.Errorf("written is %q, want %q", got, c.want)
			}
		})
	}
}

func TestAWriterThatCouldNotBeOpenedIsOpenedByALaterLine(t *testing.T) {
	d := &disk{room: -1, broken: errors.New("permission denied")}
	w := startWriter(t, d)
	if err := w.open(patience); err == nil {
		t.Error("it opens")
	}
	d.set(func(d *disk) { d.broken = nil })
	for range 2 {
		if err := w.write([]byte("x\n"), patience); err != nil {
			t.Error(err)
		}
	}
	if d.written() != "x\nx\n" || d.opened != 1 {
		t.Errorf("%q after it was opened %d times", d.written(), d.opened)
	}
}

// A line that no request waits for is counted if it is lost.
func TestALineThatNoRequestWaitsForIsCountedIfItIsLost(t *testing.T) {
	d := &disk{room: -1, gate: make(chan struct{})}
	w := startWriter(t, d)
	var mu sync.Mutex
	lost := 0
	lose := func() { mu.Lock(); lost++; mu.Unlock() }
	const lines = mostWaiting + 10
	for range lines {
		w.writeLater([]byte("x\n"), lose)
	}
	mu.Lock()
	early := lost
	mu.Unlock()
	// One is being written, unless the writer has not come to it yet.
	if early < lines-mostWaiting-1 || early > lines-mostWaiting {
		t.Errorf("%d of %d lines are lost before the writer that is stuck", early, lines)
	}
	close(d.gate)
	harness.Await(t, "the others are written", func() bool { return strings.Count(d.written(), "\n") == lines-early })
}

func TestALineThatTakesTooLongIsNotWaitedFor(t *testing.T) {
	d := &disk{room: -1, gate: make(chan struct{})}
	w := startWriter(t, d)
	if err := w.write([]byte("x\n"), time.Millisecond); !errors.Is(err, errAuditBusy) {
		t.Errorf("error is %v", err)
	}
	close(d.gate)
}

func TestWhatStillWaitsIsWrittenAtTheEndAndNothingAfter(t *testing.T) {
	d := &disk{room: -1}
	w := newLineWriter(d, zap.NewNop())
	for range 100 {
		w.writeLater([]byte("x\n"), func() { t.Error("a line is lost") })
	}
	if err := w.Destruct(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(d.written(), "\n"); got != 100 || d.closed != 1 {
		t.Errorf("%d lines are written, and the writer is closed %d times", got, d.closed)
	}
	if err := w.write([]byte("x\n"), patience); !errors.Is(err, errAuditEnded) {
		t.Errorf("afterwards: %v", err)
	}
}

func TestAnAuditLogIsOneOfCaddysWriters(t *testing.T) {
	for _, c := range []struct{ name, text, want, problem string }{
		{"a file", "audit_log file /var/log/audit.log", `{"filename":"/var/log/audit.log","output":"file"}`, ""},
		{"with options", "audit_log file audit.log {\n roll_disabled\n}", `{"filename":"audit.log","output":"file","roll":false}`, ""},
		{"one that is required", "audit_log required net localhost:514", `{"address":"localhost:514","output":"net"}`, ""},
		{"standard output", "audit_log stdout", `{"output":"stdout"}`, ""},
		{"none", "audit_log", "", "needs a writer"},
		{"required of none", "audit_log required", "", "needs a writer"},
		{"one that there is not", "audit_log syslog", "", "unknown log writer"},
		{"an argument too many", "audit_log stdout x", "", "argument"},
		{"an option that there is not", "audit_log file audit.log {\n rolls\n}", "", "rolls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := caddyfile.NewTestDispenser(c.text)
			d.Next()
			a, err := Parse(d)
			switch {
			case c.problem != "":
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("error is %v", err)
				}
			case err != nil:
				t.Error(err)
			case string(a.WriterRaw) != c.want || a.Required != strings.Contains(c.text, "required"):
				t.Errorf("%s, required %t", a.WriterRaw, a.Required)
			}
		})
	}
}
