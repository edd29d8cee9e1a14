package gate

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// The checks find why two readers could understand a request differently.

// checkAny checks what applies to every request: what it finds changes which request
// arrives at the carrier.
func checkAny(h *head) policy.Reason {
	switch {
	case upgrades(h):
		return carrier.UpgradeForbidden
	case h.target != h.RequestURI || breaksRequestLine(h.URL.RawQuery):
		return carrier.TargetAmbiguous
	case connectionNamesHeaders(h):
		return carrier.ConnectionHeader
	case h.overrides || params.QueryOverridesMethod(h.URL.RawQuery):
		return carrier.MethodOverride
	}
	return ""
}

// checkWrite checks what applies to every request that can do more than read.
func checkWrite(h *head) policy.Reason {
	switch {
	case repeatsHeader(h):
		return carrier.HeaderRepeated
	case !isCanonical(h.path):
		return carrier.PathNotCanonical
	case hasStrayBytes(h.URL.RawQuery):
		return carrier.TargetAmbiguous
	case trailersReplaceHeaders(h.Trailer):
		return carrier.TrailerForbidden
	case cameEarly(h):
		return carrier.EarlyData
	}
	return ""
}

// checkJudged checks what applies to requests whose body is held to be judged.
func checkJudged(h *head) policy.Reason {
	switch {
	case encodesBody(h):
		return carrier.BodyEncoded
	case strings.HasPrefix(valueOf(h.incremental), "?1"):
		return carrier.Incremental
	}
	return ""
}

func upgrades(h *head) bool { return h.Method == http.MethodConnect || len(h.upgrade) > 0 }

// connectionNamesHeaders finds a Connection header that would have headers
// stripped on the way, after they were judged.
func connectionNamesHeaders(h *head) bool {
	for _, line := range h.connection {
		if line == "keep-alive" || line == "close" {
			continue // what nearly every client sends
		}
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

func repeatsHeader(h *head) bool {
	return len(h.authorization) > 1 || len(h.contentType) > 1 || len(h.contentEncoding) > 1
}

// trailersReplaceHeaders finds trailers by which a server that merges them
// into the headers would read another request.
func trailersReplaceHeaders(trailer http.Header) bool {
	for name := range trailer {
		if isOneOf(judgedHeaders, name) || Overrides(name) {
			return true
		}
	}
	return false
}

// cameEarly finds a request that may be a replay (RFC 8470).
func cameEarly(h *head) bool {
	return h.TLS != nil && !h.TLS.HandshakeComplete || valueOf(h.earlyData) == "1"
}

func encodesBody(h *head) bool {
	encoding := valueOf(h.contentEncoding)
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
	for i := 1; i < len(escaped); i++ {
		if isAlphanumeric(escaped[i]) {
			continue // as most are
		}
		switch escaped[i] {
		case '/':
			if segment := escaped[start:i]; segment == "" || isDots(segment) {
				return false
			}
			start = i + 1
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
	return !isDots(escaped[start:]) && (!encoded || utf8.ValidString(unescapePath(escaped)))
}

func isDots(segment string) bool { return segment == "." || segment == ".." }

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
