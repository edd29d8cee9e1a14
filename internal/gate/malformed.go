package gate

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// A check finds why two readers could understand a request differently, or the empty
// reason.
type check struct {
	reason policy.Reason
	found  func(r *http.Request) bool
}

// envelopeChecks apply to every request: what they find changes which request arrives at
// the carrier.
var envelopeChecks = []check{
	{carrier.UpgradeForbidden, upgrades},
	{carrier.TargetAmbiguous, func(r *http.Request) bool {
		return r.URL.RequestURI() != r.RequestURI || breaksRequestLine(r.URL.RawQuery)
	}},
	{carrier.ConnectionHeader, connectionNamesHeaders},
	{carrier.MethodOverride, overridesMethod},
}

// writeChecks apply to every request that can do more than read.
var writeChecks = []check{
	{carrier.HeaderRepeated, repeatsHeader},
	{carrier.PathNotCanonical, func(r *http.Request) bool { return !isCanonical(r.URL.EscapedPath()) }},
	{carrier.TargetAmbiguous, func(r *http.Request) bool { return hasStrayBytes(r.URL.RawQuery) }},
	{carrier.TrailerForbidden, trailersReplaceHeaders},
	{carrier.EarlyData, cameEarly},
}

// judgedChecks apply to requests whose body is held to be judged.
var judgedChecks = []check{
	{carrier.BodyEncoded, encodesBody},
	{carrier.Incremental, func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Incremental"), "?1") }},
}

// first returns the reason of the first check that finds something.
func first(checks []check, r *http.Request) policy.Reason {
	for i := range checks {
		if checks[i].found(r) {
			return checks[i].reason
		}
	}
	return ""
}

func upgrades(r *http.Request) bool {
	return r.Method == http.MethodConnect || len(r.Header["Upgrade"]) > 0
}

// connectionNamesHeaders finds a Connection header that would have headers
// stripped on the way, after they were judged.
func connectionNamesHeaders(r *http.Request) bool {
	for _, line := range r.Header["Connection"] {
		for token := range strings.SplitSeq(line, ",") {
			switch strings.ToLower(strings.TrimSpace(token)) {
			case "", "keep-alive", "close", "te":
			default:
				return true
			}
		}
	}
	return false
}

func overridesMethod(r *http.Request) bool {
	return overridesRequest(r.Header) || params.QueryOverridesMethod(r.URL.RawQuery)
}

// breaksRequestLine finds a byte in a query that ends the target on HTTP/1.1, where a
// space does. From HTTP/2 and HTTP/3, in which the target is a field of its own, it would
// be forwarded as another request line. (In a path, Go encodes such bytes, and so writes
// another target.)
func breaksRequestLine(query string) bool {
	for i := range len(query) {
		if query[i] <= ' ' || query[i] == 0x7f {
			return true
		}
	}
	return false
}

// hasStrayBytes finds a byte in a query that every client encodes (RFC 3986, and the URL
// Standard of browsers), since readers do not agree on its meaning: for some a fragment
// ends the query, and a byte that is not ASCII can be of any charset. Many honest clients
// do not encode bars, braces, brackets and the like.
func hasStrayBytes(query string) bool {
	for i := range len(query) {
		switch c := query[i]; {
		case c >= 0x80, c == '"', c == '#', c == '<', c == '>':
			return true
		}
	}
	return false
}

// headSize is the size of target and header, about as they are sent.
func headSize(r *http.Request) int {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(": \r\n") + len(value)
		}
	}
	return size
}

func repeatsHeader(r *http.Request) bool {
	return len(r.Header["Authorization"]) > 1 ||
		len(r.Header["Content-Type"]) > 1 ||
		len(r.Header["Content-Encoding"]) > 1
}

// trailersReplaceHeaders finds trailers by which a server that merges them
// into the headers would read another request.
func trailersReplaceHeaders(r *http.Request) bool {
	for name := range r.Trailer {
		if isOneOf(judgedHeaders, name) || Overrides(name) {
			return true
		}
	}
	return false
}

// cameEarly finds a request that may be a replay (RFC 8470).
func cameEarly(r *http.Request) bool {
	return r.TLS != nil && !r.TLS.HandshakeComplete || r.Header.Get("Early-Data") == "1"
}

func encodesBody(r *http.Request) bool {
	encoding := r.Header.Get("Content-Encoding")
	return encoding != "" && !strings.EqualFold(encoding, "identity")
}

// isCanonical reports whether a path can be read in one way only. It must not contain
// empty or dot segments, semicolons or backslashes, nor encoded bytes that mean the same
// unencoded (RFC 3986, section 2.3) or that some readers decode before and others after
// they split the path.
func isCanonical(escaped string) bool {
	if !strings.HasPrefix(escaped, "/") {
		return false
	}
	encoded := false
	start := 1 // of the segment
	for i := 1; i <= len(escaped); i++ {
		if i == len(escaped) || escaped[i] == '/' {
			segment := escaped[start:i]
			if segment == "." || segment == ".." || segment == "" && i < len(escaped) {
				return false
			}
			start = i + 1
			continue
		}
		switch escaped[i] {
		case ';', '\\':
			return false
		case '%':
			if i+2 >= len(escaped) {
				return false
			}
			c, ok := fromHex(escaped[i+1], escaped[i+2])
			if !ok || isUnreserved(c) || c < ' ' || c == 0x7f || strings.IndexByte(`/\%;`, c) >= 0 {
				return false
			}
			encoded = encoded || c >= 0x80
			i += 2
		}
	}
	return !encoded || utf8.ValidString(unescapePath(escaped))
}

func fromHex(high, low byte) (byte, bool) {
	h, ok1 := hexDigit(high)
	l, ok2 := hexDigit(low)
	return h<<4 | l, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// isUnreserved reports whether a character never needs encoding.
func isUnreserved(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// unescapePath decodes a path that is known to decode.
func unescapePath(escaped string) string {
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		if escaped[i] == '%' {
			c, _ := fromHex(escaped[i+1], escaped[i+2])
			b.WriteByte(c)
			i += 2
			continue
		}
		b.WriteByte(escaped[i])
	}
	return b.String()
}
