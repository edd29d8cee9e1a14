package policy

import "fmt"

// Conflict is a name in a definition that stands for two things, or a parent that is not
// defined. New refuses a definition with one. Only this file decides what a conflict is;
// config.Compile asks for all of them, to show each where it is written.
type Conflict struct {
	Kind ConflictKind
	// Account is the index of the account that has the conflict, in the definition or the
	// update. It is Outside for an account that the update leaves as it is.
	Account int
	// Index is that of the id at a carrier, the key, the credential or the sender in its list.
	Index int
	// First is the index of the account that has the name already, of two senders that of
	// the first. It is Outside too.
	First int

	// name that the conflict is about, account that has it, and for a credential the
	// account that has it already.
	name, account, holder string
}

// Outside is the index of an account that is not among those of an update.
const Outside = -1

// ConflictKind says what a conflict is about.
type ConflictKind uint8

// The kinds of conflicts.
const (
	AccountTwice ConflictKind = iota
	// CarrierAccountTwice is an id at a carrier that is another account's.
	CarrierAccountTwice
	KeyTwice
	CredentialTwice
	SenderTwice
	ParentUndefined
	ParentOfItself
	// ParentIsSubaccount is a parent that has a parent: subaccounts are one level deep.
	ParentIsSubaccount
)

// Error says what is wrong, for a reader who has no document at hand.
func (c Conflict) Error() string {
	switch c.Kind {
	case AccountTwice:
		return fmt.Sprintf("account %s is defined twice", c.account)
	case CarrierAccountTwice:
		return fmt.Sprintf("%s is the id of both account %s and account %s", c.name, c.holder, c.account)
	case SenderTwice:
		return fmt.Sprintf("account %s defines sender %s twice", c.account, c.name)
	case ParentUndefined:
		return fmt.Sprintf("account %s has parent %s, which is not defined", c.account, c.name)
	case ParentOfItself:
		return fmt.Sprintf("account %s is its own parent", c.account)
	case ParentIsSubaccount:
		return fmt.Sprintf("account %s has parent %s, which is a subaccount itself", c.account, c.name)
	default:
		return fmt.Sprintf("credential %s belongs to both %s and %s", c.name, c.holder, c.account)
	}
}

// Conflicts finds all conflicts of a definition: first those of names, account by account,
// then those of parents. Names that are not known yet, if any, are left out.
func (d *Definition) Conflicts(unknown func(name string) bool) []Conflict {
	f := newConflictFinder(d.Accounts)
	f.unknown = unknown
	for i := range d.Accounts {
		f.names(i)
	}
	for i := range d.Accounts {
		f.parent(i)
	}
	return f.found
}

// conflictFinder walks the accounts of a definition, or those of an update.
type conflictFinder struct {
	list    []Account
	unknown func(name string) bool
	// others are the accounts that an update leaves as they are; a definition has none.
	others others
	// accounts by their ids, and those that hold a credential by the credential.
	accounts, holders map[string]int
	// atCarrier has those that have an id at a carrier.
	atCarrier map[CarrierAccount]int
	found     []Conflict
}

func newConflictFinder(list []Account) conflictFinder {
	return conflictFinder{
		list:      list,
		accounts:  make(map[string]int, len(list)),
		atCarrier: make(map[CarrierAccount]int, len(list)),
		holders:   make(map[string]int),
	}
}

func (f *conflictFinder) isUnknown(name string) bool { return f.unknown != nil && f.unknown(name) }

// add adds a conflict of an account.
func (f *conflictFinder) add(c Conflict) {
	c.account = f.list[c.Account].ID
	f.found = append(f.found, c)
}

// names finds the names of an account that are already another's. Of an account that is
// defined twice, nothing else is said.
func (f *conflictFinder) names(i int) {
	a := &f.list[i]
	if !f.isUnknown(a.ID) {
		if first, twice := f.accounts[a.ID]; twice {
			f.add(Conflict{Kind: AccountTwice, Account: i, First: first, name: a.ID})
			return
		}
		f.accounts[a.ID] = i
		f.carriers(i)
		for j, key := range a.Keys {
			f.credential(Conflict{Kind: KeyTwice, Account: i, Index: j, name: key})
		}
		for j, credential := range a.Credentials {
			f.credential(Conflict{Kind: CredentialTwice, Account: i, Index: j, name: credential})
		}
	}
	senders := make(map[string]int, len(a.Senders))
	for j, sender := range a.Senders {
		if first, twice := senders[sender.ID]; twice {
			f.add(Conflict{Kind: SenderTwice, Account: i, Index: j, First: first, name: sender.ID})
			continue
		}
		senders[sender.ID] = j
	}
}

// carriers records the ids of an account at carriers, or adds the conflicts.
func (f *conflictFinder) carriers(i int) {
	for j, at := range f.list[i].At {
		if f.isUnknown(at.ID) {
			continue
		}
		if first, has := f.atCarrier[at]; has {
			f.add(Conflict{Kind: CarrierAccountTwice, Account: i, Index: j, First: first, name: at.ID, holder: f.list[first].ID})
			continue
		}
		if holder := f.others.at(at); holder != nil {
			f.add(Conflict{Kind: CarrierAccountTwice, Account: i, Index: j, First: Outside, name: at.ID, holder: holder.id})
			continue
		}
		f.atCarrier[at] = i
	}
}

// credential records who holds a credential, or adds the conflict if another account does.
func (f *conflictFinder) credential(c Conflict) {
	if f.isUnknown(c.name) {
		return
	}
	if first, held := f.holders[c.name]; held {
		c.First, c.holder = first, f.list[first].ID
		f.add(c)
		return
	}
	if holder := f.others.holderOf(c.name); holder != nil {
		c.First, c.holder = Outside, holder.id
		f.add(c)
		return
	}
	f.holders[c.name] = c.Account
}

func (f *conflictFinder) parent(i int) {
	a := &f.list[i]
	if a.Parent == "" || f.isUnknown(a.Parent) {
		return
	}
	conflict := Conflict{Account: i, name: a.Parent}
	parent, defined := f.accounts[a.Parent]
	other := f.others.defined(a.Parent)
	switch {
	case other != nil && other.parent == nil:
		return
	case other != nil:
		conflict.Kind = ParentIsSubaccount
	case !defined:
		conflict.Kind = ParentUndefined
	case parent == i:
		conflict.Kind = ParentOfItself
	case f.list[parent].Parent != "":
		conflict.Kind = ParentIsSubaccount
	default:
		return
	}
	f.add(conflict)
}
