package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// recordUnsupported is the step of the territories that the carrier does not serve;
// territories are the one found among them, or else all that are not.
func (t *trace) recordUnsupported(list *unsupportedList, outcome Finding, territories []numbering.Territory) {
	t.add(StepUnsupported, list.by, outcome,
		"list of unsupported "+list.channel.String()+" territories: "+list.territories.with(territories...))
}

// recordUnsupportedPrefix is the step of the prefixes that a channel does not serve; found
// is the rule that has the number, if one has.
func (t *trace) recordUnsupportedPrefix(channel Channel, found *prefixRule) {
	list := "list of prefixes that " + channel.String() + " does not serve has "
	if found != nil {
		t.add(StepUnsupported, builtIn, Denies, list+"+"+found.Prefix)
		return
	}
	t.add(StepUnsupported, builtIn, Passes, list+"none of "+t.plus)
}

// recordByRequestDenied is the step of a territory that the carrier opens on request,
// and has not.
func (t *trace) recordByRequestDenied(s *Subject, n *address.Number, territory numbering.Territory, now time.Time) {
	t.recordIdleOpenings(StepByRequest, s.account, Voice, n, now)
	t.add(StepByRequest, s.snapshot.byRequestBy, Denies,
		"list of voice territories opened on request has "+territory.String()+", and no approval for "+t.level(s.account)+" is on record")
}

// recordByRequestPassed is the step of territories that are open, or have been opened.
func (t *trace) recordByRequestPassed(s *Subject, send *Send, n *address.Number, operatorAllows bool, now time.Time) {
	a, asked, assignment := s.account, false, &n.Assignment
	for _, territory := range assignment.Territories {
		if !s.snapshot.byRequest.Has(territory) {
			continue
		}
		asked = true
		switch {
		case operatorAllows:
			t.add(StepByRequest, "operator", Passes, "allows the number: its rule counts as the approval of "+territory.String())
		case a.isApproved(territory, send.Verification):
			t.add(StepByRequest, t.level(a), Passes, a.named(a.approval(territory)))
		default:
			by := a.approvedBy(n, territory, now)
			t.add(StepByRequest, t.level(a), Passes, a.named(by.approval(territory)))
			t.steps[len(t.steps)-1].Opening = &by.Opening
		}
	}
	if !asked {
		t.add(StepByRequest, s.snapshot.byRequestBy, Passes,
			"list of voice territories opened on request: "+s.snapshot.byRequest.with(assignment.Territories...))
	}
}

// approval says how a voice territory was opened to the account.
func (a *account) approval(territory numbering.Territory) string {
	code := territory.String()
	switch {
	case a.approved.Has(territory):
		return "was approved for " + code + quoted(a.approvals[territory])
	case territory == a.home:
		return "is at home in " + code + ", which needs no approval"
	default:
		return "names " + code + " outright, which counts as an approval"
	}
}

// recordPermissionSet is the step of every level that is asked for the set in force,
// down to the one that has it. What an opening gives, the set does not deny.
func (t *trace) recordPermissionSet(s *Subject, effective *effectiveSet, send *Send, assignment *numbering.Assignment, v *Verdict, opened *opening) {
	set, channel, found := effective.set, effective.channel.String(), finding(v)
	if opened != nil {
		found = StatesNothing
	}
	defaults, own := s.snapshot.defaults, func(a *account) *permissionSet { return &a.set }
	if set.verify {
		channel = "verify " + channel
		defaults, own = s.snapshot.verify, func(a *account) *permissionSet { return a.verify }
	} else if send.Verification {
		t.add(StepPermissionSet, "", StatesNothing,
			"for verifications neither the account, its parent nor the default states a set: that for all "+messagesOrCalls[send.Channel.Base()]+" is in force")
	}
	if effective.channel != send.Channel {
		t.add(StepPermissionSet, "", StatesNothing, "for "+send.Channel.String()+" no set is stated that reaches the account: that for "+channel+" is in force")
	}
	for i := s.account; i != nil; i = i.parent {
		if own(i) == set {
			t.add(StepPermissionSet, t.level(i), found, i.named(set.describe(effective.channel, assignment, v)))
			return
		}
		text := "inherits " + channel + " from the default"
		if i.parent != nil {
			text = "inherits " + channel + " from its parent " + i.parent.id
		}
		t.add(StepPermissionSet, t.level(i), StatesNothing, i.named(text))
	}
	switch {
	case set == defaults:
		t.add(StepPermissionSet, "default", found, set.describe(effective.channel, assignment, v))
	case defaults == nil:
		t.add(StepPermissionSet, "default", found, "is not stated: nothing is enabled")
	default:
		t.add(StepPermissionSet, "default", found, "states no "+channel+": nothing is enabled")
	}
}

