package reload

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// kept is what a store states besides its accounts, which are in the snapshot alone: there
// may be a million. It never changes; with returns another one.
type kept struct {
	// version of the store, by which the rest is what it is.
	version store.Version
	// settings are the operator's statements, without rules and accounts.
	settings config.Document
	// blocks are rules over all accounts, by their IDs.
	blocks map[string]config.Prefix
	// attached are what the store adds to accounts, by their own IDs.
	attached map[string]attached
	// opened are the openings that were granted, by their IDs. Of these, none is over for
	// long.
	opened map[string]opened
	// now is the clock.
	now func() time.Time
	// panic is the one in force.
	panic policy.Panic
	// accounts is how many the store has.
	accounts int
}

// newKept is what an empty store states.
func newKept(now func() time.Time) *kept {
	return &kept{blocks: make(map[string]config.Prefix), attached: make(map[string]attached), opened: make(map[string]opened), now: now}
}

// opened is an opening that was granted.
type opened struct {
	account string
	until   time.Time
}

// endedInMemory is how long an opening that is over stays in memory: its end is announced
// meanwhile, and a clock that is set back has it open again. Suspensions stay, since without
// one that is not over by the clock that was put right, an account would send.
const endedInMemory = 24 * time.Hour

func (k *kept) isLongOver(until time.Time) bool { return k.now().Sub(until) > endedInMemory }

// dropEnded lets go of the openings that are over for long, as they decide nothing.
func (k *kept) dropEnded(t *touched) {
	for id, o := range k.opened {
		if k.isLongOver(o.until) {
			delete(k.opened, id)
			k.attachOpening(o.account, id, nil, t)
		}
	}
}

// attached is what the store adds to one account, of a file or of the store: the account's own
// document stays as it is.
type attached struct {
	suspended *config.Switch
	openings  map[string][]config.Opening // by the ID of what opens them
}

// isNothing reports whether nothing is left of it.
func (a attached) isNothing() bool { return a.suspended == nil && len(a.openings) == 0 }

// SuspensionDocument is the document of an object of the kind store.Suspension.
type SuspensionDocument struct {
	Reason string `json:"reason,omitzero"`
	Until  string `json:"until,omitzero"`
}

// OpeningDocument is the document of an object of the kind store.Opening.
type OpeningDocument struct {
	// InForce says that it was approved by as many as it needs, and was not ended by hand.
	InForce bool   `json:"in_force"`
	Account string `json:"account"`
	// Openings of the account, while it is in force.
	Openings []config.Opening `json:"openings"`
	// Request says who asked for it, and who approved it. The policy does not need it.
	Request json.RawMessage `json:"request"`
}

// PanicDocument is the document of the object of the kind store.Panic.
type PanicDocument struct {
	Reason string `json:"reason"`
	// Since is an RFC 3339 time.
	Since string `json:"since"`
	// Protect are accounts that are not closed, by their own IDs.
	Protect []string `json:"protect,omitzero"`
}

// touched says what of a policy a change is about.
type touched struct {
	operator bool
	panic    bool
	accounts map[string]bool // what is attached to them
}

// with returns what is kept once some objects were written, and what that touches. Accounts
// are not among them.
func (k *kept) with(objects []store.Object) (*kept, touched, error) {
	next := *k
	if len(objects) == 0 {
		return &next, touched{}, nil // a change of accounts alone shares the rest
	}
	next.blocks, next.attached, next.opened = cloneMap(k.blocks), cloneMap(k.attached), cloneMap(k.opened)
	t := touched{accounts: make(map[string]bool)}
	next.dropEnded(&t)
	for _, object := range objects {
		if err := next.write(object, &t); err != nil {
			return nil, touched{}, fmt.Errorf("reading %s %s of the store: %w", object.Kind, object.ID, err)
		}
	}
	return &next, t, nil
}

func (k *kept) write(object store.Object, t *touched) error {
	deleted := object.Document == nil
	switch object.Kind {
	case store.Settings:
		t.operator = true
		k.settings = config.Document{}
		if deleted {
			return nil
		}
		return config.DecodeJSON(object.Document, &k.settings)
	case store.Block:
		t.operator = true
		delete(k.blocks, object.ID)
		if deleted {
			return nil
		}
		var rule config.Prefix
		if err := config.DecodeJSON(object.Document, &rule); err != nil {
			return err
		}
		k.blocks[object.ID] = rule
	case store.Suspension:
		t.accounts[object.ID] = true
		a := k.attached[object.ID]
		a.suspended = nil
		if !deleted {
			var d SuspensionDocument
			if err := config.DecodeJSON(object.Document, &d); err != nil {
				return err
			}
			a.suspended = &config.Switch{On: true, Reason: d.Reason, Until: d.Until}
		}
		k.attach(object.ID, a)
	case store.Panic:
		return k.closeAll(object.Document, t)
	case store.Opening:
		return k.open(object, t)
	}
	return nil
}

// closeAll writes the panic, or ends it without a document.
func (k *kept) closeAll(document json.RawMessage, t *touched) error {
	t.panic, k.panic = true, policy.Panic{}
	if document == nil {
		return nil
	}
	var d PanicDocument
	if err := config.DecodeJSON(document, &d); err != nil {
		return err
	}
	since, err := time.Parse(time.RFC3339, d.Since)
	if err != nil {
		return fmt.Errorf("reading since: %w", err)
	}
	k.panic = policy.Panic{On: true, Reason: d.Reason, Since: since, Protected: d.Protect}
	return nil
}

// open writes an opening, which may not be in force.
func (k *kept) open(object store.Object, t *touched) error {
	if o, was := k.opened[object.ID]; was {
		delete(k.opened, object.ID)
		k.attachOpening(o.account, object.ID, nil, t)
	}
	if object.Document == nil {
		return nil
	}
	var d OpeningDocument
	if err := json.Unmarshal(object.Document, &d); err != nil {
		return err
	}
	if !d.InForce || len(d.Openings) == 0 {
		return nil
	}
	o := opened{account: d.Account}
	for i := range d.Openings {
		until, err := config.ParseTime(d.Openings[i].Until)
		if err != nil {
			until = k.now() // it is attached, and the compiler names the mistake
		}
		if until.After(o.until) {
			o.until = until
		}
	}
	if !k.isLongOver(o.until) {
		k.opened[object.ID] = o
		k.attachOpening(d.Account, object.ID, d.Openings, t)
	}
	return nil
}

// attachOpening attaches what an opening opens to its account, or nothing any more.
func (k *kept) attachOpening(account, id string, openings []config.Opening, t *touched) {
	t.accounts[account] = true
	a := k.attached[account]
	a.openings = cloneMap(a.openings)
	delete(a.openings, id)
	if len(openings) > 0 {
		a.openings[id] = openings
	}
	k.attach(account, a)
}

// cloneMap returns a copy that may be written to.
func cloneMap[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m)+1)
	maps.Copy(c, m)
	return c
}

func (k *kept) attach(account string, a attached) {
	if a.isNothing() {
		delete(k.attached, account)
		return
	}
	k.attached[account] = a
}

// operator is the document of what the store states for all accounts.
func (k *kept) operator() config.Document {
	d := k.settings
	for _, id := range slices.Sorted(maps.Keys(k.blocks)) {
		d.Prefixes = append(d.Prefixes[:len(d.Prefixes):len(d.Prefixes)], k.blocks[id])
	}
	return d
}

// attachment compiles what is attached to an account.
func (k *kept) attachment(carriers config.Carriers, account string) (policy.Attachment, error) {
	a := k.attached[account]
	stated := config.Account{}
	if a.suspended != nil {
		stated.Suspended = *a.suspended
	}
	for _, id := range slices.Sorted(maps.Keys(a.openings)) {
		stated.Openings = append(stated.Openings, a.openings[id]...)
	}
	attachment, err := config.CompileAttached(carriers, &stated)
	attachment.Account = account
	return attachment, err
}
