package gate

import "strings"

// overridingHeaders are headers by which some server, framework or proxy takes a
// request for one by another method, at another address or for another host. No
// client of a carrier sends any.
//
//   - X-HTTP-Method-Override, X-HTTP-Method, X-Method-Override: Google's APIs, OData,
//     ASP.NET, Rack, Express, Django and others; X-HTTP-Verb: Mojolicious and Lumen
//   - X-Original-Method: what Traefik's and ingress-nginx's authentication ask by
//   - X-Original-URL, X-Rewrite-URL: IIS, Symfony and Zend
//     (https://symfony.com/blog/cve-2018-14773-remove-support-for-legacy-and-risky-http-headers)
//   - X-Original-URI, X-Rewrite-URI: the same, of nginx
//   - X-HTTP-Path-Override, X-HTTP-Host-Override: some gateways
//
// The headers by which proxies tell of the client (X-Forwarded-*) are not among them:
// honest requests have those.
var overridingHeaders = []string{
	"X-Http-Method-Override", "X-Http-Method", "X-Method-Override", "X-Http-Verb", "X-Original-Method",
	"X-Original-Url", "X-Rewrite-Url", "X-Original-Uri", "X-Rewrite-Uri", "X-Http-Path-Override",
	"X-Http-Host-Override",
}

// judgedHeaders decide how a request is read. In a trailer, or in another spelling, a
// server could take one for the header itself.
var judgedHeaders = []string{
	"Authorization", "Connection", "Content-Type", "Content-Encoding", "Content-Length", "Host", "Transfer-Encoding",
}

// Overrides reports whether a header makes some server take a request for another
// one, in any spelling: servers that hand headers on as variables (RFC 3875, section
// 4.1.18) make no difference between a dash and an underscore, and some none between
// a dash and any other mark. The name is in Go's letter case.
func Overrides(name string) bool {
	return isOneOf(overridingHeaders, name) || isOtherwiseSpelled(name)
}

// isOtherwiseSpelled finds a name that is a judged header to other servers but not to Go.
func isOtherwiseSpelled(name string) bool {
	for _, judged := range judgedHeaders {
		if len(judged) == len(name) && judged != name && isSpelling(judged, name) {
			return true
		}
	}
	return false
}

// isOneOf reports whether a name is a spelling of one of those given.
func isOneOf(names []string, name string) bool {
	for _, other := range names {
		if len(other) == len(name) && isSpelling(other, name) {
			return true
		}
	}
	return false
}

// isSpelling compares two names of the same length, any mark for any other and in any
// letter case.
func isSpelling(one, other string) bool {
	for i := range len(one) {
		a, b := one[i], other[i]
		if a != b && (isAlphanumeric(a) || isAlphanumeric(b)) && !(a|0x20 == b|0x20 && isAlphanumeric(a) && isAlphanumeric(b)) {
			return false
		}
	}
	return true
}

// overridesRequest finds a header, in Go's letter case, that names another method, address
// or host.
func overridesRequest(name string) bool {
	return strings.HasPrefix(name, "X") && isOneOf(overridingHeaders, name) || isOtherwiseSpelled(name)
}

func isAlphanumeric(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }
