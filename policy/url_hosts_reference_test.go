package policy_test

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// hostsInForce is the list of the account, else of the nearest above it, else the
// operator's; nil if none is stated.
func (b *book) hostsInForce(p *payer) []string {
	for _, a := range p.line() {
		if a.urlHosts != nil {
			return a.urlHosts
		}
	}
	return b.urlHosts
}

// restrictsURLs reports whether any list could have to do with the payer. Where
// it is unknown whose an intent is, any could.
func (b *book) restrictsURLs(p *payer, unidentified bool) bool {
	restricts := func(list []string) bool { return list != nil && !slices.Contains(list, "*") }
	if !unidentified {
		return restricts(b.hostsInForce(p))
	}
	return restricts(b.urlHosts) || slices.ContainsFunc(b.accounts, func(a account) bool { return restricts(a.urlHosts) })
}

func (b *book) judgeURL(p *payer, address string) answer {
	if p.unknown && b.def == nil {
		return p.deny(policy.AccountUnknown)
	}
	for _, u := range worldURLs {
		if u.address == address && isListed(b.hostsInForce(p), u.host, u.port) {
			return answer{reason: policy.URLAllowed}
		}
	}
	return p.deny(policy.URLHost)
}

// isListed reports whether a list has a host, entry by entry. A host that is empty
// could not be read, and is in no list.
func isListed(list []string, host, port string) bool {
	for _, entry := range list {
		entry = strings.ToLower(entry)
		name, only, hasPort := strings.Cut(entry, ":")
		parent, below := strings.CutPrefix(name, "*")
		switch {
		case host == "":
		case hasPort && only != port, !hasPort && port != "80" && port != "443":
		case entry == "*", name == host, below && strings.HasSuffix(host, parent):
			return true
		}
	}
	return false
}

// worldURLs are addresses, and where they lead. A host that is empty is one that
// readers could see differently, or none.
var worldURLs = []struct{ address, host, port string }{
	{"https://a.example/", "a.example", "443"},
	{"http://a.example", "a.example", "80"},
	{"HTTPS://A.Example/x?y=z#w", "a.example", "443"},
	{"https://a.example:443/", "a.example", "443"},
	{"https://a.example:80/", "a.example", "80"},
	{"https://a.example:8443/", "a.example", "8443"},
	{"https://b.a.example/", "b.a.example", "443"},
	{"https://c.b.a.example:8443/", "c.b.a.example", "8443"},
	{"https://xa.example/", "xa.example", "443"},
	{"https://a.example.evil.example/", "a.example.evil.example", "443"},
	{"https://203.0.113.7/", "203.0.113.7", "443"},
	{"https://a.example?b", "a.example", "443"},
	{"https://a.example@evil.example/", "", ""},
	{"https://evil.example\\@a.example/", "", ""},
	{"//a.example/", "", ""},
	{"https:a.example", "", ""},
	{"ftp://a.example/", "", ""},
	{"https://a.example./", "", ""},
	{"/next", "", ""},
}

var worldHosts = []string{"a.example", "*.a.example", "A.EXAMPLE:8443", "*.b.a.example:8443", "203.0.113.7", "other.example"}

// urlHosts is a list of hosts that is often absent, sometimes none and rarely all.
func (g generator) urlHosts() []string {
	if !g.one(3) {
		return nil
	}
	list := some(g, 4, worldHosts)
	for i := range list {
		if g.one(2) {
			list[i] = strings.ToLower(list[i])
		}
	}
	if g.one(8) {
		list = append(list, "*")
	}
	return list
}

func (g generator) url() string { return pick(g, worldURLs).address }
