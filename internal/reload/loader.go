package reload

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
)

// Loader loads the policy that a configuration states and that a file, if one is
// named, adds to. What judges by it takes one whole policy at a time.
type Loader struct {
	// PollInterval is how often the file is looked at.
	PollInterval time.Duration

	// Complete says that a file must state its end. Without it, a file must as soon as
	// the one in force has.
	Complete bool

	reading Reading
	file    string
	// shown is the file as errors name it: a path that holds a placeholder, as it
	// was written.
	shown  string
	stated config.Document
	logger *zap.Logger

	// loading is held while a policy is loaded: one at a time.
	loading sync.Mutex
	// read is the file as it was when it was last read, whether a policy came
	// of it or not.
	read os.FileInfo
	// hadEnd says that the file in force states its end.
	hadEnd  bool
	inForce atomic.Pointer[Policy]
	failure atomic.Pointer[error]
}

// NewLoader returns a loader that has not loaded yet. The path of the file may
// hold placeholders; without one, the policy is what is stated.
func NewLoader(reading Reading, file string, stated config.Document, logger *zap.Logger) (*Loader, error) {
	written := file
	file, err := reading.Replace(file)
	if err != nil {
		return nil, fmt.Errorf("resolving placeholders in the path of the policy file (is the variable set?): %w", err)
	}
	if file != "" {
		// Absolute, so that errors say where it was looked for.
		if file, err = filepath.Abs(file); err != nil {
			return nil, fmt.Errorf("finding the policy file: %w", err)
		}
	}
	shown := file
	if strings.Contains(written, "{") {
		shown = written
	}
	return &Loader{PollInterval: pollInterval, reading: reading, file: file, shown: shown, stated: stated, logger: logger}, nil
}

// File is the absolute path of the policy file, or one that holds a placeholder as
// it was written; or empty.
func (l *Loader) File() string { return l.shown }

// InForce is the policy in force: the last one that was loaded, nil before the
// first.
func (l *Loader) InForce() *Policy { return l.inForce.Load() }

// Failure is why the latest attempt to load failed, nil if it did not: what the
// file says is not what is in force.
func (l *Loader) Failure() error {
	if err := l.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Load reads the policy and puts it in force. It tells whether it is another one
// than before. On an error the one in force stays.
func (l *Loader) Load() (changed bool, err error) {
	l.loading.Lock()
	defer l.loading.Unlock()
	defer func() {
		l.failure.Store(nil)
		if err != nil {
			l.failure.Store(&err)
		}
	}()

	sources, hasEnd := []config.Source{{Document: l.stated}}, false
	if l.file != "" {
		var source config.Source
		if l.read, source, err = readStill("policy file", l.file, config.ReadFile); err != nil {
			return false, l.hide(err)
		}
		if err := l.checkEnd(source); err != nil {
			return false, l.hide(err)
		}
		hasEnd = source.HasEnd
		sources = append(sources, source)
	}
	loaded, err := l.reading.Compile(sources...)
	if err != nil {
		return false, l.hide(err)
	}
	l.hadEnd = hasEnd
	if before := l.InForce(); before != nil && before.sum == loaded.sum {
		return false, nil
	}
	l.inForce.Store(loaded)
	l.logger.Info("policy loaded",
		zap.String("revision", loaded.Snapshot.Revision()),
		zap.String("file", l.shown),
		zap.Int("accounts", len(loaded.Document.Accounts)),
		zap.Bool("observe", loaded.Document.Observe))
	for _, warning := range loaded.Warnings() {
		l.logger.Warn(warning, zap.String("revision", loaded.Snapshot.Revision()))
	}
	return true, nil
}

// checkEnd refuses a file that may be cut off.
func (l *Loader) checkEnd(source config.Source) error {
	switch {
	case source.HasEnd:
		return nil
	case l.Complete:
		return fmt.Errorf(`%s does not state its end, so it may be cut off: write "end: true" as its last line, or take "complete" out of the configuration`, l.file)
	case l.hadEnd:
		return fmt.Errorf(`%s does not state its end, as the file in force does, so it may be cut off: write "end: true" as its last line, or load the configuration anew if the end is not meant to be there`, l.file)
	}
	return nil
}

// Reload loads the policy anew and logs it where that fails: a failure that stays
// the same, once.
func (l *Loader) Reload() (changed bool, err error) {
	before := l.Failure()
	if changed, err = l.Load(); err != nil && (before == nil || before.Error() != err.Error()) {
		l.logger.Error("policy not loaded: the one before stays in force",
			zap.String("revision", l.InForce().Snapshot.Revision()),
			zap.String("file", l.shown),
			zap.Error(err))
	}
	return changed, err
}

// hide takes the path of the file out of an error if a placeholder stands for it.
func (l *Loader) hide(err error) error {
	if l.shown == l.file {
		return err
	}
	return &hidden{err, strings.ReplaceAll(err.Error(), l.file, l.shown)}
}

// hidden is an error that says something else than the one that it is.
type hidden struct {
	error
	text string
}

func (h *hidden) Error() string { return h.text }

func (h *hidden) Unwrap() error { return h.error }
