//go:build unix && !aix

package refusals

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock locks a file until unlock is called or the process ends, or returns ErrSpoolInUse.
func lock(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		switch err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
		case err == nil:
			return file.Close, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return nil, errors.Join(ErrSpoolInUse, file.Close())
		case !errors.Is(err, unix.EINTR):
			return nil, errors.Join(err, file.Close())
		}
	}
}

// syncFolder makes durable which files a folder has.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
