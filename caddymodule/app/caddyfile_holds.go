package app

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// isAfterDimensions reports whether a word is the first behind the dimensions of a limit.
func isAfterDimensions(word string) bool {
	return slices.Contains([]string{"warn", "notify", policy.Monitored.String(), policy.Denied.String()}, word)
}

// then reads what is behind the dimensions of a limit, and reports whether it can be read:
//
//	[warn <amount>] [monitor|deny [for <duration>]]
//	notify [at <percent...>]
func then(l *config.Limit, words []string) (ok bool) {
	if len(words) >= 2 && words[0] == "warn" {
		l.Warn, words = words[1], words[2:]
	}
	if len(words) > 0 && words[0] != "warn" {
		l.Action, words = words[0], words[1:]
		if len(words) == 2 && words[0] == "for" {
			l.For, words = words[1], nil
		}
		if len(words) >= 2 && words[0] == "at" {
			l.At, words = words[1:], nil
		}
	}
	return len(words) == 0
}

// defaultLimits reads those that are shipped, where a limit has their name and no dimensions.
func defaultLimits(words []string) (l config.Limit, ok bool) {
	if len(words) == 0 || words[0] != config.DefaultLimits || slices.Contains(words, "per") {
		return l, false
	}
	l.Name = words[0]
	return l, then(&l, words[1:])
}
