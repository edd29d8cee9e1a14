//go:build unix && !aix

package keys

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// tryLock locks a file if no other process has. Linux turns it into a lock that other
// machines see where the file system is NFS.
func tryLock(f *os.File) (locked bool, err error) {
	for {
		switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, err
		}
	}
}
