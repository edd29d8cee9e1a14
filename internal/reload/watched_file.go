package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

// watchedFile is a file that an operator keeps and that is read whole, compared with what it was,
// and watched. One that cannot be read, or is worse than what is in force, never takes effect: the
// last that was good stays.
type watchedFile[T any] struct {
	// what it is, as errors and logs call it: "numbering data".
	what string
	// most bounds it, in bytes.
	most int64
	// stays says in logs what becomes of a file that is refused.
	stays string
	// describe says in logs what was loaded.
	describe func(*T) []zap.Field

	file   string
	shown  string // as Loader.shown
	logger *zap.Logger

	// seen is the file and sum its content as they were when last read.
	seen atomic.Pointer[os.FileInfo]
	sum  [sha256.Size]byte
	// good is the last that was read and good. Who loads has it.
	good    *T
	failure atomic.Pointer[error]
}

// find finds the file by its path, which may hold placeholders.
func (f *watchedFile[T]) find(r Resolver, path string, logger *zap.Logger) error {
	replaced, err := r.Replace(path)
	if err != nil {
		return fmt.Errorf("resolving placeholders in the path of the %s (is the variable set?): %w", f.what, err)
	}
	if replaced == "" {
		return fmt.Errorf("the path of the %s is empty: name a file", f.what)
	}
	if f.file, err = filepath.Abs(replaced); err != nil {
		return fmt.Errorf("finding the %s: %w", f.what, err)
	}
	if f.shown = f.file; strings.Contains(path, "{") {
		f.shown = path
	}
	f.logger = logger
	return nil
}

// Failure is why the file, as it was when last read, is not in force, nil if it is.
func (f *watchedFile[T]) Failure() error {
	if err := f.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// load reads the file by read, which refuses what is not to be in force. Of the same content as
// before, it returns the same. isNew says that it fails otherwise than before, which is to be
// logged; what is loaded is logged here.
func (f *watchedFile[T]) load(read func(content []byte) (*T, error)) (good *T, isNew bool, err error) {
	failed := f.Failure()
	loaded, err := f.read(read)
	if err != nil {
		err = &hidden{err, strings.ReplaceAll(err.Error(), f.file, f.shown)}
		f.failure.Store(&err)
		return nil, failed == nil || failed.Error() != err.Error(), err
	}
	f.failure.Store(nil)
	if loaded != f.good {
		f.good = loaded
		fields := append([]zap.Field{zap.String("file", f.shown)}, f.describe(loaded)...)
		f.logger.Info(f.what+" loaded", append(fields, zap.String("sha256", hex.EncodeToString(f.sum[:])))...)
	}
	return loaded, false, nil
}

func (f *watchedFile[T]) read(read func(content []byte) (*T, error)) (*T, error) {
	before, content, err := readStill(f.what, f.file, func(file string) ([]byte, error) {
		return readLimited(f.what, file, f.most)
	})
	f.seen.Store(&before)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	if f.good != nil && sum == f.sum {
		return f.good, nil
	}
	loaded, err := read(content)
	if err == nil {
		f.sum = sum
	}
	return loaded, err
}

// logFailure logs that the file is refused.
func (f *watchedFile[T]) logFailure(err error, more ...zap.Field) {
	fields := append([]zap.Field{zap.String("file", f.shown)}, more...)
	f.logger.Error(f.what+" not loaded: "+f.stays, append(fields, zap.Error(err))...)
}

// watch calls reload when the file has changed, and from time to time while it is not in force.
// Stop ends that and waits until it has ended.
func (f *watchedFile[T]) watch(interval time.Duration, reload func() error) (stop func()) {
	var seen os.FileInfo
	if read := f.seen.Load(); read != nil {
		seen = *read
	}
	return watch(f.file, interval, seen, func() error {
		if err := reload(); err != nil {
			return err
		}
		return f.Failure()
	})
}
