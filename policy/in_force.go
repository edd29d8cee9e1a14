package policy

import (
	"slices"
	"strings"
	"time"
)

// RuleInForce is a prefix rule that may decide for an account, with the words that a verdict
// names it by.
type RuleInForce struct {
	Words string
	Rule  Rule
}

// RulesInForce are the prefix rules that may decide for a send at a time, whatever its
// destination: the operator's, and those of the account and of its parent that reach it, each
// in the order of their prefixes.
func (s *Subject) RulesInForce(send Send, now time.Time) (list []RuleInForce) {
	list = s.snapshot.operator.inForce(list, send.Channel, true, now)
	holder, inherits := s.effectiveSet(&send).holder, true
	for i := s.account; i != nil; i = i.parent {
		list = i.rules.inForce(list, send.Channel, inherits, now)
		inherits = inherits && i != holder
	}
	return list
}

// inForce adds the rules of a level that are in force: where it is only inherited in part,
// the blocks.
func (l *level) inForce(list []RuleInForce, channel Channel, allows bool, now time.Time) []RuleInForce {
	first := len(list)
	for _, rules := range l.rules {
		for _, r := range rules {
			if (r.Block || allows) && r.appliesTo("", channel, now) {
				list = append(list, RuleInForce{r.words, r.Rule})
			}
		}
	}
	slices.SortStableFunc(list[first:], func(a, b RuleInForce) int { return strings.Compare(a.Rule.Prefix, b.Rule.Prefix) })
	return list
}

// OpeningInForce is an opening of an account, with the words that a verdict names it by.
type OpeningInForce struct {
	Words   string
	Opening Opening
}

// OpeningsInForce are the openings of the account that are in force on a channel.
func (s *Subject) OpeningsInForce(channel Channel, now time.Time) (list []OpeningInForce) {
	for i := range s.account.openings {
		o := &s.account.openings[i]
		if (o.Channel == nil || o.Channel.Covers(channel)) && o.isInForce(now) {
			list = append(list, OpeningInForce{o.words, o.Opening})
		}
	}
	return list
}

// IsMonitored reports whether denials are only recorded, of the account or of all.
func (s *Subject) IsMonitored(now time.Time) bool {
	return s.account.monitor.Holds(now) || s.snapshot.observe.Holds(now)
}
