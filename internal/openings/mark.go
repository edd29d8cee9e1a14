package openings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Mark is a kind of risk that an opening has.
type Mark string

// The marks.
const (
	// HighRisk is a territory that the carrier calls risky on the channel, or numbers of a
	// high-risk class by voice.
	HighRisk Mark = "high_risk"
	// ByRequest is a territory that the carrier opens only on request.
	ByRequest Mark = "by_request"
	// Wide is more than one territory: a group, all of them, or a prefix such as "+1" or
	// "+8" that several have numbers behind. So is a prefix that belongs to none that is
	// known. A prefix whose numbers belong to several at once, such as toll-free numbers of
	// +1, is not.
	Wide Mark = "wide"
)

// Marks lists the marks.
var Marks = []Mark{HighRisk, ByRequest, Wide}

// Carrier knows which territories a carrier calls risky.
type Carrier interface {
	// HighRisk reports whether the carrier calls a territory risky on a channel, and where
	// it says so.
	HighRisk(channel policy.Channel, t numbering.Territory) (source string, ok bool)
	// ByRequest reports whether a territory of a channel is opened only on request, by the
	// policy in force.
	ByRequest(channel policy.Channel, t numbering.Territory) bool
}

// Finding is a mark that an opening has, and why, in words for people.
type Finding struct {
	Mark Mark
	Why  string
}

// Assess finds the marks of an opening, each once, in the order of Marks.
func Assess(o *Opening, carrier Carrier) (findings []Finding) {
	find := func(mark Mark, format string, arguments ...any) {
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Mark == mark }) {
			findings = append(findings, Finding{mark, fmt.Sprintf(format, arguments...)})
		}
	}
	territories, exclusive := o.To.reached()
	// What is said of messages holds for messages by an app too.
	channel := o.Channel.Base()
	for t := range territories.All() {
		if source, ok := carrier.HighRisk(channel, t); ok {
			find(HighRisk, "%s is high risk: %s", t, source)
		}
	}
	if o.Channel == policy.Voice {
		if class := o.riskiestClass(&territories); class != policy.LowRisk {
			find(HighRisk, "%s has numbers of class %s", o.To.Text, class)
		}
	}
	for t := range territories.All() {
		if carrier.ByRequest(channel, t) {
			find(ByRequest, "%s is opened by the carrier on request", t)
		}
	}
	switch n := territories.Len(); {
	case n == 0:
		find(Wide, "%s is the prefix of no territory that is known", o.To.Text)
	case n > 1 && exclusive:
		find(Wide, "%s is in %d territories", o.To.Text, n)
	}
	return findings
}

// riskiestClass returns the riskiest class of the numbers that the opening opens by voice: of
// a prefix, that of any number that may be behind it.
func (o *Opening) riskiestClass(territories *policy.Set) policy.Class {
	if o.To.Prefix == "" {
		return o.Class
	}
	for _, class := range []policy.Class{policy.HighRiskTollFraud, policy.HighRiskSpecial} {
		for t := range territories.All() {
			for _, special := range policy.ClassPrefixes(class, t) {
				if strings.HasPrefix(special.Digits, o.To.Prefix) || strings.HasPrefix(o.To.Prefix, special.Digits) {
					return class
				}
			}
		}
	}
	return policy.LowRisk
}
