package policy_test

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// FuzzURLHost holds the reading of a URL's host against readers of other kinds:
// wherever one of them would go to, is listed, or the URL is refused.
func FuzzURLHost(f *testing.F) {
	for _, address := range []string{
		"https://good.example/", "https://good.example@evil.example/", `https://good.example\@evil.example/`, "https:evil.example",
		"//evil.example", "https://good.example?@evil.example/", "https://good.example:8443@evil.example/", "https://good.example%2eevil.example/",
		"https://good.example/\t@evil.example", "https://203.0.113.7/", "https://0xcb007107/", "https://good.example:443:80/", "http://a.good.example:80",
		"https://good.example#@evil.example/", "https://good.example;@evil.example", "https://[::1]/", "https://good.example./",
	} {
		f.Add(address)
	}
	listed := []string{"good.example", "*.good.example", "203.0.113.7", "port.example:8443"}
	snapshot, err := policy.New(policy.Definition{URLHosts: listed, Accounts: []policy.Account{{ID: company, At: []policy.CarrierAccount{{Carrier: "twilio", ID: company}}}}})
	if err != nil {
		f.Fatal(err)
	}
	subject := snapshot.Subject(policy.Claim{Carrier: "twilio", Account: company, Holder: company})
	f.Fuzz(func(t *testing.T, address string) {
		v := subject.JudgeURL(address, noon)
		if v.Reason != policy.URLAllowed {
			if strings.TrimSpace(address) != "" && v.Reason != policy.URLHost {
				t.Errorf("%q is %s %s", address, v.Outcome, v.Reason)
			}
			return
		}
		for name, read := range urlReaders {
			host, port, ok := read(address)
			if ok && !isListed(listed, host, port) {
				t.Errorf("%q is allowed; to %s it leads to %q, port %s", address, name, host, port)
			}
		}
	})
}

// urlReaders say where a URL leads, as programs of different kinds would.
var urlReaders = map[string]func(string) (host, port string, ok bool){
	"net/url": func(address string) (string, string, bool) {
		u, err := url.Parse(address)
		if err != nil {
			return "", "", false
		}
		host, port := strings.ToLower(u.Hostname()), u.Port()
		return host, orDefault(port, u.Scheme), true
	},
	"a browser": browserReads,
	"the pattern of RFC 3986": func(address string) (string, string, bool) {
		m := genericURL.FindStringSubmatch(address)
		return authorityOf(m[4], strings.ToLower(m[2]), strings.LastIndex)
	},
	"one that ends at the first slash": func(address string) (string, string, bool) {
		scheme, rest, found := strings.Cut(address, "://")
		authority, _, _ := strings.Cut(rest, "/")
		authority = strings.TrimRight(authority, "?#")
		if i := strings.IndexAny(authority, "?#"); i >= 0 && !strings.Contains(authority, "@") {
			authority = authority[:i]
		}
		host, port, ok := authorityOf(authority, strings.ToLower(scheme), strings.LastIndex)
		return host, port, ok && found
	},
	"one that takes the first user": func(address string) (string, string, bool) {
		m := genericURL.FindStringSubmatch(address)
		return authorityOf(m[4], strings.ToLower(m[2]), strings.Index)
	},
}

// genericURL is that of RFC 3986, appendix B.
var genericURL = regexp.MustCompile(`^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?`)

// authorityOf takes an authority apart, behind the user information.
func authorityOf(authority, scheme string, at func(text, sub string) int) (host, port string, ok bool) {
	authority = authority[at(authority, "@")+1:]
	host, port, _ = strings.Cut(authority, ":")
	return strings.ToLower(host), orDefault(port, scheme), true
}

func orDefault(port, scheme string) string {
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(scheme)]
	}
	return port
}

// browserReads reads a URL in the main as https://url.spec.whatwg.org says.
func browserReads(address string) (host, port string, ok bool) {
	address = strings.TrimFunc(address, func(c rune) bool { return c <= ' ' })
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(address)
	scheme, rest, found := strings.Cut(address, ":")
	scheme = strings.ToLower(scheme)
	if !found || !slices.Contains([]string{"http", "https", "ws", "wss", "ftp"}, scheme) {
		return "", "", false
	}
	rest = strings.TrimLeft(rest, `/\`)
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndex(rest, "@")+1:]
	host, port, _ = strings.Cut(rest, ":")
	if decoded, err := url.PathUnescape(host); err == nil {
		host = decoded
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if address, ok := addressOf(host); ok {
		host = address
	}
	return host, orDefault(port, scheme), true
}

// addressOf reads an IPv4 address of one to four parts, each decimal, octal or
// hexadecimal; the last one fills what is left.
func addressOf(host string) (string, bool) {
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return "", false
	}
	var number uint64
	for i, part := range parts {
		base := 10
		if digits, found := strings.CutPrefix(part, "0x"); found {
			part, base = digits, 16
		} else if len(part) > 1 && part[0] == '0' {
			part, base = part[1:], 8
		}
		n, err := strconv.ParseUint(part, base, 32)
		if err != nil {
			return "", false
		}
		if i < len(parts)-1 {
			number |= n << (8 * (3 - i))
		} else {
			number |= n
		}
	}
	return netip.AddrFrom4([4]byte{byte(number >> 24), byte(number >> 16), byte(number >> 8), byte(number)}).String(), true
}
