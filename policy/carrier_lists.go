package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// builtIn says in words for people that a list is the carrier's: no one stated another.
const builtIn = "built in"

// Restrictions are what a carrier does not serve, or only on request, whatever is
// permitted. A policy may state lists of territories of its own in place of the
// carrier's, for when the carrier changes them.
type Restrictions struct {
	// Unsupported are the territories of a channel to which it delivers nothing.
	Unsupported [ChannelCount]Set

	// UnsupportedPrefixes are, by the scheme of an address, such as "whatsapp", prefixes
	// as E.164 digits to which no message in that scheme can be sent.
	UnsupportedPrefixes map[string][]string

	// ByRequest are the voice territories that it opens to an account only on request.
	ByRequest Set
}

// unsupportedPrefixes compiles the prefixes of each scheme.
func (r *Restrictions) unsupportedPrefixes() map[string]*level {
	schemes := make(map[string]*level, len(r.UnsupportedPrefixes))
	for scheme, prefixes := range r.UnsupportedPrefixes {
		rules := make([]Rule, len(prefixes))
		for i, prefix := range prefixes {
			rules[i] = Rule{Block: true, Prefix: prefix}
		}
		compiled := newLevel(scheme, rules)
		schemes[scheme] = &compiled
	}
	return schemes
}

// judgeUnsupported denies what the carrier does not serve at all.
func (s *Subject) judgeUnsupported(send *Send, n *address.Number, trace *trace) Verdict {
	for i, t := range n.Assignment.Territories {
		if s.snapshot.unsupported[send.Channel].Has(t) {
			trace.unsupported(s.snapshot, send.Channel, Denies, n.Assignment.Territories[i:i+1])
			return Verdict{Outcome: Deny, Reason: Unsupported, Territory: t, Rule: "unsupported " + send.Channel.String()}
		}
	}
	trace.unsupported(s.snapshot, send.Channel, Passes, n.Assignment.Territories)
	scheme := send.Destination.Scheme
	if send.Channel != Messaging || scheme == "" || s.snapshot.unsupportedPrefixes[scheme] == nil {
		return Verdict{}
	}
	r := s.snapshot.unsupportedPrefixes[scheme].decide(n.Digits, send.Channel, time.Time{})
	trace.unsupportedPrefix(scheme, r)
	if r != nil {
		return deny(Unsupported, "unsupported "+scheme+" +"+r.Prefix)
	}
	return Verdict{}
}

// judgeByRequest denies a voice destination that the carrier opens on request
// and that this very account has not been opened. A rule of the operator's that
// allows the number says that it has.
func (s *Subject) judgeByRequest(send *Send, assignment *numbering.Assignment, operatorAllows bool, trace *trace) Verdict {
	for _, t := range assignment.Territories {
		if !s.snapshot.byRequest.Has(t) || operatorAllows || s.account.isApproved(t, send.Verification) {
			continue
		}
		trace.byRequestDenied(s, t)
		return Verdict{Outcome: Deny, Reason: ByRequest, Territory: t, Rule: "by_request voice"}
	}
	trace.byRequestPassed(s, assignment, operatorAllows)
	return Verdict{}
}

// isApproved reports whether the carrier opened a voice territory to this very
// account: approved on record, where it is at home, or named outright. What it
// names outright for verifications is an approval for those.
func (a *account) isApproved(t numbering.Territory, verification bool) bool {
	return a.approved.Has(t) || t == a.home || a.set.namesOutright(t) || verification && a.verify.namesOutright(t)
}
