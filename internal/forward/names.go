package forward

import (
	"net/http"
	"strings"
)

// tokenByte are the characters of a token (RFC 9110, section 5.6.2).
var tokenByte = func() (table [256]bool) {
	for b := range 256 {
		c := byte(b)
		table[b] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
	}
	return table
}()

// usualNames are names whose usual spelling is not the canonical one, and names that
// servers send in lower case. The others that are canonical need no table.
var usualNames = func() map[string]string {
	table := map[string]string{"ETag": "Etag", "WWW-Authenticate": "Www-Authenticate"}
	for _, name := range []string{
		"Accept-Ranges", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
		"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Age", "Cache-Control", "Connection",
		"Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Type", "Date", "Etag",
		"Expires", "Keep-Alive", "Last-Modified", "Link", "Location", "Pragma", "Retry-After", "Server", "Set-Cookie",
		"Strict-Transport-Security", "Trailer", "Transfer-Encoding", "Vary", "Via", "Www-Authenticate", "X-Api-Domain",
		"X-Cache", "X-Content-Type-Options", "X-Frame-Options", "X-Powered-By", "X-Request-Id", "X-Xss-Protection",
	} {
		table[strings.ToLower(name)] = name
	}
	table["X-API-Domain"], table["X-XSS-Protection"] = "X-Api-Domain", "X-Xss-Protection"
	return table
}()

// canonical is the canonical form of a field's name. It reports whether the name is a
// token, and allocates only for unusual spellings.
func canonical(name string) (string, bool) {
	upper, same := true, true
	for i := range len(name) {
		c := name[i]
		if !tokenByte[c] {
			return "", false
		}
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			same = false
		}
		upper = c == '-'
	}
	if same {
		return name, name != ""
	}
	if usual, ok := usualNames[name]; ok {
		return usual, true
	}
	return http.CanonicalHeaderKey(name), true
}

// isToken reports whether a text is a token.
func isToken(text string) bool {
	for i := range len(text) {
		if !tokenByte[text[i]] {
			return false
		}
	}
	return text != ""
}

// validValue reports whether a field's value has no control character except tabs.
func validValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// hopByHop reports whether a field, named in its canonical form, is for one connection
// alone (RFC 9110, section 7.6.1), or names another way to one host (RFC 7838, section 3).
func hopByHop(name string) bool {
	switch name {
	case "Alt-Svc", "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return true
	}
	return strings.HasPrefix(name, "Proxy-")
}

// eachElement calls do with each element of a comma-separated list, without spaces around
// it and without empty ones.
func eachElement(list string, do func(element string)) {
	for list != "" {
		var element string
		element, list, _ = strings.Cut(list, ",")
		if element = strings.Trim(element, " \t"); element != "" {
			do(element)
		}
	}
}
