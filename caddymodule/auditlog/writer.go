package auditlog

import (
	"bytes"
	"io"
	"os"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap"
)

// lineWriter writes whole lines to a log writer of Caddy's, one after the other, and
// knows of each whether it was written: handed to the system as a whole, and not
// necessarily on the disk.
type lineWriter struct {
	opener caddy.WriterOpener
	logger *zap.Logger
	lines  chan *waitingLine
	stop   chan struct{}
	ended  chan struct{}

	// The rest is of the goroutine that writes.
	writer io.WriteCloser
	// half says that the last line may have been written in part.
	half    bool
	failing bool
}

// waitingLine is a line that is to be written.
type waitingLine struct {
	text []byte
	// done receives the result. It never blocks.
	done func(error)
}

// mostWaiting is how many lines wait for a writer that is slow.
const mostWaiting = 1024

func newLineWriter(opener caddy.WriterOpener, logger *zap.Logger) *lineWriter {
	w := &lineWriter{
		opener: opener,
		logger: logger.With(zap.String("writer", opener.String())),
		lines:  make(chan *waitingLine, mostWaiting),
		stop:   make(chan struct{}),
		ended:  make(chan struct{}),
	}
	go w.run()
	return w
}

// Destruct implements caddy.Destructor. It writes what still waits.
func (w *lineWriter) Destruct() error {
	close(w.stop)
	select {
	case <-w.ended:
	case <-time.After(auditPatience): // a writer that is stuck is abandoned
	}
	return nil
}

// open opens the writer.
func (w *lineWriter) open(patience time.Duration) error { return w.write(nil, patience) }

// write writes a line and returns once it is written. One that took too long may still be
// written.
func (w *lineWriter) write(text []byte, patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	result := make(chan error, 1)
	select {
	case w.lines <- &waitingLine{text, func(err error) { result <- err }}:
	case <-timer.C:
		return errAuditBusy
	case <-w.ended:
		return errAuditEnded
	}
	select {
	case err := <-result:
		return err
	case <-timer.C:
		return errAuditBusy
	case <-w.ended:
		return errAuditEnded
	}
}

// writeLater has a line written, and logs a failure.
func (w *lineWriter) writeLater(text []byte, lost func()) {
	select {
	case w.lines <- &waitingLine{text, func(err error) {
		if err != nil {
			lost()
		}
	}}:
	default:
		lost()
	}
}

func (w *lineWriter) run() {
	defer close(w.ended)
	for {
		select {
		case line := <-w.lines:
			w.finish(line)
			continue
		case <-w.stop:
		}
		for {
			select {
			case line := <-w.lines:
				w.finish(line)
				continue
			default:
			}
			break
		}
		if w.writer != nil {
			_ = w.writer.Close()
		}
		return
	}
}

// finish writes a line and reports the result.
func (w *lineWriter) finish(line *waitingLine) {
	err := w.put(line.text)
	switch {
	case err != nil && !w.failing:
		w.logger.Error("audit log not written", zap.Error(err))
	case err == nil && w.failing:
		w.logger.Info("audit log is written again")
	}
	w.failing = err != nil
	line.done(err)
}

// put writes a line, which ends in a line end. One that follows half a line begins
// with another.
func (w *lineWriter) put(text []byte) error {
	if w.writer != nil && w.isGone() {
		_ = w.writer.Close()
		w.writer = nil
	}
	if w.writer == nil {
		writer, err := w.opener.OpenWriter()
		if err != nil {
			return err
		}
		w.writer, w.half = writer, w.endsInHalf()
	}
	if len(text) == 0 {
		return nil
	}
	if w.half {
		text = append([]byte("\n"), text...)
	}
	n, err := w.writer.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite // as Caddy's net writer does while it has no connection
	}
	w.half = n < len(text) && (n > 0 || w.half) && !bytes.Equal(text[:n], []byte("\n"))
	return err
}

// isGone reports whether the file has been taken away. What is written to it is
// written nowhere.
func (w *lineWriter) isGone() bool {
	file, ok := w.opener.(*logging.FileWriter)
	if !ok {
		return false
	}
	_, err := os.Stat(file.Filename)
	return err != nil
}

// endsInHalf reports whether a file ends within a line, as one does that a process
// left when the disk was full.
func (w *lineWriter) endsInHalf() bool {
	file, ok := w.opener.(*logging.FileWriter)
	if !ok {
		return false
	}
	f, err := os.Open(file.Filename)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}

// Interface guard
var _ caddy.Destructor = (*lineWriter)(nil)
