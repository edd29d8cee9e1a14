package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// builtIn says in words for people that a list is not one that a policy states.
const builtIn = "built in"

// What Twilio does not serve, or only on request. Any of these lists can be
// stated anew in a configuration, for the day the carrier changes its mind.

// builtinUnsupported are the territories to which Twilio delivers nothing.
var builtinUnsupported = [ChannelCount][]string{
	Messaging: {"IR", "SY", "CU"},
}

var unsupportedSources = [ChannelCount]string{
	Messaging: "Twilio delivers nothing to Iran since 2025-03-15, to Syria and Cuba since 2025-09-15 " +
		"(https://www.twilio.com/docs/errors/21408, https://www.twilio.com/docs/errors/30649)",
	Voice: "no such list is in Twilio's documentation",
}

// unsupportedWhatsApp are the prefixes to which WhatsApp messages cannot be
// sent: Iran, Cuba, Syria, Crimea, North Korea
// (https://www.twilio.com/docs/errors/21408, 2026).
var unsupportedWhatsApp = []string{"98", "53", "963", "7978", "850"}

// builtinByRequest are the voice territories that Twilio opens to an account
// only on request.
var builtinByRequest = []string{"SG", "TW", "SL", "SO"}

const byRequestSource = "an old help page of Twilio's, no longer found in its present documentation: " +
	"state your own list if you know better"

// Restriction is one of the built-in lists: the territories of a channel that are
// denied for a reason, and where that is from, in words for people.
type Restriction struct {
	Reason      Reason
	Channel     Channel
	Territories Set
	Source      string
}

// BuiltinRestrictions are the lists of territories in force where no configuration
// states its own.
func BuiltinRestrictions() []Restriction {
	return []Restriction{
		{Unsupported, Messaging, *mustSet(builtinUnsupported[Messaging]), unsupportedSources[Messaging]},
		{Unsupported, Voice, *mustSet(builtinUnsupported[Voice]), unsupportedSources[Voice]},
		{ByRequest, Voice, *mustSet(builtinByRequest), byRequestSource},
	}
}

// mustSet turns a built-in list into a set. A code that is not a territory is a
// mistake in this file.
func mustSet(codes []string) *Set {
	var s Set
	for _, code := range codes {
		t, ok := numbering.ParseTerritory(code)
		if !ok {
			panic("policy: built-in list names unknown territory " + code)
		}
		s.Add(t)
	}
	return &s
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
	if send.Channel == Messaging && send.Destination.Scheme == "whatsapp" {
		r := s.snapshot.whatsApp.decide(n.Digits, send.Channel, time.Time{})
		trace.unsupportedWhatsApp(r)
		if r != nil {
			return deny(Unsupported, "unsupported whatsapp +"+r.Prefix)
		}
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
