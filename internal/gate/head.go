package gate

import (
	"net/http"
	"strings"
)

// head is the head of a request and what the checks want to know of it. The header is
// visited once: that takes less than to look up each name, since most are not there.
type head struct {
	*http.Request
	// path is escaped.
	path string
	// target is what the URL is written as in a request line.
	target string

	authorization, connection, contentEncoding, contentType []string
	earlyData, incremental, upgrade                         []string

	// size of target and header, about as they are sent, in bytes.
	size int
	// offers says that a field offers another protocol to the next hop, or may do so.
	offers bool
	// overrides says that a field makes some server take the request for another one.
	overrides bool
}

// headOf reads the head of a request, and removes offers to upgrade the connection from it.
func headOf(r *http.Request) head {
	path := r.URL.EscapedPath()
	h := head{Request: r, path: path, target: targetOf(r, path)}
	h.readHeader()
	if h.offers || connectionNamesHeaders(&h) {
		ignoreOffers(r)
		h = head{Request: r, path: path, target: h.target}
		h.readHeader()
	}
	return h
}

func (h *head) readHeader() {
	h.size = len(h.RequestURI)
	for name, values := range h.Header {
		for _, value := range values {
			h.size += len(name) + len(": \r\n") + len(value)
		}
		switch name {
		case "Authorization":
			h.authorization = values
		case "Connection":
			h.connection = values
		case "Content-Encoding":
			h.contentEncoding = values
		case "Content-Type":
			h.contentType = values
		case "Early-Data":
			h.earlyData = values
		case "Incremental":
			h.incremental = values
		case "Upgrade":
			h.upgrade, h.offers = values, true
		case "Expect", "Http2-Settings":
			h.offers = true
		default:
			h.overrides = h.overrides || overridesRequest(name)
		}
	}
}

// targetOf is r.URL.RequestURI(), given the escaped path of the URL. It returns the target
// of the request itself where that is the same, and builds none.
func targetOf(r *http.Request, path string) string {
	rest, ok := strings.CutPrefix(r.RequestURI, path)
	if !ok || path == "" || r.URL.Opaque != "" {
		return r.URL.RequestURI()
	}
	query, hasQuery := strings.CutPrefix(rest, "?")
	if query != r.URL.RawQuery || hasQuery != (r.URL.ForceQuery || r.URL.RawQuery != "") {
		return r.URL.RequestURI()
	}
	return r.RequestURI
}

// valueOf is the first value of a field, or empty.
func valueOf(values []string) string {
	if len(values) > 0 {
		return values[0]
	}
	return ""
}
