package routecheck

import (
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// hosts are the hosts that requests may be for, as Caddy's matcher writes them.
type hosts struct {
	// only has all of them; nil is any.
	only []string
	// not has those that they are not for.
	not []string
}

// or is the hosts of both.
func (h hosts) or(other hosts) hosts {
	var both hosts
	if h.only != nil && other.only != nil {
		both.only = slices.Concat(h.only, other.only)
		slices.Sort(both.only)
		both.only = slices.Compact(both.only)
	}
	for _, host := range h.not {
		if slices.Contains(other.not, host) {
			both.not = append(both.not, host)
		}
	}
	return both
}

// within is those of the hosts that match a pattern. It returns false if none does.
func (h hosts) within(patterns []string) (hosts, bool) {
	var left []string
	for _, pattern := range patterns {
		if !slices.Contains(h.not, pattern) && (h.only == nil || slices.ContainsFunc(h.only, func(o string) bool { return overlap(o, pattern) })) {
			left = append(left, pattern)
		}
	}
	return hosts{only: left, not: h.not}, len(left) > 0
}

// without is those of the hosts that match no pattern.
func (h hosts) without(patterns []string) hosts {
	return hosts{only: h.only, not: slices.Concat(h.not, patterns)}
}

// excludes reports whether no host is among both.
func (h hosts) excludes(other hosts) bool {
	if other.only != nil {
		if _, ok := h.within(other.only); !ok {
			return true
		}
	}
	if h.only != nil {
		if _, ok := other.within(h.only); !ok {
			return true
		}
	}
	return false
}

// overlap reports whether a host can match both patterns. An asterisk matches one label.
func overlap(a, b string) bool {
	labelsOfA, labelsOfB := strings.Split(a, "."), strings.Split(b, ".")
	if len(labelsOfA) != len(labelsOfB) {
		return false
	}
	for i := range labelsOfA {
		if labelsOfA[i] != labelsOfB[i] && !strings.Contains(labelsOfA[i]+labelsOfB[i], "*") {
			return false
		}
	}
	return true
}

// hostsOf returns the hosts that a route is for, nil for any, and whether it asks for
// nothing else.
func hostsOf(sets caddyhttp.MatcherSets) (patterns []string, alone bool) {
	alone = len(sets) > 0
	for _, set := range sets {
		i := slices.IndexFunc(set, func(matcher any) bool { _, ok := matcher.(*caddyhttp.MatchHost); return ok })
		if i < 0 {
			return nil, false
		}
		for _, host := range *set[i].(*caddyhttp.MatchHost) {
			if strings.Contains(host, "{") {
				return nil, false // it may turn out to be any
			}
			patterns = append(patterns, strings.ToLower(host))
		}
		alone = alone && len(set) == 1
	}
	return patterns, alone
}
