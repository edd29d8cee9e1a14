package harness

import (
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/filelock"
)

// FreeAddress returns a loopback address that nothing listens on, for the test alone. Its port
// lies below those that the system gives to outgoing connections: one of those could take it
// before it is used.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(10_000 + rand.IntN(20_000))
		if !reserve(t, port) {
			continue
		}
		address := net.JoinHostPort("127.0.0.1", port)
		if listener, err := net.Listen("tcp", address); err == nil {
			listener.Close()
			return address
		}
	}
	t.Fatal("no free port found")
	return ""
}

// reserve reports whether no test of another package has a port, and keeps it until the test ends.
// Two Caddys that listen on one port share its connections, and neither says so.
func reserve(t testing.TB, port string) bool {
	t.Helper()
	folder := filepath.Join(os.TempDir(), "tollgate-test-ports-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(folder, port), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if locked, err := filelock.Try(file); err == nil && !locked {
		file.Close()
		return false
	}
	t.Cleanup(func() { file.Close() })
	return true
}

// Port returns the port of an address, without the colon.
func Port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}
