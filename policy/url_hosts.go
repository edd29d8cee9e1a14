package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AnyURLHost is the entry of a list of hosts that stands for every host, and says
// that URLs are not looked at, on purpose.
const AnyURLHost = "*"

// ParseURLHost reads an entry of a list of hosts, in any letter case, and returns
// it as it is kept: a DNS name or an IPv4 address, with "*." before it for all
// hosts below a name, and with a port if it is for that port alone; or AnyURLHost.
func ParseURLHost(text string) (string, error) {
	if text == AnyURLHost {
		return text, nil
	}
	entry := lowerASCII(text)
	name, below := strings.CutPrefix(entry, "*.")
	host, ok := readHost(name)
	switch {
	case strings.ContainsAny(text, "/?#@"):
		return "", errors.New("write the host of the URL alone")
	case strings.Contains(name, "*"):
		return "", errors.New(`a star must be the whole first label, as in "*.example.com"`)
	case strings.ContainsFunc(text, func(c rune) bool { return c > '~' }):
		return "", errors.New(`write the name as DNS has it, in ASCII ("xn--…")`)
	case strings.HasSuffix(text, "."):
		return "", errors.New("write it without the full stop at the end")
	case !ok || below && isIPv4(host.name):
		return "", errors.New("write a DNS name or an IPv4 address, with a colon and a port if it is for that port alone")
	}
	return entry, nil
}

// hostList is a compiled list of hosts, with the words that logs name it by.
type hostList struct {
	stated  []string
	entries []hostEntry
	any     bool
	words   string
}

// hostEntry is an entry of a list: a host, or all below it. Without a port, it
// stands for the ports of both schemes.
type hostEntry struct {
	urlHost
	below bool
}

// newHostList compiles the list that owner states, nil if there is none.
func newHostList(owner string, stated []string) (*hostList, error) {
	if stated == nil {
		return nil, nil
	}
	h := &hostList{stated: make([]string, 0, len(stated)), words: owner + " url_hosts"}
	for _, text := range stated {
		entry, err := ParseURLHost(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not a host: %w", h.words, text, err)
		}
		h.stated = append(h.stated, entry)
		if entry == AnyURLHost {
			h.any = true
			continue
		}
		name, below := strings.CutPrefix(entry, "*.")
		host, _ := readHost(name)
		h.entries = append(h.entries, hostEntry{host, below})
	}
	slices.Sort(h.stated)
	h.stated = slices.Compact(h.stated)
	return h, nil
}

// restricts reports whether a list is stated that may deny a URL.
func (h *hostList) restricts() bool { return h != nil && !h.any }

// has reports whether a host is in the list.
func (h *hostList) has(host urlHost) bool {
	return slices.ContainsFunc(h.entries, func(e hostEntry) bool { return e.has(host) })
}

func (e *hostEntry) has(host urlHost) bool {
	if e.port != host.port && (e.port != 0 || !isDefaultPort(host.port)) {
		return false
	}
	if e.below {
		return strings.HasSuffix(host.name, "."+e.name)
	}
	return host.name == e.name
}

// JudgeURL is the verdict on a URL that the carrier would fetch and whose answer it would
// follow. A blank one is not judged, and a relative one leads to no host: the caller
// resolves it. Where no hosts are stated, every URL is allowed, without a reason.
func (s *Subject) JudgeURL(address string, now time.Time) Verdict {
	if !s.snapshot.URLsMatter() || strings.TrimSpace(address) == "" {
		return Verdict{Outcome: Allow}
	}
	if s.identityError != "" {
		return s.observed(s.denyUnidentified(), now)
	}
	hosts := s.urlHosts()
	if hosts == nil || hosts.any {
		return Verdict{Outcome: Allow}
	}
	if v := s.judge(now, nil); v.Outcome == Deny {
		return s.observed(v, now)
	}
	if s.isUnknown() {
		return s.observed(deny(AccountUnknown, "no default"), now)
	}
	if host, ok := readURL(address); !ok || !hosts.has(host) {
		return s.observed(s.downgradeIfMonitored(deny(URLHost, hosts.words), now), now)
	}
	return Verdict{Outcome: Allow, Reason: URLAllowed, Rule: hosts.words}
}

// urlHosts is the list of hosts in force for the account: its own, else its parent's,
// else the operator's, nil if none is stated.
func (s *Subject) urlHosts() *hostList {
	for i := s.account; i != nil; i = i.parent {
		if i.urlHosts != nil {
			return i.urlHosts
		}
	}
	return s.snapshot.urlHosts
}

// URLsMatter reports whether the URLs of a request can make a difference.
func (s *Snapshot) URLsMatter() bool { return s.restricted > 0 || s.urlHosts.restricts() }

// URLHosts returns the hosts in force for an account, in order, and whether any level
// states them.
func (s *Snapshot) URLHosts(account CarrierAccount) (hosts []string, stated bool) {
	subject := s.SubjectOf(account)
	h := subject.urlHosts()
	if h == nil {
		return nil, false
	}
	return h.stated, true
}

// OpenVoice lists the accounts by their IDs, in order, that may call while no level states
// the hosts of their URLs: what such a URL answers, the carrier dials. The
// empty name is for accounts that the policy does not name.
func (s *Snapshot) OpenVoice() []string {
	var open []string
	if s.urlHosts == nil && s.defaults.permitsCalls() {
		open = append(open, "")
	}
	for a := range s.all() {
		subject := Subject{snapshot: s, account: a, known: true}
		mayCall := subject.effectiveSet(&Send{Channel: Voice}).set.permitsCalls() || a.opensCalls()
		if subject.urlHosts() == nil && mayCall {
			open = append(open, a.id)
		}
	}
	slices.Sort(open)
	return open
}

// permitsCalls reports whether any territory is enabled for calls.
func (g *permissionSet) permitsCalls() bool {
	return g.states(Voice) && slices.ContainsFunc(g.voice[:], func(class Grant) bool { return class.Set.Len() > 0 })
}
