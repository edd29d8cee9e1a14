package policy

import (
	"net/netip"
	"strconv"
	"strings"
)

// urlHost is where a URL leads, as every reader sees it: those of RFC 3986, of
// browsers (https://url.spec.whatwg.org) and those that take a text apart at its
// slashes. What two of them could read differently is not a URL here.
type urlHost struct {
	// name in lower case: a DNS name, or an IPv4 address of four decimal
	// numbers.
	name string
	// port that is connected to, stated or that of the scheme.
	port int
}

// defaultPorts are those of the schemes that can be fetched.
var defaultPorts = map[string]int{"http": 80, "https": 443}

func isDefaultPort(port int) bool {
	return port == defaultPorts["http"] || port == defaultPorts["https"]
}

// readURL reads the host of an absolute URL of http or https. It refuses user
// information, backslashes, control characters, white space and anything in
// the place of a host that is not one in plain letters.
func readURL(address string) (urlHost, bool) {
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c == 0x7f || c == '\\' {
			return urlHost{}, false
		}
	}
	scheme, rest, found := strings.Cut(address, "://")
	standard := defaultPorts[lowerASCII(scheme)]
	if !found || standard == 0 {
		return urlHost{}, false
	}
	// Readers that know no query end the authority at the first slash alone.
	longest, _, _ := strings.Cut(rest, "/")
	authority := longest
	if end := strings.IndexAny(longest, "?#"); end >= 0 {
		authority = longest[:end]
	}
	for i := range len(longest) {
		if c := longest[i]; c >= 0x80 || c == '@' {
			return urlHost{}, false
		}
	}
	host, ok := readHost(authority)
	if ok && host.port == 0 {
		host.port = standard
	}
	return host, ok
}

// readHost reads a host, and a port behind a colon if there is one.
func readHost(text string) (urlHost, bool) {
	name, digits, hasPort := strings.Cut(text, ":")
	host := urlHost{name: lowerASCII(name)}
	if hasPort {
		port, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || port == 0 || digits[0] == '0' || digits[0] == '+' {
			return urlHost{}, false
		}
		host.port = int(port)
	}
	return host, isHostName(host.name)
}

// mostHostLetters and mostLabelLetters bound a DNS name and its parts (RFC 1035,
// section 2.3.4).
const (
	mostHostLetters  = 253
	mostLabelLetters = 63
)

// isHostName reports whether a text in lower case is a DNS name, without a full
// stop at its end, or an IPv4 address as it is usually written. A name whose last
// part is a number is an address in some notation, to some readers.
func isHostName(name string) bool {
	if len(name) > mostHostLetters {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > mostLabelLetters || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return false
			}
		}
		last = label
	}
	return last[0] < '0' || last[0] > '9' || isIPv4(name)
}

// isIPv4 reports whether a text is an IPv4 address of four decimal numbers.
func isIPv4(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is4()
}

// lowerASCII writes the letters of ASCII in lower case, and leaves all others alone.
func lowerASCII(text string) string {
	isUpper := func(c rune) bool { return 'A' <= c && c <= 'Z' }
	if strings.IndexFunc(text, isUpper) < 0 {
		return text
	}
	return strings.Map(func(c rune) rune {
		if isUpper(c) {
			return c + 'a' - 'A'
		}
		return c
	}, text)
}