var messagesOrCalls = [ChannelCount]string{Messaging: "messages", Voice: "calls"}

// recordTrial is the step of an account on trial.
func (t *trace) recordTrial(a *account, channel Channel, n *address.Number, outcome Outcome) {
	text := "is on trial: only low-risk numbers of its home " + a.home.String()
	if channel == Voice {
		text += ", and of those only verified ones"
	}
	found := Passes
	if outcome == Deny {
		found = Denies
		text += "; " + t.plus + " is not one"
	}
	t.add(StepTrial, t.level(a), found, a.named(text))
}

// recordSender is the step of a sender with a set of its own.
func (t *trace) recordSender(name string, set *permissionSet, channel Channel, assignment *numbering.Assignment, v *Verdict) {
	found := Passes
	if v.Outcome == Deny {
		found = Denies
	}
	t.add(StepSender, "sender "+name, found, set.describe(channel, assignment, v))
}

// recordOpenSender is the step of a sender that has no set of its own; set is what
// is stated of it for the other channel, if anything is.
func (t *trace) recordOpenSender(name string, set *permissionSet, channel Channel) {
	text := "is not named: it may send wherever the account may"
	if set != nil {
		text = "states no " + channel.String() + ": it may send wherever the account may"
	}
	t.add(StepSender, "sender "+name, StatesNothing, text)
}

// recordSpecial is the step of a message to a number of a class in which messages are
// denied; by is whose ruling that is, nil for the operator.
func (t *trace) recordSpecial(by *account, assignment *numbering.Assignment) {
	class, is := classes(assignment.Kinds), " is "
	if class.has(LowRisk) {
		is = " may be "
	}
	t.add(StepPermissionSet, t.ruler(by), Denies, by.named("denies messages to high-risk numbers, and "+t.plus+is+class.riskiest().String()))
}

// recordUnallocated is the step of a number in no known range; by is whose ruling r is, nil
// for the operator, or where none is stated.
func (t *trace) recordUnallocated(by *account, channel Channel, r *ruling) {
	level, choice := t.ruler(by), ""
	if r == &monitorsUnallocated[channel] {
		level, choice = builtIn, "choice "
	}
	what := " " + messagesOrCalls[channel] + " to numbers in no known range, as " + t.plus + " is"
	switch r.choice {
	case Denied:
		t.add(StepPermissionSet, level, Denies, by.named("denies"+what))
	case Monitored:
		t.add(StepPermissionSet, level, Records, by.named(choice+"monitors"+what+": recorded and let through"))
	default:
		t.add(StepPermissionSet, level, Passes, by.named("allows"+what))
	}
}

// recordUnscopedService is the step of a messaging service that has no set of its own
// where such are denied; by is whose ruling that is, nil for the operator.
func (t *trace) recordUnscopedService(name string, by *account, channel Channel) {
	t.add(StepSender, t.ruler(by), Denies, by.named("denies messaging services without a set of their own, and none is stated for "+
		channel.String()+" from sender "+name))
}

// finding is what a verdict comes to as the finding of the set it rests on.
func finding(v *Verdict) Finding {
	if v.Outcome == Deny {
		return Denies
	}
	return Allows
}
