package policy

import "slices"

// Update is a change of a policy: of some accounts, of what is attached to some, or of what
// is stated for all.
type Update struct {
	// Revision names the policy from then on.
	Revision string
	// Operator replaces all that is stated for all accounts. Its accounts are not read. Nil
	// leaves it.
	Operator *Definition
	// Panic replaces the one in force: one that is not on ends it. Nil leaves it.
	Panic *Panic
	// Accounts that are added, or replace those of the same ID.
	Accounts []Account
	// Removed are the IDs of accounts that are removed. One that is not defined already is.
	Removed []string
	// Attached replaces what is attached to the accounts that it names. A replaced account
	// keeps what is attached to it otherwise, and so does one that is removed and added again.
	Attached []Attachment
}

// With returns the policy after an update. It compiles the accounts of the update alone; s
// stays as it is, for the requests that it judges. The error is a Conflict if there is one.
func (s *Snapshot) With(u Update) (*Snapshot, error) {
	restated := u.restated()
	touched := restated.with(u.Attached)
	children := s.childrenOf(touched, restated)
	if conflicts := s.conflicts(&u, restated, children); len(conflicts) > 0 {
		return nil, conflicts[0]
	}
	next := *s
	next.revision = u.Revision
	next.carriers = slices.Clip(s.carriers) // so that a new one goes into a copy
	if u.Operator != nil {
		if err := next.stateOperator(u.Operator, newInterner()); err != nil {
			return nil, err
		}
	}
	if u.Panic != nil {
		next.panicked = newPanicked(u.Panic)
	}
	if len(touched) == 0 {
		return &next, nil
	}
	next.attached = attachedTo(s.attached, u.Attached)
	for i := range u.Attached {
		next.apart |= apartOpenings(u.Attached[i].Openings)
	}
	next.overlay = s.overlay.clone()
	if err := next.restate(&u, restated); err != nil {
		return nil, err
	}
	next.copyUnstated(&u, restated, children)
	if len(next.overlay.accounts) > largestOverlay(len(next.accounts), len(touched)) {
		next.fold()
	}
	return &next, nil
}

// idSet is a set of own IDs of accounts.
type idSet map[string]bool

// restated are the accounts that are added, replaced or removed.
func (u *Update) restated() idSet {
	ids := make(idSet, len(u.Accounts)+len(u.Removed))
	for i := range u.Accounts {
		ids[u.Accounts[i].ID] = true
	}
	for _, id := range u.Removed {
		ids[id] = true
	}
	return ids
}

// with returns a set that has the accounts of attachments too.
func (s idSet) with(attached []Attachment) idSet {
	ids := make(idSet, len(s)+len(attached))
	for id := range s {
		ids[id] = true
	}
	for i := range attached {
		ids[attached[i].Account] = true
	}
	return ids
}

// childrenOf are the subaccounts of some accounts, without those that are restated.
func (s *Snapshot) childrenOf(parents, restated idSet) (children []*account) {
	compiled := make(map[*account]bool)
	for id := range parents {
		// Those of a parent that changed are all in the overlay.
		if number, ok := s.number(id); ok && s.parents.has(number) && !s.overlay.changes(id) {
			compiled[&s.accounts[number]] = true
		}
	}
	if len(compiled) > 0 {
		for i := range s.accounts {
			a := &s.accounts[i]
			if a.parent != nil && compiled[a.parent] && !s.overlay.changes(a.id) && !restated[a.id] {
				children = append(children, a)
			}
		}
	}
	if s.overlay == nil {
		return children
	}
	for id, c := range s.overlay.accounts {
		if a := c.account; a != nil && a.parent != nil && parents[a.parent.id] && !restated[id] {
			children = append(children, a)
		}
	}
	return children
}

