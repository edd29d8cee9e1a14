package refusals

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// The errors of a spool, besides those of the file system.
var (
	// ErrSpoolFull is a spool that has all the bytes that it may have.
	ErrSpoolFull = errors.New("the spool is full")
	// ErrNoSpool is a spool without a folder.
	ErrNoSpool = errors.New("there is no spool")
	// ErrSpoolInUse is a folder that another writer has open.
	ErrSpoolInUse = errors.New("another gate has the spool open: give each its own folder")
)

const (
	// segmentSize is how large a file of the spool becomes before the next is begun, in bytes.
	// What was taken from a file is read again after a crash.
	segmentSize = 8 << 20
	segmentName = "refusals-%016d.spool"
)

// spool is a folder of files that frames are appended to. Only a file that is not written to
// any more is read, and deleted after.
type spool struct {
	folder  string
	maximum int64
	unlock  func() error

	mu     sync.Mutex
	closed []string // the names of the files to be read, the oldest first
	sizes  map[string]int64
	begun  map[string]time.Time // or when an earlier process wrote last
	bytes  int64                // of all files
	active *os.File
	next   int64 // the number of the next file
	buffer []byte
}

// openSpool opens a folder, which it makes if there is none, with what is left there.
func openSpool(folder string, maximum int64) (*spool, error) {
	s := &spool{folder: folder, maximum: maximum, sizes: map[string]int64{}, begun: map[string]time.Time{}}
	if folder == "" {
		return s, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("opening the spool of refusals: %w", err)
	}
	var err error
	if s.unlock, err = lock(filepath.Join(folder, "lock")); err != nil {
		return nil, fmt.Errorf("opening the spool of refusals %s: %w", folder, err)
	}
	if err := s.list(); err != nil {
		return nil, errors.Join(err, s.unlock())
	}
	return s, nil
}

// list finds the files that are left.
func (s *spool) list() error {
	entries, err := os.ReadDir(s.folder) // sorted by name
	if err != nil {
		return fmt.Errorf("opening the spool of refusals: %w", err)
	}
	for _, entry := range entries {
		var number int64
		if _, err := fmt.Sscanf(entry.Name(), segmentName, &number); err != nil {
			continue
		}
		s.next = max(s.next, number+1) // also after one that is damaged and kept
		info, err := entry.Info()
		if err != nil {
			return fmt.Errorf("opening the spool of refusals: %w", err)
		}
		if strings.HasSuffix(entry.Name(), ".spool") {
			s.closed = append(s.closed, entry.Name())
			s.sizes[entry.Name()], s.begun[entry.Name()] = info.Size(), info.ModTime()
			s.bytes += info.Size()
		}
	}
	return nil
}

// append writes refusals, on disk before it returns. Those that it could not write it returns.
func (s *spool) append(refusals []Refusal) (failed []Refusal, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buffer = s.buffer[:0]
	for i := range refusals {
		var frameErr error
		if s.buffer, frameErr = appendFrame(s.buffer, &refusals[i]); frameErr != nil {
			failed, err = append(failed, refusals[i]), frameErr
		}
	}
	if writeErr := s.write(s.buffer); writeErr != nil {
		return refusals, fmt.Errorf("writing %d refusals to the spool: %w", len(refusals), writeErr)
	}
	return failed, err
}

func (s *spool) write(frames []byte) error {
	if s.folder == "" {
		return ErrNoSpool
	}
	if s.bytes+int64(len(frames)) > s.maximum {
		return fmt.Errorf("%w: it has %d of at most %d bytes", ErrSpoolFull, s.bytes, s.maximum)
	}
	if s.active == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	name := filepath.Base(s.active.Name())
	n, err := s.active.Write(frames)
	if err == nil {
		err = s.active.Sync()
	}
	if err != nil {
		// Nothing is written after what may be written in part. If that cannot be cut off,
		// what is whole of it is taken in, though it is reported as lost.
		if s.active.Truncate(s.sizes[name]) != nil {
			s.grow(name, int64(n))
		}
		s.end()
		return err
	}
	s.grow(name, int64(n))
	if s.sizes[name] >= segmentSize {
		s.end()
	}
	return nil
}

func (s *spool) grow(name string, by int64) {
	s.sizes[name] += by
	s.bytes += by
}

// begin makes the next file.
func (s *spool) begin() error {
	path := filepath.Join(s.folder, fmt.Sprintf(segmentName, s.next))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	s.next++
	if err := syncFolder(s.folder); err != nil {
		return errors.Join(err, file.Close(), os.Remove(path))
	}
	s.active = file
	s.begun[filepath.Base(path)] = time.Now()
	return nil
}

// end closes the file that is written to, so that it is read.
func (s *spool) end() {
	name := filepath.Base(s.active.Name())
	s.active.Close() // all that counts is synced
	s.active = nil
	s.closed = append(s.closed, name)
}

// oldest returns the name of the oldest file, to which nothing is written any more.
func (s *spool) oldest() (name string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.closed) == 0 {
		if s.active == nil {
			return "", false
		}
		s.end()
	}
	return s.closed[0], true
}

// read returns the refusals of a file, and how many bytes are torn and damaged.
func (s *spool) read(name string) (refusals []Refusal, torn, damaged int, err error) {
	data, err := os.ReadFile(filepath.Join(s.folder, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, 0, fmt.Errorf("reading the spool of refusals: %w", err)
	}
	refusals, torn, damaged = readFrames(data)
	return refusals, torn, damaged, nil
}

// remove deletes a file that was read, or keeps it under another name if it is damaged.
func (s *spool) remove(name string, keep bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := filepath.Join(s.folder, name)
	var err error
	if keep {
		err = os.Rename(path, path+".damaged")
	} else {
		err = os.Remove(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a file of the spool of refusals: %w", err)
	}
	s.closed = slices.DeleteFunc(s.closed, func(other string) bool { return other == name })
	s.bytes -= s.sizes[name]
	delete(s.sizes, name)
	delete(s.begun, name)
	return nil
}

// empty reports whether all refusals were taken in.
func (s *spool) empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.closed) == 0 && s.active == nil
}

// atLastFile reports whether one file is left, to which nothing is written any more.
func (s *spool) atLastFile() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.closed) == 1 && s.active == nil
}

// size is how many bytes the files have.
func (s *spool) size() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}

// since is when the oldest file was begun, the zero time if there is none.
func (s *spool) since() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(s.closed) > 0:
		return s.begun[s.closed[0]]
	case s.active != nil:
		return s.begun[filepath.Base(s.active.Name())]
	}
	return time.Time{}
}

func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.active != nil {
		s.end()
	}
	if s.unlock == nil {
		return nil
	}
	return s.unlock()
}
