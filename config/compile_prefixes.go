package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func (c *compiler) prefixes(path string, list []Prefix) []policy.Rule {
	var rules []policy.Rule
	for i := range list {
		if rule, ok := c.rule(fmt.Sprintf("%s[%d]", path, i), &list[i]); ok {
			rules = append(rules, rule)
		}
	}
	return rules
}

func (c *compiler) rule(path string, p *Prefix) (policy.Rule, bool) {
	before := c.problems.Count()
	rule := policy.Rule{Block: p.Block != "", Reason: p.Reason}
	switch {
	case p.Block != "" && p.Allow != "":
		c.problem(path, "a prefix is either blocked or allowed: write two rules")
	case p.Block != "":
		rule.Prefix, _ = c.prefix(path+".block", p.Block)
	case p.Allow != "":
		rule.Prefix, _ = c.prefix(path+".allow", p.Allow)
	default:
		c.problem(path, `a rule needs a prefix to "block" or to "allow"`)
	}
	if p.Reason == "" {
		c.problem(path, "a rule needs a reason: say in quotes why it is there")
	}
	rule.Channel = c.channel(path+".channel", p.Channel)
	rule.Except = c.exceptions(path, rule.Prefix, p)
	rule.From, rule.Until = c.time(path+".from", p.From), c.time(path+".until", p.Until)
	if !rule.Until.IsZero() && !rule.From.Before(rule.Until) {
		c.problem(path+".from", "a rule begins before it ends: from %s until %s, it is never in force",
			c.shown(path+".from", p.From), c.shown(path+".until", p.Until))
	}
	return rule, c.problems.Count() == before
}

// channel reads the channel that something is for: nil, which is all, if none is stated.
func (c *compiler) channel(path, text string) *policy.Channel {
	if text == "" || c.opaque(text) {
		return nil
	}
	channel, ok := policy.ParseChannel(text)
	if !ok {
		c.problem(path, "unknown channel %q%s", c.shown(path, text), DidYouMean(text, policy.ChannelNames))
		return nil
	}
	return &channel
}

// class reads a risk class: LowRisk if none is stated.
func (c *compiler) class(path, text string) policy.Class {
	if text == "" || c.opaque(text) {
		return policy.LowRisk
	}
	class, ok := policy.ParseClass(text)
	if !ok {
		c.problem(path, "unknown risk class %q%s", c.shown(path, text), DidYouMean(text, Classes()))
	}
	return class
}

// exceptions reads the prefixes that a rule does not match. The prefix of the rule is empty
// if it is not known.
func (c *compiler) exceptions(path, prefix string, p *Prefix) (except []string) {
	ruled := c.shown(path+".block", p.Block) + c.shown(path+".allow", p.Allow)
	first := make(map[string]string) // as they were written
	for i, text := range p.Except {
		at := fmt.Sprintf("%s.except[%d]", path, i)
		digits, ok := c.prefix(at, text)
		if !ok {
			continue
		}
		shown := c.shown(at, text)
		within := slices.IndexFunc(except, func(other string) bool {
			return strings.HasPrefix(digits, other) || strings.HasPrefix(other, digits)
		})
		switch {
		case prefix != "" && (digits == prefix || !strings.HasPrefix(digits, prefix)):
			c.problem(at, "%s is not an exception from %s: write a longer prefix that begins with %s", shown, ruled, ruled)
		case within >= 0 && except[within] == digits:
			c.problem(at, "%s is already specified", shown)
		case within >= 0:
			c.problem(at, "of the exceptions %s and %s one is within the other: write the shorter one, "+
				"and another rule for what it is not to except", first[except[within]], shown)
		default:
			except = append(except, digits)
			first[digits] = shown
		}
	}
	return except
}

// time reads when something begins or ends: the zero time if it is not stated, or not
// known yet.
func (c *compiler) time(path, text string) time.Time {
	if text == "" || c.opaque(text) {
		return time.Time{}
	}
	t, err := ParseTime(text)
	if err != nil {
		c.problem(path, unreadableTime, c.shown(path, text))
	}
	return t
}

const unreadableTime = `cannot read %q as a date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`

// ParseTime reads a date, which is 00:00 UTC of that day, or an RFC 3339 time.
func ParseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t, err = time.Parse(time.RFC3339, text)
	}
	if err != nil || t.IsZero() { // the zero time stands for none
		return time.Time{}, fmt.Errorf(unreadableTime, text)
	}
	return t.UTC(), nil
}

// prefix reads "+" and digits.
func (c *compiler) prefix(path, text string) (digits string, ok bool) {
	digits, plus := strings.CutPrefix(text, "+")
	valid := plus && len(digits) >= 1 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
	switch {
	case valid || c.opaque(text):
	case !plus && c.carriers.IsEmergency(text):
		c.problem(path, "%q is an emergency number: calls to these always pass and need no rule", c.shown(path, text))
	default:
		c.problem(path, `%q is not a number or the beginning of one: write "+", the calling code and the digits after it, 15 in all at most, without spaces`, c.shown(path, text))
	}
	return digits, valid
}

func (c *compiler) numberRange(path string, r *Range) {
	before := c.problems.Count()
	digits, _ := c.prefix(path+".prefix", r.Prefix)
	t := c.territory(path+".territory", string(r.Territory))
	class := c.class(path+".class", r.Class)
	if c.problems.Count() > before || t == 0 {
		return
	}
	added := numbering.Range{Prefix: digits, Territory: t, Kinds: numbering.Kinds(policy.KindOf(class))}
	if err := added.Check(); err != nil {
		shown := c.shown(path+".prefix", r.Prefix)
		c.problem(path+".prefix", "%s", shown+strings.TrimPrefix(err.Error(), "+"+digits))
		return
	}
	c.compiled.Ranges = append(c.compiled.Ranges, added)
}

// Classes lists the risk classes as documents spell them.
func Classes() []string {
	var names []string
	for class := range policy.ClassCount {
		names = append(names, class.String())
	}
	return names
}
