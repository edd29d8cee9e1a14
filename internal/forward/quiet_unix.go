//go:build unix && !aix && !illumos && !solaris

package forward

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// nothingToRead reports whether a connection is open and nothing has come on it.
func nothingToRead(raw syscall.RawConn) bool {
	nothing := false
	err := raw.Control(func(fd uintptr) {
		var b [1]byte
		_, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		nothing = err == unix.EAGAIN
	})
	return err == nil && nothing
}
