package review

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// DeadRules lists the rules that decide nothing from a time on, each with why, and those
// that cover no listed number. A rule that has ended is not among them: Ended lists those.
func (s *Reviewed) DeadRules(at time.Time) (remarks []Remark) {
	d := &s.Compiled.Definition
	list := func(l *ruleLevel, above []*ruleLevel) {
		for i, text := range l.dead(above, s.Compiled.Ranges) {
			remarks = append(remarks, Remark{DeadRule, s.place(l.paths[i]), text})
		}
	}
	operator := newRuleLevel("operator", "", d.Rules, at)
	accounts := make(map[string]*ruleLevel)
	for i := range d.Accounts {
		a := &d.Accounts[i]
		accounts[a.ID] = newRuleLevel("account "+a.ID, pathOf("accounts", i)+".", a.Rules, at)
	}
	list(operator, nil)
	for i := range d.Accounts {
		a := &d.Accounts[i]
		above := []*ruleLevel{operator}
		if parent := accounts[a.Parent]; parent != nil {
			above = append(above, parent)
		}
		list(accounts[a.ID], above)
	}
	return remarks
}

// ruleLevel is the rules of one level that have not ended, by their prefixes.
type ruleLevel struct {
	owner    string
	rules    []policy.Rule
	paths    []string // of the rules in the document
	byPrefix map[string][]int
	comparison
}

func newRuleLevel(owner, path string, rules []policy.Rule, at time.Time) *ruleLevel {
	l := &ruleLevel{owner: owner, byPrefix: make(map[string][]int), comparison: comparison{now: at}}
	for i, r := range rules {
		if !r.IsOver(at) {
			l.byPrefix[r.Prefix] = append(l.byPrefix[r.Prefix], len(l.rules))
			l.rules = append(l.rules, r)
			l.paths = append(l.paths, path+pathOf("prefixes", i))
		}
	}
	return l
}

// dead yields the rules that decide nothing, below the levels given, or that cover no number
// of the plan or of ranges that the policy adds, each with words that say why.
func (l *ruleLevel) dead(above []*ruleLevel, added []numbering.Range) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range l.rules {
			r := &l.rules[i]
			why := l.whyDead(i)
			for _, level := range above {
				if why == "" && !r.Block {
					why = level.denies(r)
				}
			}
			text := ""
			switch {
			case why != "":
				text = " decides nothing: " + why
			case !isListed(r.Prefix, added):
				text = unlisted(r.Prefix)
			default:
				continue
			}
			if !yield(i, l.words(i)+text) {
				return
			}
		}
	}
}

// isListed reports whether a number of the plan, or of ranges that are added to it, begins
// with a prefix.
func isListed(prefix string, added []numbering.Range) bool {
	return len(numbering.ReachOf(prefix)) > 0 || slices.ContainsFunc(added, func(r numbering.Range) bool {
		return strings.HasPrefix(r.Prefix, prefix) || strings.HasPrefix(prefix, r.Prefix)
	})
}

// unlisted says what is wrong with a rule for a prefix of no listed number. No calling code
// is new within years; a range may be newer than the plan.
func unlisted(prefix string) string {
	if len(prefix) >= longestCallingCode && numbering.Default().Provenance(prefix).CallingCode == "" {
		return " decides nothing: no calling code that is assigned begins +" + prefix
	}
	return ": no listed number begins with +" + prefix + ", so check it; a range that was assigned recently may be missing from the list"
}

func (l *ruleLevel) words(i int) string {
	return l.rules[i].WordsOf(l.owner) + quoted(l.rules[i].Reason)
}

// whyDead says why a rule decides nothing at its own level, or "".
func (l *ruleLevel) whyDead(i int) string {
	r := &l.rules[i]
	for n := len(r.Prefix); n > 0; n-- {
		for _, k := range l.byPrefix[r.Prefix[:n]] {
			other := &l.rules[k]
			switch alike := other.Block == r.Block; {
			case k == i || !l.takes(other, r):
			case !alike && other.Block && n == len(r.Prefix):
				return l.words(k) + " comes before it"
			case alike && n == len(r.Prefix) && (k < i || !l.takes(r, other)):
				return l.words(k) + " does the same"
			case alike && n < len(r.Prefix):
				return l.words(k) + " does the same, for more numbers"
			}
		}
		if slices.ContainsFunc(l.byPrefix[r.Prefix[:n]], func(k int) bool { return l.rules[k].Block != r.Block }) {
			return "" // it decides against that rule
		}
	}
	return ""
}

// longestCallingCode is how many digits a calling code has at most. What is shorter may be
// the beginning of one.
const longestCallingCode = 3

// denies says which rule of a level denies all that a rule below it allows, or "".
func (l *ruleLevel) denies(allow *policy.Rule) string {
	for n := len(allow.Prefix); n > 0; n-- {
		for _, k := range l.byPrefix[allow.Prefix[:n]] {
			if l.rules[k].Block && l.takes(&l.rules[k], allow) {
				return l.words(k) + " denies these numbers whatever it says"
			}
		}
		if len(l.byPrefix[allow.Prefix[:n]]) > 0 {
			return "" // which decides first, at times or for one channel
		}
	}
	return ""
}

// takes reports whether a rule applies wherever another, whose prefix is the same or
// longer, does.
func (l *ruleLevel) takes(rule, other *policy.Rule) bool {
	channels := rule.Channel == nil || other.Channel != nil && rule.Channel.Covers(*other.Channel)
	if !channels {
		return false
	}
	bounds := *rule
	bounds.Except = nil
	for _, prefix := range rule.Except {
		switch {
		case strings.HasPrefix(other.Prefix, prefix):
			return false
		case strings.HasPrefix(prefix, other.Prefix):
			bounds.Except = append(bounds.Except, prefix)
		}
	}
	return l.covers(bounds, *other)
}
