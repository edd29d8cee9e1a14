package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/filelock"
)

// lockPatience is how long a command waits for another one that is writing.
var lockPatience = 10 * time.Second

// lock waits for the right to change a key file, and returns what releases it. It is a
// lock of the system on a file beside the key file: it ends with the process, however
// that ends, and a file that was left behind locks no one out.
func lock(name string) (release func(), err error) {
	beside := name + ".lock"
	for deadline := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		f, err := openLock(beside, name)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", beside, err)
		}
		locked, err := filelock.Try(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("locking %s: %w", beside, err)
		}
		// The last holder has removed it: by now, it may be another file.
		if locked && isAt(f, beside) {
			return func() {
				os.Remove(beside) // Where that fails, as on Windows, it stays.
				f.Close()
			}, nil
		}
		f.Close()
		if !locked && time.Now().After(deadline) {
			return nil, fmt.Errorf("another command is writing and holds %s: wait until it has ended, or end it", beside)
		}
	}
}

// openLock opens the file that is locked, and makes it if there is none. A user who may
// write the key file may open it.
func openLock(beside, name string) (*os.File, error) {
	for {
		f, err := os.OpenFile(beside, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			giveToOwner(f, name)
			return f, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = os.OpenFile(beside, os.O_RDWR|openFlags, 0)
		switch {
		case err == nil:
			return f, nil
		case !errors.Is(err, fs.ErrNotExist): // else it has just been removed
			return nil, err
		}
	}
}

// isAt reports whether an open file is still the one that has the name.
func isAt(f *os.File, name string) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(name)
	return err == nil && os.SameFile(opened, named)
}
