package prefixlist

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/caddy-tollgate/tollgate/config"
)

// Document is a policy that means what the list does: for one account, by its id at a
// carrier, or for all if that is empty. The channel is "messaging", "voice" or empty for
// both.
func (l *List) Document(account, channel string, at time.Time) config.Document {
	var set config.Permissions
	if l.Others != Unstated {
		territories := config.Territories{}
		voice := &config.Voice{LowRisk: territories}
		if l.Others == Allowed {
			territories = config.Territories{"*"}
			voice = &config.Voice{LowRisk: territories, HighRiskSpecial: territories, HighRiskTollFraud: territories}
		}
		if channel != "voice" {
			set.Messaging = territories
		}
		if channel != "messaging" {
			set.Voice = voice
		}
	}
	rules := l.rules(channel, at)
	if account != "" {
		return config.Document{Accounts: []config.Account{{ID: account, Permissions: set, Prefixes: rules}}}
	}
	document := config.Document{Prefixes: rules}
	if l.Others != Unstated {
		document.Default = &config.Default{Permissions: set}
	}
	return document
}

// rules are those of one level. Where all other numbers are denied, allow and block decide
// as the entries do, the longest first. Elsewhere an allow would open more than it closes:
// there, each block has the entries within it that allow for exceptions.
func (l *List) rules(channel string, at time.Time) (rules []config.Prefix) {
	entries := slices.Clone(l.Entries)
	slices.SortStableFunc(entries, func(a, b Entry) int { return strings.Compare(a.Digits, b.Digits) })
	for i := range entries {
		e := &entries[i]
		rule := config.Prefix{Channel: channel, Reason: e.reason()}
		switch {
		case l.Others == Denied && !e.Deny:
			rule.Allow = "+" + e.Digits
		case e.Deny:
			rule.Block = "+" + e.Digits
		default:
			continue
		}
		pieces := []period{{from: e.From, until: e.Until}}
		if l.Others != Denied {
			pieces = e.pieces(within(entries[i+1:], e.Digits))
		}
		for _, piece := range pieces {
			if isOver(piece.until, at) {
				continue
			}
			rule.From, rule.Until, rule.Except = stamp(piece.from), stamp(piece.until), piece.except
			rules = append(rules, rule)
		}
	}
	return rules
}

// period is a time in which a rule has the same exceptions.
type period struct {
	from, until time.Time
	except      []string
}

// within are the entries whose prefixes are longer ones within a prefix, of those sorted
// behind it.
func within(sorted []Entry, prefix string) []Entry {
	end := 0
	for end < len(sorted) && strings.HasPrefix(sorted[end].Digits, prefix) {
		end++
	}
	nested := sorted[:end]
	for len(nested) > 0 && nested[0].Digits == prefix { // at another time
		nested = nested[1:]
	}
	return nested
}

// pieces divides the time of an entry where the exceptions from it change.
func (e *Entry) pieces(nested []Entry) (pieces []period) {
	starts := []time.Time{e.From}
	for i := range nested {
		for _, t := range []time.Time{nested[i].From, nested[i].Until} {
			if !nested[i].Deny && t.After(e.From) && (e.Until.IsZero() || t.Before(e.Until)) {
				starts = append(starts, t)
			}
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	starts = slices.CompactFunc(starts, time.Time.Equal)
	for i, from := range starts {
		until := e.Until
		if i+1 < len(starts) {
			until = starts[i+1]
		}
		except := exceptions(nested, from)
		if last := len(pieces) - 1; last >= 0 && slices.Equal(pieces[last].except, except) {
			pieces[last].until = until
			continue
		}
		pieces = append(pieces, period{from, until, except})
	}
	return pieces
}

// exceptions are the shortest prefixes that allow at a time, of entries that are sorted.
func exceptions(nested []Entry, at time.Time) (except []string) {
	last := "-"
	for i := range nested {
		n := &nested[i]
		if n.Deny || n.From.After(at) || isOver(n.Until, at) || strings.HasPrefix(n.Digits, last) {
			continue
		}
		last = n.Digits
		except = append(except, "+"+last)
	}
	return except
}

// stamp writes a time as policies have it; the zero time is not stated.
func stamp(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// reason says where a rule comes from. It is never a placeholder, whatever a list names.
func (e *Entry) reason() string {
	if e.Name == "" {
		return plain("imported from " + e.Place.String())
	}
	return plain(e.Name) + " (" + plain(e.Place.String()) + ")"
}

// plain writes a text so that it means nothing but itself in a policy of any spelling.
func plain(text string) string {
	text = strings.Map(func(c rune) rune {
		switch {
		case c == '{':
			return '('
		case c == '}':
			return ')'
		case c == '"' || c == '`':
			return '\''
		case c == '\\':
			return '/'
		case !unicode.IsPrint(c) || c == unicode.ReplacementChar:
			return ' '
		}
		return c
	}, text)
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:100]) + "…"
	}
	return strings.TrimSpace(text)
}
