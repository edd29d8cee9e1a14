package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// judgeSenders holds a number against the sets of the senders that a send names.
// They narrow what the account may do and never widen it.
func (s *Subject) judgeSenders(send *Send, assignment *numbering.Assignment, trace *trace) Verdict {
	channel := send.Channel
	for _, name := range send.Senders {
		set := s.account.sender(name)
		stated, narrows := set.inForce(channel)
		if !narrows {
			if r, by := s.deniesUnscoped(name); r != nil {
				trace.unscopedService(name, by, channel)
				return deny(ServiceUnscoped, r.words)
			}
			trace.openSender(name, set, channel)
			continue
		}
		v := set.judge(stated, assignment)
		trace.sender(name, set, stated, assignment, &v)
		if v.Outcome == Deny {
			v.Reason = SenderNotEnabled
			return v
		}
	}
	return Verdict{}
}

// deniesUnscoped is the ruling that denies a sender without a set of its own
// because it is a messaging service, and whose ruling it is; nil if none does.
func (s *Subject) deniesUnscoped(name string) (*ruling, *account) {
	if is := s.snapshot.isService; is == nil || !is(name) {
		return nil, nil
	}
	r, by := s.ruling(aboutUnscopedService)
	if r.choice != Denied {
		return nil, nil
	}
	return r, by
}

// sender returns the sets of a sender; a subaccount has those of its parent
// where it does not name the sender itself.
func (a *account) sender(name string) *permissionSet {
	for i := a; i != nil; i = i.parent {
		if set := i.senders[name]; set != nil {
			return set
		}
	}
	return nil
}
