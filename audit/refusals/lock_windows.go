package refusals

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lock locks a file until unlock is called or the process ends, or returns ErrSpoolInUse.
func lock(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	switch {
	case err == nil:
		return file.Close, nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION):
		return nil, errors.Join(ErrSpoolInUse, file.Close())
	}
	return nil, errors.Join(err, file.Close())
}

// syncFolder does nothing: Windows makes durable which files a folder has with the file.
func syncFolder(string) error { return nil }
