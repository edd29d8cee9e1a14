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

	// UnsupportedPrefixes are prefixes, as E.164 digits, to which nothing is sent by a
	// channel, beside the territories.
	UnsupportedPrefixes [ChannelCount][]string

	// ByRequest are the voice territories that it opens to an account only on request.
	ByRequest Set
}

// unsupportedPrefixes compiles the prefixes of a channel, nil if there are none.
func (r *Restrictions) unsupportedPrefixes(channel Channel) *level {
	prefixes := r.UnsupportedPrefixes[channel]
	if len(prefixes) == 0 {
		return nil
	}
	rules := make([]Rule, len(prefixes))
	for i, prefix := range prefixes {
		rules[i] = Rule{Block: true, Prefix: prefix}
	}
	return newLevel(channel.String(), rules)
}

// unsupportedList is what the carrier does not serve by a channel.
type unsupportedList struct {
	territories *Set
	// prefixes that it does not serve either, nil if there are none.
	prefixes *level
	// channel that the territories are listed for, and by whom, in words for people.
	channel Channel
	by      string
}

// newUnsupportedLists compiles the lists that a definition states, with the carrier's own
// where it does not. A list of its own takes the place of all that else is a channel's.
func newUnsupportedLists(d *Definition) (lists [ChannelCount]unsupportedList) {
	r := d.Restrictions
	for channel := range ChannelCount {
		list := unsupportedList{territories: d.Unsupported[channel], channel: channel, by: "operator"}
		if list.territories == nil {
			base := channel.Base()
			if list = lists[base]; channel == base {
				list = unsupportedList{territories: &r.Unsupported[channel], channel: channel, by: builtIn}
			}
			list.prefixes = r.unsupportedPrefixes(channel)
		}
		lists[channel] = list
	}
	return lists
}

// judgeUnsupported denies what the carrier does not serve at all.
func (s *Subject) judgeUnsupported(send *Send, n *address.Number, trace *trace) Verdict {
	list := &s.snapshot.unsupported[send.Channel]
	for i, t := range n.Assignment.Territories {
		if list.territories.Has(t) {
			trace.unsupported(list, Denies, n.Assignment.Territories[i:i+1])
			return Verdict{Outcome: Deny, Reason: Unsupported, Territory: t, Rule: "unsupported " + list.channel.String()}
		}
	}
	trace.unsupported(list, Passes, n.Assignment.Territories)
	if list.prefixes == nil {
		return Verdict{}
	}
	r := list.prefixes.decide(n.Digits, send.Channel, time.Time{})
	trace.unsupportedPrefix(send.Channel, r)
	if r != nil {
		return deny(Unsupported, "unsupported "+send.Channel.String()+" +"+r.Prefix)
	}
	return Verdict{}
}

// judgeByRequest denies a voice destination that the carrier opens on request
// and that this very account has not been opened. A rule of the operator's that
// allows the number says that it has, and so does an acknowledged opening for it.
func (s *Subject) judgeByRequest(send *Send, n *address.Number, operatorAllows bool, now time.Time, trace *trace) Verdict {
	for _, t := range n.Assignment.Territories {
		if !s.snapshot.byRequest.Has(t) || operatorAllows || s.account.isApproved(t, send.Verification) ||
			s.account.approvedBy(n, t, now) != nil {
			continue
		}
		trace.byRequestDenied(s, n, t, now)
		return Verdict{Outcome: Deny, Reason: ByRequest, Territory: t, Rule: "by_request voice"}
	}
	trace.byRequestPassed(s, send, n, operatorAllows, now)
	return Verdict{}
}

// isApproved reports whether the carrier opened a voice territory to this very
// account: approved on record, where it is at home, or named outright. What it
// names outright for verifications is an approval for those.
func (a *account) isApproved(t numbering.Territory, verification bool) bool {
	return a.approved.Has(t) || t == a.home || a.set.namesOutright(t) || verification && a.verify.namesOutright(t)
}
