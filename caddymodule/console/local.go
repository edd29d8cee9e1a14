package console

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// forwarding are headers by which a proxy says that a request came to it from elsewhere, besides
// those that begin with forwardingPrefix.
var forwarding = map[string]bool{
	"Forwarded": true, "Via": true, "X-Real-Ip": true, "X-Client-Ip": true, "X-Cluster-Client-Ip": true,
	"True-Client-Ip": true, "Cf-Connecting-Ip": true, "X-Envoy-External-Address": true,
}

const forwardingPrefix = "X-Forwarded-"

// isForwarded reports whether a proxy says that a request came to it from elsewhere.
func isForwarded(header http.Header) bool {
	for name := range header {
		if forwarding[name] || strings.HasPrefix(name, forwardingPrefix) {
			return true
		}
	}
	return false
}

// isOfThisMachine reports whether a request is one of the machine itself: its connection comes
// from loopback, and not from a proxy there. It must be for a name of loopback, too, or a web page
// whose own name leads to 127.0.0.1 could read the answers.
func isOfThisMachine(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && !isForwarded(r.Header) && from.Addr().Unmap().IsLoopback() && isLoopbackName(r.Host)
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
