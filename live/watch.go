package live

import (
	"os"
	"sync"
	"time"
)

// pollInterval is how often a watched file is looked at. Looking is one stat,
// which sees a change on any file system, a mounted ConfigMap's and a network's
// among them, where notifications of changes do not.
const pollInterval = 500 * time.Millisecond

// Watch calls reload whenever the policy file has changed and has then stayed
// the same for a whole interval, so that one that is being written is not read
// half. Stop ends the watch and waits until it has ended.
func (l *Loader) Watch(reload func()) (stop func()) {
	if l.file == "" {
		return func() {}
	}
	l.loading.Lock()
	seen := l.read
	l.loading.Unlock()

	quit := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { poll(l.file, seen, reload, quit) })
	return func() {
		close(quit)
		watching.Wait()
	}
}

func poll(file string, seen os.FileInfo, changed func(), quit <-chan struct{}) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	// A file that was read in the very moment it was written may have changed
	// since without looking different: it is read once more.
	unsettled := seen == nil || time.Since(seen.ModTime()) < 2*pollInterval
	for {
		select {
		case <-quit:
			return
		case <-ticker.C:
		}
		info, _ := os.Stat(file) // a file that is gone is a change like any other
		switch {
		case !isSameFile(seen, info):
			seen, unsettled = info, true
		case unsettled:
			unsettled = false
			changed()
		}
	}
}

// isSameFile tells whether a file looks as it did. Nil is no file.
func isSameFile(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
