package policy

import (
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// mostCodes is how many territories are listed one by one; of more, the number
// is easier to read.
const mostCodes = 12

// String lists the territories of the set, or says how many they are.
func (s *Set) String() string {
	switch n := s.Len(); {
	case n == 0:
		return "none"
	case n == everywhere.Len():
		return "all territories"
	case n > mostCodes:
		return strconv.Itoa(n) + " territories"
	}
	var b strings.Builder
	for t := range s.All() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.String())
	}
	return b.String()
}

// with describes the set and whether the territories, all or none of which are
// in it, are.
func (s *Set) with(territories ...numbering.Territory) string {
	if *s == (Set{}) {
		return "none"
	}
	text, codes := s.String(), codes(territories)
	if n := len(territories); n > mostNames {
		codes = "all of the " + strconv.Itoa(n)
		if !s.Has(territories[0]) {
			return text + "; none of the " + strconv.Itoa(n) + " is among them"
		}
	}
	switch {
	case text == codes:
		return text
	case s.Has(territories[0]):
		return text + ", " + codes + " among them"
	case len(territories) > 1:
		return text + "; " + codes + " are not among them"
	default:
		return text + "; " + codes + " is not among them"
	}
}

// codes lists territories by their codes.
func codes(territories []numbering.Territory) string {
	if len(territories) == 1 {
		return territories[0].String()
	}
	var b strings.Builder
	for i, t := range territories {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.String())
	}
	return b.String()
}

// describe says what the sets state of the channel, as far as the verdict they
// gave rests on it.
func (g *permissionSet) describe(channel Channel, assignment *numbering.Assignment, v *Verdict) string {
	text := "states "
	if g.home[channel] {
		text = "states by its home "
	}
	if g.verify {
		text += "verify "
	}
	if channel != Voice {
		text, set := text+channel.String()+": ", &g.messages[channel].Set
		if v.Outcome == Deny {
			return text + set.with(v.Territory)
		}
		return text + set.with(assignment.Territories...)
	}
	if v.Outcome == Deny {
		text += "voice " + v.Class.String() + ": " + g.voice[v.Class].Set.with(v.Territory)
		for class := range ClassCount {
			if g.voice[class].Set.Has(v.Territory) {
				text += "; " + v.Territory.String() + " is enabled for " + class.String()
			}
		}
		return text
	}
	needed, between := classes(assignment.Kinds), "voice "
	for class := range ClassCount {
		if needed.has(class) {
			text += between + class.String() + ": " + g.voice[class].Set.with(assignment.Territories...)
			between = "; "
		}
	}
	return text
}

// named puts the account's name before what is said of it.
func (a *account) named(text string) string {
	if a == nil || a.label == "" {
		return text
	}
	return strconv.Quote(a.label) + " " + text
}

// describe names the rule: what it does in one of the two verbs, to which
// prefix, and why.
func (r *prefixRule) describe(block, allow string) string {
	text := allow
	if r.Block {
		text = block
	}
	text += " +" + r.Prefix
	if r.Channel != nil {
		text += " " + r.Channel.String()
	}
	return text + quoted(r.Reason)
}

// validity says until when the rule is in force.
func (r *prefixRule) validity() string {
	if r.Until.IsZero() {
		return ""
	}
	return " until " + moment(r.Until)
}

// whyIdle says why a rule that has the number does not apply, or nothing.
func (r *prefixRule) whyIdle(digits string, channel Channel, now time.Time) string {
	switch {
	case r.appliesTo(digits, channel, now):
		return ""
	case r.IsAhead(now):
		return " begins " + moment(r.From)
	case r.IsOver(now):
		return " ended " + moment(r.Until)
	case r.Channel != nil && !r.Channel.Covers(channel):
		return " is for " + r.Channel.String() + " only"
	default:
		return " excepts +" + r.except.of(digits)
	}
}

// moment writes a time, without seconds where it has none: a date alone would leave open
// whether its day is meant with it.
func moment(t time.Time) string {
	if t = t.UTC(); t.Equal(t.Truncate(time.Minute)) {
		return t.Format("2006-01-02 15:04 UTC")
	}
	return t.Format("2006-01-02 15:04:05 UTC")
}

func quoted(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + strconv.Quote(reason)
}

// mostNames is how many territories are listed with their names.
const mostNames = 4

// withNames lists territories, a few with their names.
func withNames(territories []numbering.Territory) string {
	if len(territories) > mostNames {
		return codes(territories)
	}
	var b strings.Builder
	for i, t := range territories {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.String())
		b.WriteByte(' ')
		b.WriteString(t.Name())
	}
	return b.String()
}

// kindWords lists what may answer at a number.
func kindWords(kinds numbering.KindSet) string {
	if kinds == 0 {
		return "of unknown kind"
	}
	return kindSpelling.Replace(kinds.String())
}

var kindSpelling = strings.NewReplacer("_", " ", "|", " / ")
