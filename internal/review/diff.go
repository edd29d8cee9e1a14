package review

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Side is a policy with all that comparing it needs: what was stated, the same as a
// snapshot, and the numbering plan with its ranges.
type Side struct {
	Compiled config.Compiled
	Snapshot *policy.Snapshot
	Plan     numbering.Plan
}

// Difference is what changes from one policy to another.
type Difference struct {
	// From and To are the revisions of the policies.
	From string    `json:"from"`
	To   string    `json:"to"`
	At   time.Time `json:"at"`
	// Changes for all accounts, for accounts that neither policy names, and then account
	// by account.
	Changes []Change `json:"changes"`
	// Warnings are those about the later policy that are not about the earlier one. Only
	// Measure sets them.
	Warnings []Remark `json:"warnings,omitempty"`
	// LeftOut is what Only removed from the changes; nil if it was not asked to.
	LeftOut *LeftOut `json:"left_out,omitempty"`
	// Concerned counts accounts that neither definition has. Only Concern sets it.
	Concerned *Concerned `json:"concerned,omitempty"`
}

// LeftOut is how many changes of a direction are not listed.
type LeftOut struct {
	Direction Direction `json:"direction"`
	Changes   int       `json:"changes"`
}

// Change is one thing that changes.
type Change struct {
	Direction Direction `json:"direction"`
	// Account that it is for, by its id at the carrier: empty for all, Unnamed for accounts
	// that the policy does not name.
	Carrier string `json:"carrier,omitempty"`
	Account string `json:"account"`
	// Name of its own that the policy gives it, and its label there.
	Name    string `json:"name,omitempty"`
	Label   string `json:"label,omitempty"`
	Sender  string `json:"sender,omitempty"`
	Channel string `json:"channel,omitempty"`
	Class   string `json:"class,omitempty"`
	// Territories that it is about, by their codes.
	Territories []string `json:"territories,omitempty"`
	What        What     `json:"what"`
	// Text says it in words.
	Text string `json:"text"`
	// Rule is what the prefix rule covers that comes, goes or changes, in the policy that has
	// it. Only Measure sets it.
	Rule *RuleReach `json:"rule,omitempty"`

	// rule that the change is about, and in which of the policies; nil if it is about none.
	rule  *policy.Rule
	isOld bool
}

// Unnamed is every account that the policy does not name.
const Unnamed = "unnamed"

// Direction says whether a change lets more through or less.
type Direction string

// The directions.
const (
	Opens  Direction = "opens"
	Closes Direction = "closes"
	// Changes is for what does neither, or either, depending on the number.
	Changes Direction = "changes"
)

// What says which kind of statement or effect a change is about.
type What string

// Territories is an effect: the verdict on whole territories. All others are statements,
// listed because territories do not show all their effects.
const (
	Territories What = "territories"
	Prefix      What = "prefix"
	Suspended   What = "suspended"
	Monitored   What = "monitor"
	Observed    What = "observe"
	National    What = "national"
	Unsupported What = "unsupported"
	ByRequest   What = "by_request"
	NumberRange What = "range"
	Stated      What = "stated"
	Held        What = "held"
	Named       What = "account"
	Parent      What = "parent"
	Home        What = "home"
	OnTrial     What = "trial"
	Verified    What = "verified"
	Approved    What = "approved"
	Opening     What = "opening"
	Key         What = "key"
	Credential  What = "credential"
	Controls    What = "control"
	Stored      What = "stored"
	Unscoped    What = "unscoped_service"
	Special     What = "messaging_special"
	Unallocated What = "unallocated"
	Panicked    What = "panic"
	URLHosts    What = "url_hosts"
	Limit       What = "limit"
	MaxCall     What = "max_call"
	PriceLimit  What = "price_limit"
)

// Diff lists what changes from a to b, as seen at a time. An account is compared with the
// one that has the same id at the same carrier, whatever either is called. An account that
// only one of them names is compared with an unnamed one in the other.
func Diff(a, b Side, now time.Time) Difference {
	d, _ := DiffContext(context.Background(), a, b, now)
	return d
}