// restate puts the accounts of an update into the overlay, which is a copy, in place of what
// was there.
func (s *Snapshot) restate(u *Update, restated idSet) error {
	for id := range restated {
		s.remove(id)
	}
	interner := s.overlay.interner
	interner.Lock()
	defer interner.Unlock()
	for i := range u.Accounts {
		a := &u.Accounts[i]
		compiled := new(account)
		if err := s.compile(compiled, a, interner.interner); err != nil {
			return err
		}
		s.overlay.accounts[compiled.id] = &change{
			account:     compiled,
			restated:    true,
			credentials: slices.Concat(a.Keys, a.Credentials),
			timed:       a.timed(),
		}
		for _, at := range a.At {
			s.overlay.carriers[at] = compiled.id
		}
		for _, list := range [][]string{a.Keys, a.Credentials} {
			for _, text := range list {
				s.overlay.holders[text] = compiled.id
			}
		}
	}
	for i := range u.Accounts {
		if a := &u.Accounts[i]; a.Parent != "" {
			s.overlay.accounts[a.ID].account.parent = s.defined(a.Parent)
		}
	}
	return nil
}

// remove removes an account by the overlay, which is a copy.
func (s *Snapshot) remove(id string) {
	if a := s.defined(id); a != nil && a.urlHosts.restricts() {
		s.restricted--
	}
	if c, changed := s.overlay.change(id); changed && c.restated && c.account != nil {
		at, _ := s.At(id)
		for _, at := range at {
			delete(s.overlay.carriers, at)
		}
		for _, text := range c.credentials {
			delete(s.overlay.holders, text)
		}
	}
	if _, compiled := s.number(id); compiled {
		s.overlay.accounts[id] = &change{restated: true}
	} else {
		delete(s.overlay.accounts, id)
	}
}

// copyUnstated puts copies of the accounts into the overlay, which is a copy, that an update
// does not restate: those with another attachment, and the children of changed ones, whose
// parent is elsewhere in memory now.
func (s *Snapshot) copyUnstated(u *Update, restated idSet, children []*account) {
	for i := range u.Attached {
		if id := u.Attached[i].Account; !restated[id] {
			s.copyAccount(s.defined(id))
		}
	}
	for _, child := range children {
		s.copyAccount(s.defined(child.id))
	}
	// Only now all parents are in place.
	for _, child := range children {
		a := s.defined(child.id)
		a.parent = s.defined(a.parent.id)
	}
	for i := range u.Accounts {
		if a := s.overlay.accounts[u.Accounts[i].ID].account; a.parent != nil {
			a.parent = s.defined(a.parent.id)
		}
	}
}

// copyAccount puts a copy of an account into the overlay, with what is attached to it now.
func (s *Snapshot) copyAccount(a *account) {
	if a == nil {
		return
	}
	renewed := change{account: new(*a)}
	if c, changed := s.overlay.change(a.id); changed {
		renewed.restated, renewed.credentials, renewed.timed = c.restated, c.credentials, c.timed
	}
	s.attach(renewed.account)
	s.overlay.accounts[a.id] = &renewed
}

// Folded returns the same policy with all accounts side by side, as New makes it. After large
// updates that takes less memory, and the next small one need not do it.
func (s *Snapshot) Folded() *Snapshot {
	if s.overlay == nil {
		return s
	}
	folded := *s
	folded.fold()
	return &folded
}

// fold compiles nothing: it puts all accounts side by side again, and finds them by new
// indexes.
func (s *Snapshot) fold() {
	before := *s
	s.accounts = make([]account, 0, len(before.accounts)+len(before.overlay.accounts))
	names := 0
	for a := range before.all() {
		s.accounts = append(s.accounts, *a)
		names += 1 + len(a.at)
	}
	s.byName, s.parents = newIndex(names), newNumberSet(len(s.accounts))
	s.monitored, s.timed, s.overlay = nil, before.timedAccounts(), nil
	for number := range s.accounts {
		s.indexAccount(number)
	}
	for number := range s.accounts {
		if parent := s.accounts[number].parent; parent != nil {
			s.setParent(number, parent.id)
		}
	}
	count := len(before.credentials) + len(before.overlay.holders)
	s.credentials, s.holders = make([]credential, 0, count), newIndex(count)
	for _, c := range before.credentials {
		if a := before.overlay.current(c.account); a != nil {
			s.addCredentialOf(c.text, a.id)
		}
	}
	for text, id := range before.overlay.holders {
		s.addCredentialOf(text, id)
	}
}

// addCredentialOf adds a credential of the account of an own ID.
func (s *Snapshot) addCredentialOf(text, id string) {
	if number, ok := s.number(id); ok {
		s.addCredential(text, number)
	}
}
