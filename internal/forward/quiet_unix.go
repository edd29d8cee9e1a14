//go:build unix && !aix && !illumos && !solaris

package forward

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// lookout looks at a connection again and again, without an allocation each time.
type lookout struct {
	raw   syscall.RawConn
	poll  func(fd uintptr)
	asked [1]unix.PollFd
	quiet bool
}

func newLookout(raw syscall.RawConn) *lookout {
	l := &lookout{raw: raw}
	l.poll = func(fd uintptr) {
		l.asked[0] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
		n, err := unix.Poll(l.asked[:], 0)
		for err == unix.EINTR { // by a signal of Go's scheduler, for example
			n, err = unix.Poll(l.asked[:], 0)
		}
		l.quiet = n == 0 && err == nil
	}
	return l
}

// nothingToRead reports whether the connection is open and nothing has come on it.
func (l *lookout) nothingToRead() bool {
	l.quiet = false
	return l.raw.Control(l.poll) == nil && l.quiet
}
