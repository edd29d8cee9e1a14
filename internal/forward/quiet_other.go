//go:build !unix || aix || illumos || solaris

package forward

import "syscall"

// nothingToRead reports false: the connection cannot be looked at here. So it is not used
// a second time, and each request has a connection of its own.
func nothingToRead(syscall.RawConn) bool { return false }
