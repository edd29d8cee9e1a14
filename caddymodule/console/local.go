package console

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// forwarding are headers by which a proxy says that a request came to it from elsewhere.
var forwarding = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}

// isOfThisMachine reports whether a request is one of the machine itself: its connection comes
// from loopback, and not from a proxy there. It must be for a name of loopback, too, or a web page
// whose own name leads to 127.0.0.1 could read the answers.
func isOfThisMachine(r *http.Request) bool {
	for _, name := range forwarding {
		if len(r.Header.Values(name)) > 0 {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback() && isLoopbackName(r.Host)
}

// isLoopbackName reports whether the host of a request, maybe with a port, is this machine.
func isLoopbackName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && address.Unmap().IsLoopback()
}
