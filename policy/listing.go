package policy

import (
	"iter"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Listed is an account that a policy names, for lists of them.
type Listed struct {
	snapshot *Snapshot
	account  *account
}

// Listed yields all accounts that the policy names, in no order.
func (s *Snapshot) Listed() iter.Seq[Listed] {
	return func(yield func(Listed) bool) {
		for a := range s.all() {
			if !yield(Listed{s, a}) {
				return
			}
		}
	}
}

// Subaccounts are those of an account, by its own ID, in no order.
func (s *Snapshot) Subaccounts(id string) []Listed {
	var list []Listed
	for _, a := range s.childrenOf(idSet{id: true}, nil) {
		list = append(list, Listed{s, a})
	}
	return list
}

// ID is the account's own.
func (l Listed) ID() string { return l.account.id }

// Label is what people call it, or empty.
func (l Listed) Label() string { return l.account.label }

// Parent is the own ID of the account that it is a subaccount of, or empty.
func (l Listed) Parent() string {
	if l.account.parent == nil {
		return ""
	}
	return l.account.parent.id
}

// IsSuspended reports whether it sends nothing, since it is suspended, or its parent is.
func (l Listed) IsSuspended(now time.Time) bool {
	for a := l.account; a != nil; a = a.parent {
		if a.isSuspended(now) {
			return true
		}
	}
	return false
}

// Reaches reports whether it may send to a territory as a whole, be it in one class of calls
// only.
func (l Listed) Reaches(channel Channel, t numbering.Territory, now time.Time) bool {
	subject := Subject{snapshot: l.snapshot, account: l.account, id: l.account.id, known: true}
	for class := range ClassCount {
		if subject.JudgeTerritory(Send{Channel: channel}, class, t, now).Outcome == Allow {
			return true
		}
		if channel != Voice {
			break
		}
	}
	return false
}

// OpenByOwnSet is the set of the territories that are open as a whole, since the account's own
// permission set for the channel has them. Of calls they are those of a class.
func (l Listed) OpenByOwnSet(channel Channel, class Class, now time.Time) (open Set) {
	subject := Subject{snapshot: l.snapshot, account: l.account, id: l.account.id, known: true}
	send := Send{Channel: channel}
	if e := subject.effectiveSet(&send); e.holder != l.account || e.channel != channel {
		return open
	}
	for t := range numbering.AllTerritories() {
		if v := subject.JudgeTerritory(send, class, t, now); v.Outcome == Allow && v.Reason == Enabled {
			open.Add(t)
		}
	}
	return open
}

// JudgeStated is the verdict on the sends of an account, by its own ID, to a territory as a whole.
// An account that the policy does not name is denied.
func (s *Snapshot) JudgeStated(id string, send Send, class Class, t numbering.Territory, now time.Time) Verdict {
	a := s.defined(id)
	if a == nil {
		return deny(AccountUnknown, "")
	}
	subject := Subject{snapshot: s, account: a, id: id, known: true}
	return subject.JudgeTerritory(send, class, t, now)
}
