//go:build unix

package keys

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// exposure reports whether every user may read a file. If every user may write to it,
// that is an error.
func exposure(name string) (readable bool, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return false, err
	}
	if info.Mode().Perm()&0o002 != 0 {
		return false, fmt.Errorf("every user may write to %s, and so create keys: remove that permission (chmod o-w)", name)
	}
	return info.Mode().Perm()&0o004 != 0, nil
}

// refuseHardLinks refuses a file that has another name. A new file would replace it under
// this name alone, and under the other name the old keys would stay in force.
func refuseHardLinks(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if links := info.Sys().(*syscall.Stat_t).Nlink; links > 1 {
		return fmt.Errorf("%s has %d names (hard links): remove all but one", name, links)
	}
	return nil
}

// keepReaders lets the owner and the group that could read the old file read the new one:
// a command that another user runs must not keep the file from the server, or a key that
// is revoked would stay in force.
func keepReaders(next *os.File, name string) error {
	before, err := os.Stat(name)
	if err != nil {
		return err
	}
	now, err := next.Stat()
	if err != nil {
		return err
	}
	was, is := before.Sys().(*syscall.Stat_t), now.Sys().(*syscall.Stat_t)
	if was.Uid != is.Uid || was.Gid != is.Gid {
		if err := next.Chown(int(was.Uid), int(was.Gid)); err != nil {
			return fmt.Errorf("keeping its owner %d:%d (run the command as that user, or as root): %w", was.Uid, was.Gid, err)
		}
	}
	return next.Chmod(0o600 | before.Mode().Perm()&0o040)
}

// openFlags opens a file itself, and not what a link points at: a user who may write to
// the folder, and to nothing else, must not lead root elsewhere. It does not wait for a
// pipe.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// giveToOwner lets the owner of a file open another one that was made, or a lock that
// root left behind would keep the owner out. A user who may not change the owner need
// not.
func giveToOwner(made *os.File, name string) {
	if info, err := os.Stat(name); err == nil {
		owner := info.Sys().(*syscall.Stat_t)
		_ = made.Chown(int(owner.Uid), int(owner.Gid))
	}
}

// syncFolder writes to the disk which files a folder has. Not every file system can.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