// DiffContext is Diff that stops, between two accounts, when the context ends: the error
// says why, and there is no difference.
func DiffContext(ctx context.Context, a, b Side, now time.Time) (Difference, error) {
	c := newComparison(a, b, now)
	c.operator()
	c.territories(unnamed)
	c.choices(unnamed)
	c.urlHosts(unnamed)
	c.limits(unnamed)
	c.maxCall(unnamed)
	for _, account := range c.accounts() {
		if err := ctx.Err(); err != nil {
			return Difference{}, fmt.Errorf("comparing the policies: %w", err)
		}
		c.account(account)
	}
	if c.changes == nil {
		c.changes = []Change{}
	}
	return Difference{From: a.Snapshot.Revision(), To: b.Snapshot.Revision(), At: now, Changes: c.changes}, nil
}

// Only leaves out the changes of the opposite direction. What does neither, or either,
// depending on the number, stays.
func (d Difference) Only(direction Direction) Difference {
	opposite := direction.reversed()
	kept := slices.DeleteFunc(slices.Clone(d.Changes), func(c Change) bool { return c.Direction == opposite })
	d.LeftOut = &LeftOut{Direction: opposite, Changes: len(d.Changes) - len(kept)}
	d.Changes = kept
	return d
}

// Count is how many changes there are of a direction, those that are not listed too.
func (d Difference) Count(direction Direction) (n int) {
	if d.Concerned != nil {
		n = d.Concerned.unlisted[direction]
	}
	for i := range d.Changes {
		if d.Changes[i].Direction == direction {
			n++
		}
	}
	return n
}

// all and unnamed are whom a change is for that is not for one account.
var all, unnamed = policy.CarrierAccount{}, policy.CarrierAccount{ID: Unnamed}

// comparison is a Diff under way.
type comparison struct {
	before, after indexedSide
	now           time.Time
	// judged remembers what changes from one basis to another: most accounts
	// have theirs in common with others.
	judged  map[basis]shift
	changes []Change
}

func newComparison(a, b Side, now time.Time) *comparison {
	return &comparison{before: newIndexedSide(a), after: newIndexedSide(b), now: now, judged: make(map[basis]shift)}
}

// indexedSide is one of the two policies, with its accounts by their ids at carriers and
// by their own, and the account of each credential.
type indexedSide struct {
	Side
	accounts map[policy.CarrierAccount]*policy.Account
	byID     map[string]*policy.Account
	holders  map[string]*policy.Account
}

func newIndexedSide(p Side) indexedSide {
	s := indexedSide{Side: p,
		accounts: make(map[policy.CarrierAccount]*policy.Account), byID: make(map[string]*policy.Account), holders: make(map[string]*policy.Account)}
	accounts := p.Compiled.Definition.Accounts
	for i := range accounts {
		a := &accounts[i]
		s.byID[a.ID] = a
		for _, at := range a.At {
			s.accounts[at] = a
		}
		for _, credential := range slices.Concat(a.Keys, a.Credentials) {
			s.holders[credential] = a
		}
	}
	return s
}

// accounts lists the accounts of both sides, each once for each carrier that it is at: in
// the order of the later policy, and then those that are gone.
func (c *comparison) accounts() []policy.CarrierAccount {
	var list []policy.CarrierAccount
	for i := range c.after.Compiled.Definition.Accounts {
		list = append(list, c.after.Compiled.Definition.Accounts[i].At...)
	}
	for i := range c.before.Compiled.Definition.Accounts {
		for _, at := range c.before.Compiled.Definition.Accounts[i].At {
			if c.after.accounts[at] == nil {
				list = append(list, at)
			}
		}
	}
	return list
}

// names are the name of its own and the label of an account, in the later policy if it is
// there.
func (c *comparison) names(account policy.CarrierAccount) (name, label string) {
	for _, s := range []*indexedSide{&c.after, &c.before} {
		if s.Snapshot.Names(account) {
			subject := s.Snapshot.SubjectOf(account)
			return subject.Name(), subject.Label()
		}
	}
	return "", ""
}

// add records a change of an account, or of all.
func (c *comparison) add(account policy.CarrierAccount, change Change) {
	change.Carrier, change.Account = account.Carrier, account.ID
	change.Name, change.Label = c.names(account)
	c.changes = append(c.changes, change)
}

// turned records a switch that was turned on or off. The direction is that of turning it
// on.
func (c *comparison) turned(account policy.CarrierAccount, what What, direction Direction, was, is bool, on, off string) {
	switch {
	case is && !was:
		c.add(account, Change{Direction: direction, What: what, Text: on})
	case was && !is:
		c.add(account, Change{Direction: direction.reversed(), What: what, Text: off})
	}
}

func (d Direction) reversed() Direction {
	switch d {
	case Opens:
		return Closes
	case Closes:
		return Opens
	}
	return d
}
