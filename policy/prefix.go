package policy

import (
	"fmt"
	"time"
)

// level is the prefix rules of one level: the operator's, a parent's or an
// account's. Levels are judged each alone.
type level struct {
	rules map[string][]*prefixRule
	// lengths has bit n set if some rule's prefix is n digits long.
	lengths uint32
}

// prefixRule is a Rule with the words that logs name it by.
type prefixRule struct {
	Rule
	words string
}

// newLevel compiles the rules of one level; owner says whose they are.
func newLevel(owner string, rules []Rule) level {
	l := level{rules: make(map[string][]*prefixRule, len(rules))}
	for _, r := range rules {
		verb := "allow"
		if r.Block {
			verb = "block"
		}
		words := fmt.Sprintf("%s %s +%s", owner, verb, r.Prefix)
		if r.Channel != nil {
			words += " " + r.Channel.String()
		}
		l.rules[r.Prefix] = append(l.rules[r.Prefix], &prefixRule{r, words})
		l.lengths |= 1 << min(len(r.Prefix), 31)
	}
	return l
}

// decide returns the rule of this level that decides the number: the longest
// prefix in force for the channel, and block before allow at equal length.
// Nil if none applies.
func (l *level) decide(digits string, channel Channel, now time.Time) *prefixRule {
	for n := min(len(digits), 31); n > 0; n-- {
		if l.lengths&(1<<n) == 0 {
			continue
		}
		var decides *prefixRule
		for _, r := range l.rules[digits[:n]] {
			if r.appliesTo(channel, now) && (decides == nil || r.Block && !decides.Block) {
				decides = r
			}
		}
		if decides != nil {
			return decides
		}
	}
	return nil
}

func (r *Rule) appliesTo(channel Channel, now time.Time) bool {
	return (r.Channel == nil || *r.Channel == channel) &&
		(r.Until.IsZero() || now.Before(r.Until))
}
