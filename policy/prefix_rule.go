package policy

import (
	"iter"
	"math"
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
	words  string
	except exceptions
}

// newLevel compiles the rules of one level; owner says whose they are.
func newLevel(owner string, rules []Rule) *level {
	l := &level{rules: make(map[string][]*prefixRule, len(rules))}
	for _, r := range rules {
		l.rules[r.Prefix] = append(l.rules[r.Prefix], &prefixRule{r, r.WordsOf(owner), newExceptions(r.Except)})
		l.lengths |= 1 << min(len(r.Prefix), 31)
	}
	return l
}

// WordsOf names the rule and whose it is, as a verdict's Rule does: "operator block +49
// voice".
func (r *Rule) WordsOf(owner string) string {
	words := owner + " " + r.verb() + " +" + r.Prefix
	if r.Channel != nil {
		words += " " + r.Channel.String()
	}
	return words
}

// verb says what the rule does, as policies spell it.
func (r *Rule) verb() string {
	if r.Block {
		return "block"
	}
	return "allow"
}

// decide returns the rule of this level that decides the number: the longest
// prefix in force for the channel that does not except the number, and block before
// allow at equal length. Nil if none applies.
func (l *level) decide(digits string, channel Channel, now time.Time) *prefixRule {
	for n := min(len(digits), 31); n > 0; n-- {
		if l.lengths&(1<<n) == 0 {
			continue
		}
		var decides *prefixRule
		for _, r := range l.rules[digits[:n]] {
			if r.appliesTo(digits, channel, now) && (decides == nil || r.Block && !decides.Block) {
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

// appliesTo reports whether a rule whose prefix a number has decides that number.
func (r *prefixRule) appliesTo(digits string, channel Channel, now time.Time) bool {
	return (r.Channel == nil || r.Channel.Covers(channel)) && !r.IsAhead(now) && !r.IsOver(now) && r.except.of(digits) == ""
}

// IsAhead reports whether the rule has not begun yet.
func (r *Rule) IsAhead(now time.Time) bool { return now.Before(r.From) }

// IsOver reports whether the rule has ended.
func (r *Rule) IsOver(now time.Time) bool { return isOver(r.Until, now) }

// isOver reports whether an end has come. The zero time never comes.
func isOver(until, now time.Time) bool { return !until.IsZero() && !now.Before(until) }

// prefixes is what the prefix rules of all levels say to a number.
type prefixes struct {
	block *prefixRule
	allow *prefixRule
	// operator is the rule of the operator's own that allows it, nil if none does.
	operator *prefixRule
	// lifts is of whose limits it stands in for.
	lifts levels
}

// levels is how many levels there are from an account up: 1 is the account alone, 2 its parent
// too.
type levels uint8

// allLevels has the operator, whatever the account.
const allLevels levels = math.MaxUint8

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
		p.allow, p.operator, p.lifts = r, r, allLevels
	}
	inherits, above := true, levels(0)
	for i := s.account; i != nil; i = i.parent {
		above++
		r := i.rules.decide(digits, channel, now)
		trace.prefix(i, i.rules, r, inherits, channel, now)
		switch {
		case r == nil:
		case r.Block:
			return prefixes{block: r}
		case inherits && p.allow == nil:
			p.allow, p.lifts = r, above
		}
		inherits = inherits && i != holder
	}
	return p
}
