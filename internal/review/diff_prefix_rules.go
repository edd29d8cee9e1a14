package review

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// ruleKey identifies the rules that do the same to the same prefix.
type ruleKey struct {
	prefix  string
	block   bool
	channel string // empty for both
}

// rules records the prefix rules that were added or removed, or are stated otherwise.
func (c *comparison) rules(account policy.CarrierAccount, before, after []policy.Rule) {
	was, is := c.byKey(before), c.byKey(after)
	keys := make(map[ruleKey]bool)
	for _, rules := range []map[ruleKey][]policy.Rule{was, is} {
		for key := range rules {
			keys[key] = true
		}
	}
	ordered := slices.SortedFunc(maps.Keys(keys), func(a, b ruleKey) int {
		if order := strings.Compare(a.prefix, b.prefix); order != 0 {
			return order
		}
		return strings.Compare(a.words(), b.words())
	})
	for _, key := range ordered {
		c.alike(account, key, unlike(was[key], is[key]), unlike(is[key], was[key]))
	}
}

// alike records what changes between the rules of one key. One in place of another is one
// change.
func (c *comparison) alike(account policy.CarrierAccount, key ruleKey, removed, added []policy.Rule) {
	add := func(direction Direction, rule policy.Rule, text string) {
		c.add(account, Change{Direction: direction, What: Prefix, Channel: key.channel, Text: key.words() + text, rule: &rule})
	}
	applies := Opens // the direction of a rule that applies
	if key.block {
		applies = Closes
	}
	if len(removed) == 1 && len(added) == 1 {
		old, rule := removed[0], added[0]
		add(c.inPlace(old, rule, applies), rule, c.terms(rule)+"; before, "+c.differences(old, rule))
		return
	}
	direction := func(rule policy.Rule, direction Direction) Direction {
		if rule.IsOver(c.now) {
			return Changes
		}
		return direction
	}
	for _, rule := range removed {
		c.add(account, Change{Direction: direction(rule, applies.reversed()), What: Prefix, Channel: key.channel,
			Text: "no " + key.words() + c.terms(rule) + " any more", rule: &rule, isOld: true})
	}
	for _, rule := range added {
		add(direction(rule, applies), rule, c.terms(rule))
	}
}

// inPlace is what a rule does in place of another, if it has the direction given where it
// applies.
func (c *comparison) inPlace(old, rule policy.Rule, direction Direction) Direction {
	switch more, less := c.covers(rule, old), c.covers(old, rule); {
	case more && !less:
		return direction
	case less && !more:
		return direction.reversed()
	default:
		return Changes
	}
}

// byKey gives each rule its key. A rule that another of its key covers does nothing and is
// left out.
func (c *comparison) byKey(rules []policy.Rule) map[ruleKey][]policy.Rule {
	byKey := make(map[ruleKey][]policy.Rule)
	for _, r := range rules {
		key := ruleKey{prefix: r.Prefix, block: r.Block}
		if r.Channel != nil {
			key.channel = r.Channel.String()
		}
		others := byKey[key]
		if slices.ContainsFunc(others, func(other policy.Rule) bool { return c.covers(other, r) }) {
			continue
		}
		others = slices.DeleteFunc(others, func(other policy.Rule) bool { return c.covers(r, other) })
		byKey[key] = append(others, r)
	}
	return byKey
}

// unlike lists the rules, all of one key, that are not among others.
func unlike(rules, others []policy.Rule) (unlike []policy.Rule) {
	for _, r := range rules {
		if !slices.ContainsFunc(others, func(other policy.Rule) bool { return isSameRule(r, other) }) {
			unlike = append(unlike, r)
		}
	}
	return unlike
}

func isSameRule(a, b policy.Rule) bool {
	return a.Reason == b.Reason && slices.Equal(sortedPrefixes(a.Except), sortedPrefixes(b.Except)) && a.From.Equal(b.From) && a.Until.Equal(b.Until)
}

// covers reports whether, from now on, a rule applies whenever another of its key does.
func (c *comparison) covers(rule, other policy.Rule) bool {
	switch {
	case other.IsOver(c.now):
		return true
	case rule.IsOver(c.now):
		return false
	}
	begins := !rule.IsAhead(c.now) || !rule.From.After(other.From)
	return begins && !endsLater(other.Until, rule.Until) && areWithin(rule.Except, other.Except)
}

// areWithin reports whether each prefix is within one of others.
func areWithin(prefixes, others []string) bool {
	return !slices.ContainsFunc(prefixes, func(prefix string) bool {
		return !slices.ContainsFunc(others, func(other string) bool { return strings.HasPrefix(prefix, other) })
	})
}

func sortedPrefixes(prefixes []string) []string { return slices.Sorted(slices.Values(prefixes)) }

// exceptions lists the prefixes that a rule does not match, if there are any.
func exceptions(r policy.Rule) string {
	if len(r.Except) == 0 {
		return ""
	}
	return " except +" + strings.Join(sortedPrefixes(r.Except), " +")
}

// endsLater compares the ends of two rules. The zero time never comes.
func endsLater(a, b time.Time) bool {
	return !b.IsZero() && (a.IsZero() || a.After(b))
}

func (k ruleKey) words() string {
	text := "allow +"
	if k.block {
		text = "block +"
	}
	return strings.TrimSpace(text + k.prefix + " " + k.channel)
}

// terms are the reason of a rule, what it does not match, and from when and until when it
// is in force, if not forever.
func (c *comparison) terms(r policy.Rule) string {
	text := quoted(r.Reason) + exceptions(r)
	if !r.From.IsZero() {
		text += " from " + when(r.From)
	}
	switch {
	case r.Until.IsZero():
		return text
	case r.IsOver(c.now):
		return text + ", over since " + when(r.Until)
	default:
		return text + " until " + when(r.Until)
	}
}

// differences says what an old rule states otherwise than the one in its place.
func (c *comparison) differences(old, rule policy.Rule) string {
	var differences []string
	add := func(text string) { differences = append(differences, strings.TrimLeft(text, ", ")) }
	switch {
	case old.Reason == rule.Reason:
	case old.Reason == "":
		add("without reason")
	default:
		add(quoted(old.Reason))
	}
	switch excepted := exceptions(old); {
	case excepted == exceptions(rule):
	case excepted == "":
		add("without exceptions")
	default:
		add(excepted)
	}
	switch {
	case old.From.Equal(rule.From):
	case old.From.IsZero():
		add("without beginning")
	default:
		add("from " + when(old.From))
	}
	switch {
	case old.Until.Equal(rule.Until):
	case old.Until.IsZero():
		add("without end")
	default:
		add(c.terms(policy.Rule{Until: old.Until}))
	}
	return strings.Join(differences, ", ")
}

// sorted lists the keys of a set in their order.
func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
