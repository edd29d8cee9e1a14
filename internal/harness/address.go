package harness

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// FreeAddress returns a loopback address that nothing listens on. Its port lies below those
// that the system gives to outgoing connections: one of those could take it before it is
// used.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		if listener, err := net.Listen("tcp", address); err == nil {
			listener.Close()
			return address
		}
	}
	t.Fatal("no free port found")
	return ""
}

// Port returns the port of an address, without the colon.
func Port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}
