package policy

import (
	"fmt"
	"iter"
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

// matching yields the rules that have the number, in force or not, the longest
// prefix first.
func (l *level) matching(digits string) iter.Seq[*prefixRule] {
	return func(yield func(*prefixRule) bool) {
		for n := min(len(digits), 31); n > 0; n-- {
			if l.lengths&(1<<n) == 0 {
				continue
			}
			for _, r := range l.rules[digits[:n]] {
				if !yield(r) {
					return
				}
			}
		}
	}
}

func (r *Rule) appliesTo(channel Channel, now time.Time) bool {
	return (r.Channel == nil || r.Channel.Covers(channel)) &&
		(r.Until.IsZero() || now.Before(r.Until))
}

// prefixes is what the prefix rules of all levels say to a number.
type prefixes struct {
	block *prefixRule
	allow *prefixRule
	// operatorAllows says that the operator's own rules allow it.
	operatorAllows bool
}

// judgePrefixes judges each level alone: a block that decides its level stands
// whatever the other levels say. A parent's blocks reach its children; its
// allows only those whose set in force is not their own. Holder is the account
// that states the set in force, nil if that is the default or no one states one.
func (s *Subject) judgePrefixes(holder *account, digits string, channel Channel, now time.Time, trace *trace) (p prefixes) {
	r := s.snapshot.operator.decide(digits, channel, now)
	trace.prefix(nil, &s.snapshot.operator, r, true, channel, now)
	if r != nil {
		if r.Block {
			return prefixes{block: r}
		}
		p.allow, p.operatorAllows = r, true
	}
	inherits := true
	for i := s.account; i != nil; i = i.parent {
		r := i.rules.decide(digits, channel, now)
		trace.prefix(i, &i.rules, r, inherits, channel, now)
		switch {
		case r == nil:
		case r.Block:
			return prefixes{block: r}
		case inherits && p.allow == nil:
			p.allow = r
		}
		inherits = inherits && i != holder
	}
	return p
}
