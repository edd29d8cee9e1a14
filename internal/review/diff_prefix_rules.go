package review

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// ruleKey identifies a rule, whatever its reason and its end.
type ruleKey struct {
	prefix  string
	block   bool
	channel string // empty for both
}

// rules records the prefix rules that were added or removed, or end at another time.
func (c *comparison) rules(account policy.CarrierAccount, before, after []policy.Rule) {
	was, is := byKey(before), byKey(after)
	keys := make(map[ruleKey]bool)
	for _, rules := range []map[ruleKey]policy.Rule{was, is} {
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
		old, hadOld := was[key]
		rule, hasNew := is[key]
		change := Change{Direction: c.direction(key, old, hadOld, rule, hasNew), What: Prefix, Channel: key.channel}
		switch {
		case !hadOld:
			change.Text = key.words() + quoted(rule.Reason) + c.validity(rule)
		case !hasNew:
			change.Text = "no " + key.words() + quoted(old.Reason) + c.validity(old) + " any more"
		case !old.Until.Equal(rule.Until):
			change.Text = key.words() + quoted(rule.Reason) + c.validity(rule) + "; before," + c.validityOrForever(old)
		default:
			continue
		}
		if change.rule = &rule; !hasNew {
			change.rule, change.isOld = &old, true
		}
		c.add(account, change)
	}
}

// byKey gives each rule its key. Of two with the same key the one that ends
// later counts.
func byKey(rules []policy.Rule) map[ruleKey]policy.Rule {
	byKey := make(map[ruleKey]policy.Rule)
	for _, r := range rules {
		key := ruleKey{prefix: r.Prefix, block: r.Block}
		if r.Channel != nil {
			key.channel = r.Channel.String()
		}
		if other, twice := byKey[key]; !twice || endsLater(r.Until, other.Until) {
			byKey[key] = r
		}
	}
	return byKey
}

// endsLater compares the ends of two rules. The zero time never comes.
func endsLater(a, b time.Time) bool {
	return !b.IsZero() && (a.IsZero() || a.After(b))
}

// direction is what a change of a rule does: a block that comes, or ends later, closes. A
// rule that has ended on both sides changes nothing.
func (c *comparison) direction(key ruleKey, old policy.Rule, hadOld bool, rule policy.Rule, hasNew bool) Direction {
	was, is := hadOld && !c.over(old), hasNew && !c.over(rule)
	more := is && (!was || endsLater(rule.Until, old.Until))
	switch {
	case !was && !is:
		return Changes
	case more == key.block:
		return Closes
	default:
		return Opens
	}
}

// over reports whether a rule has ended.
func (c *comparison) over(r policy.Rule) bool { return !r.Until.IsZero() && !c.now.Before(r.Until) }

func (k ruleKey) words() string {
	text := "allow +"
	if k.block {
		text = "block +"
	}
	return strings.TrimSpace(text + k.prefix + " " + k.channel)
}

// validity says until when a rule is in force, if not forever.
func (c *comparison) validity(r policy.Rule) string {
	switch {
	case r.Until.IsZero():
		return ""
	case c.over(r):
		return ", over since " + when(r.Until)
	default:
		return " until " + when(r.Until)
	}
}

func (c *comparison) validityOrForever(r policy.Rule) string {
	if r.Until.IsZero() {
		return " without end"
	}
	return strings.TrimPrefix(c.validity(r), ",")
}

// sorted lists the keys of a set in their order.
func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
