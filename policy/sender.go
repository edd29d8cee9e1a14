package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// judgeSenders holds a number against the sets of the senders that a send names.
// They narrow what the account may do and never widen it.
func (s *Snapshot) judgeSenders(a *account, send *Send, owner *numbering.Owner, trace *trace) Verdict {
	channel := send.Channel
	for _, name := range send.Senders {
		g := a.sender(name)
		if !g.states(channel) {
			if r, by := s.deniesUnscoped(a, name); r != nil {
				if trace != nil {
					trace.unscopedService(name, by, channel)
				}
				return deny(ServiceUnscoped, r.words)
			}
			if trace != nil {
				trace.openSender(name, g, channel)
			}
			continue
		}
		v := g.judge(channel, owner)
		if trace != nil {
			trace.sender(name, g, channel, owner, &v)
		}
		if v.Outcome == Deny {
			v.Reason = SenderNotEnabled
			return v
		}
	}
	return Verdict{}
}

// deniesUnscoped is the ruling that denies a sender without a set of its own
// because it is a messaging service, and whose ruling it is; nil if none does.
func (s *Snapshot) deniesUnscoped(a *account, name string) (*ruling, *account) {
	if s.isService == nil || !s.isService(name) {
		return nil, nil
	}
	r, by := s.ruling(a, aboutUnscopedService)
	if r.choice != Denied {
		return nil, nil
	}
	return r, by
}

// sender returns the sets of a sender; a subaccount has those of its parent
// where it does not name the sender itself.
func (a *account) sender(name string) *grants {
	for i := a; i != nil; i = i.parent {
		if g := i.senders[name]; g != nil {
			return g
		}
	}
	return nil
}
