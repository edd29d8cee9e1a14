package policy

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// overlay has the accounts of a snapshot that changed since the others were compiled at
// once. The others remain where they are, and a lookup asks the overlay first. It never
// changes once it is in a snapshot. A nil one is empty.
type overlay struct {
	// accounts that changed, by their own IDs.
	accounts map[string]*change
	// carriers and holders have the own IDs of those that were restated, by their ids at
	// carriers and by their credentials.
	carriers map[CarrierAccount]string
	holders  map[string]string
	interner *sharedInterner
}

// change is what became of an account.
type change struct {
	account *account // nil if it was removed
	// restated says that it states something else, or is new or removed. Otherwise only its
	// parent or what is attached to it changed: its ids, its credentials and its timed
	// statements are those it was compiled with.
	restated    bool
	credentials []string
	timed       []Timed
}

// sharedInterner is one that several snapshots use, which may be made at once.
type sharedInterner struct {
	sync.Mutex
	*interner
}

// largestOverlay is how many accounts an overlay has at most after an update of so many, over
// others that were compiled at once. Copying it is the largest part of a small update. Of a
// series of large ones, as a whole store is read, folding all accounts each time is.
func largestOverlay(accounts, updated int) int {
	return max(1024, accounts/64, min(8*updated, accounts/4))
}

// clone returns one that may be changed.
func (o *overlay) clone() *overlay {
	if o == nil {
		return &overlay{
			accounts: make(map[string]*change),
			carriers: make(map[CarrierAccount]string),
			holders:  make(map[string]string),
			interner: &sharedInterner{interner: newInterner()},
		}
	}
	return &overlay{maps.Clone(o.accounts), maps.Clone(o.carriers), maps.Clone(o.holders), o.interner}
}

// change is what became of the account of an own ID, if it changed.
func (o *overlay) change(id string) (c *change, changed bool) {
	if o == nil {
		return nil, false
	}
	c, changed = o.accounts[id]
	return c, changed
}

// changes reports whether the account of an own ID changed.
func (o *overlay) changes(id string) bool {
	_, changed := o.change(id)
	return changed
}

// current is what became of an account that was found by an id at a carrier or a credential
// it was compiled with. It is nil if the account was restated: what it has now is found in
// the overlay.
func (o *overlay) current(a *account) *account {
	c, changed := o.change(a.id)
	switch {
	case !changed:
		return a
	case c.restated:
		return nil
	}
	return c.account
}

// at is the restated account of an id at a carrier, nil if there is none.
func (o *overlay) at(carrier, id string) *account {
	if o == nil {
		return nil
	}
	if own, has := o.carriers[CarrierAccount{carrier, id}]; has {
		return o.accounts[own].account
	}
	return nil
}

// holderOf is the restated account that a credential belongs to, nil if there is none.
func (o *overlay) holderOf(credential string) *account {
	if o == nil {
		return nil
	}
	if own, has := o.holders[credential]; has {
		return o.accounts[own].account
	}
	return nil
}

// inOrder has the accounts that changed and were not removed, by their own IDs.
func (o *overlay) inOrder() []*change {
	if o == nil {
		return nil
	}
	list := make([]*change, 0, len(o.accounts))
	for _, c := range o.accounts {
		if c.account != nil {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *change) int { return strings.Compare(a.account.id, b.account.id) })
	return list
}
