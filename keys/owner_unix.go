//go:build unix

package keys

import (
	"fmt"
	"os"
	"syscall"
)

// keepReaders lets those read a new file who could read the old one, but for
// strangers: a command that somebody else runs than the server must not take the
// file from it, or a key that is revoked would stay in force.
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
