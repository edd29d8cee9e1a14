package reload

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// pollInterval is how often a watched file is checked. A check is one stat, which sees a
// change on any file system, such as a mounted ConfigMap or a network's, where change
// notifications do not.
const pollInterval = 500 * time.Millisecond

// retryInterval is how many polls are between two attempts to load a file that has not
// changed and could not be loaded: the cause may be gone.
const retryInterval = 20

// Watch calls reload whenever the policy file, the numbering data or the rates have changed and have
// then stayed the same for a whole interval, so that they are not read while they are
// written. After a failure, it tries again from time to time. Stop ends the watch and waits
// until it has ended.
func (l *Loader) Watch(reload func() error) (stop func()) {
	l.loading.Lock()
	seen := l.read
	l.loading.Unlock()

	stopPolicy, stopNumbering := func() {}, l.Numbering.watch(l.PollInterval, reload)
	stopRates := l.Rates.watch(l.PollInterval, reload)
	if l.file != "" {
		stopPolicy = watch(l.file, l.PollInterval, seen, reload)
	}
	return func() {
		stopPolicy()
		stopNumbering()
		stopRates()
	}
}

// watch polls a file until it is stopped.
func watch(file string, interval time.Duration, seen os.FileInfo, changed func() error) (stop func()) {
	quit := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { poll(file, interval, seen, changed, quit) })
	return func() {
		close(quit)
		watching.Wait()
	}
}

func poll(file string, interval time.Duration, seen os.FileInfo, changed func() error, quit <-chan struct{}) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	// A file that was read while it was written may have changed since without looking
	// different: it is read once more.
	unsettled := seen == nil || time.Since(seen.ModTime()) < 2*interval
	failed := 0 // polls since an attempt that failed; 0 if the last one did not
	for {
		select {
		case <-quit:
			return
		case <-ticker.C:
		}
		info, _ := os.Stat(file) // a file that is gone is a change, too
		switch {
		case !isSameFile(seen, info):
			seen, unsettled = info, true
		case unsettled || failed > retryInterval:
			unsettled, failed = false, 0
			if changed() != nil {
				failed = 1
			}
		case failed > 0:
			failed++
		}
	}
}

// replacements is how often a file may be replaced while it is read.
const replacements = 10

// readStill reads a file, and fails if it is written meanwhile. One that another file takes
// the place of is read again: each of the two is whole, and which was read is unknown.
// Errors call the file what it is. It returns the state of the file before: a change after
// that is seen at the next poll.
func readStill[T any](what, file string, read func(file string) (T, error)) (before os.FileInfo, content T, err error) {
	for range replacements {
		if before, err = os.Stat(file); err != nil {
			return before, content, fmt.Errorf("reading the %s: %w", what, err)
		}
		if content, err = read(file); err != nil {
			return before, content, err
		}
		now, err := os.Stat(file)
		if err == nil && isSameFile(before, now) {
			return before, content, nil
		}
		if err != nil || os.SameFile(before, now) {
			break
		}
	}
	return before, content, fmt.Errorf("reading the %s: %s changed while it was read: "+
		"write a new file beside it, then rename it", what, file)
}

// readLimited reads a file of so many bytes at most. Errors call it what it is.
func readLimited(what, file string, most int64) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading the %s: %w", what, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("reading the %s: %w", what, err)
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("reading the %s: %s has more than %d bytes", what, file, most)
	}
	return content, nil
}

// isSameFile reports whether a file looks as it did. Nil means that there is no file.
func isSameFile(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && a.Mode() == b.Mode()
}
