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

// retryInterval is how many looks lie between two attempts to load a file that
// looks the same and could not be loaded: what kept it from being read may be gone.
const retryInterval = 20

// Watch calls reload whenever the policy file has changed and has then stayed
// the same for a whole interval, so that one that is being written is not read
// half; where that fails, it tries again from time to time. Stop ends the watch and
// waits until it has ended.
func (l *Loader) Watch(reload func() error) (stop func()) {
	if l.file == "" {
		return func() {}
	}
	l.loading.Lock()
	seen := l.read
	l.loading.Unlock()

	quit := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { poll(l.file, l.PollInterval, seen, reload, quit) })
	return func() {
		close(quit)
		watching.Wait()
	}
}

func poll(file string, interval time.Duration, seen os.FileInfo, changed func() error, quit <-chan struct{}) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	// A file that was read in the very moment it was written may have changed
	// since without looking different: it is read once more.
	unsettled := seen == nil || time.Since(seen.ModTime()) < 2*interval
	failed := 0 // looks since an attempt that failed; 0 if the last one did not
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

// isSameFile tells whether a file looks as it did. Nil is no file.
func isSameFile(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && a.Mode() == b.Mode()
}
