package policy

import (
	"slices"
	"strings"
)

// conflicts finds the conflicts of an update, as Definition.Conflicts finds those of the
// whole policy in which the accounts of the update are the last. Children are those that
// the update leaves as they are, of accounts that it changes.
func (s *Snapshot) conflicts(u *Update, restated idSet, children []*account) []Conflict {
	f := newConflictFinder(u.Accounts)
	f.others = others{s, restated}
	for i := range u.Accounts {
		f.names(i)
	}
	f.children(restated, children)
	for i := range u.Accounts {
		f.parent(i)
	}
	return f.found
}

// children finds the accounts outside an update whose parent it removes, or makes a
// subaccount.
func (f *conflictFinder) children(restated idSet, children []*account) {
	var found []Conflict
	for _, child := range children {
		if !restated[child.parent.id] {
			continue // only what is attached to the parent changes
		}
		conflict := Conflict{Account: Outside, name: child.parent.id, account: child.id}
		parent, defined := f.accounts[child.parent.id]
		switch {
		case !defined:
			conflict.Kind = ParentUndefined
		case f.list[parent].Parent != "":
			conflict.Kind = ParentIsSubaccount
		default:
			continue
		}
		found = append(found, conflict)
	}
	slices.SortFunc(found, func(a, b Conflict) int { return strings.Compare(a.account, b.account) })
	f.found = append(f.found, found...)
}

// others are the accounts of a snapshot that an update does not restate.
type others struct {
	snapshot *Snapshot // nil if there are none
	restated idSet
}

// at is the one with an id at a carrier, nil if there is none.
func (o others) at(a CarrierAccount) *account {
	if o.snapshot == nil {
		return nil
	}
	return o.unlessRestated(o.snapshot.account(a))
}

// holderOf is the one that a credential belongs to, nil if there is none.
func (o others) holderOf(credential string) *account {
	if o.snapshot == nil {
		return nil
	}
	return o.unlessRestated(o.snapshot.holderOf(credential))
}

// defined is the one of an own ID, nil if there is none.
func (o others) defined(id string) *account {
	if o.snapshot == nil {
		return nil
	}
	return o.unlessRestated(o.snapshot.defined(id))
}

func (o others) unlessRestated(a *account) *account {
	if a == nil || o.restated[a.id] {
		return nil
	}
	return a
}
