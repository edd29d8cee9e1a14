package gate

import (
	"net/http"
	"strings"
)

// ignoreOffers removes from a request what offers its next hop another protocol: an
// upgrade to another version of HTTP or to TLS, which a server may ignore (RFC 9110,
// section 7.8), and "Expect: 100-continue" (section 10.1.1), which the server that reads
// the body has answered. Many clients send either with every request. What is left is
// judged, and forwarded.
//
// An upgrade to another protocol than HTTP, such as WebSocket, cannot be ignored: its
// client goes on as if it had been accepted.
func ignoreOffers(r *http.Request) {
	delete(r.Header, "Expect")
	if !offersHTTP(r.Header["Upgrade"]) {
		return
	}
	delete(r.Header, "Upgrade")
	delete(r.Header, "Http2-Settings") // RFC 7540, section 3.2.1
	lines, named := r.Header["Connection"], false
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			named = named || isOfOffer(member)
		}
	}
	if !named {
		return
	}
	var kept []string
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			if member = strings.TrimSpace(member); member != "" && !isOfOffer(member) {
				kept = append(kept, member)
			}
		}
	}
	delete(r.Header, "Connection")
	if len(kept) > 0 {
		r.Header["Connection"] = []string{strings.Join(kept, ", ")}
	}
}

// isOfOffer reports whether a member of Connection belongs to an offer.
func isOfOffer(member string) bool {
	member = strings.TrimSpace(member)
	return strings.EqualFold(member, "upgrade") || strings.EqualFold(member, "http2-settings")
}

// offersHTTP reports whether all protocols that are offered, if any, carry HTTP:
// "h2c", "HTTP/2.0", "TLS/1.2" (RFC 2817).
func offersHTTP(lines []string) bool {
	for _, line := range lines {
		for protocol := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(strings.TrimSpace(protocol), "/")
			if name != "" && !strings.EqualFold(name, "h2c") && !strings.EqualFold(name, "http") && !strings.EqualFold(name, "tls") {
				return false
			}
		}
	}
	return true
}

// maxProtocol bounds the name of a protocol that is logged, in bytes.
const maxProtocol = 20

// requestedProtocol names the protocol that a request asks for in place of HTTP.
func requestedProtocol(r *http.Request) string {
	if r.Method == http.MethodConnect {
		return "CONNECT"
	}
	for _, line := range r.Header["Upgrade"] {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "/")
		isName := strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz-") == ""
		if name != "" && len(name) <= maxProtocol && isName {
			return "Upgrade: " + name
		}
	}
	return "Upgrade"
}
