package routecheck

import (
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
)

// judgedHeaders are what a verdict depends on: who pays, and how the body, the method and
// the target are to be read. Names are in small letters, and without the difference
// between hyphens and underscores, which some servers do not make.
var judgedHeaders = []string{
	"authorization", "connection", "content-encoding", "content-length", "content-type", "early-data", "expect",
	"incremental", "te", "trailer", "transfer-encoding", "twilio-client-validation", "upgrade",
	"x-http-method", "x-http-method-override", "x-method-override", "x-http-verb", "x-original-url", "x-rewrite-url",
}

// methodHeaders are those of them that make another method of a read.
var methodHeaders = []string{"x-http-method", "x-http-method-override", "x-method-override", "x-http-verb"}

// judgedHeader returns the name of a header that is judged, or is one of the others
// given, and that operations may change; or an empty text.
func judgedHeader(ops *headers.HeaderOps, others ...string) string {
	for _, name := range headerNames(ops) {
		if strings.Contains(name, "{") || slices.ContainsFunc(judgedHeaders, func(judged string) bool { return covers(name, judged) }) ||
			slices.ContainsFunc(others, func(other string) bool { return covers(name, other) }) {
			return "the header " + http.CanonicalHeaderKey(name)
		}
	}
	return ""
}

// touches reports whether operations may change a header.
func touches(ops *headers.HeaderOps, header string) bool {
	return slices.ContainsFunc(headerNames(ops), func(name string) bool { return strings.Contains(name, "{") || covers(name, header) })
}

// covers reports whether a name as an operation states it, which may have asterisks at
// its ends, matches a header.
func covers(stated, header string) bool {
	matches, err := path.Match(strings.ReplaceAll(strings.ToLower(stated), "_", "-"), header)
	return matches || err != nil
}

// headerNames are the names of the headers that operations are on, as written.
func headerNames(ops *headers.HeaderOps) []string {
	if ops == nil {
		return nil
	}
	names := append(slices.Clone(ops.Delete), slices.Sorted(maps.Keys(ops.Set))...)
	names = append(names, slices.Sorted(maps.Keys(ops.Add))...)
	return append(names, slices.Sorted(maps.Keys(ops.Replace))...)
}

// requestOps are a proxy's operations on what it forwards, or nil.
func requestOps(h *reverseproxy.Handler) *headers.HeaderOps {
	if h.Headers == nil {
		return nil
	}
	return h.Headers.Request
}

// faithfulHosts are what a proxy can set the host to and so neither choose where a
// request goes nor let its client choose: to where it forwards anyway, or to what was
// judged.
var faithfulHosts = []string{
	"{http.reverse_proxy.upstream.host}", "{http.reverse_proxy.upstream.hostport}",
	"{http.request.host}", "{http.request.hostport}", "{http.request.header.Host}",
}

// choosesHost reports whether operations may set the host to anything else.
func choosesHost(ops *headers.HeaderOps) bool {
	if ops == nil || !touches(ops, "host") {
		return false
	}
	for name, values := range ops.Set {
		if strings.EqualFold(name, "host") && len(values) == 1 && slices.Contains(faithfulHosts, values[0]) {
			others := *ops
			others.Set = maps.Clone(ops.Set)
			delete(others.Set, name)
			return touches(&others, "host")
		}
	}
	return true
}
