package review

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Concerned counts the accounts that a change concerns although it states nothing of them, such
// as subaccounts that inherit from the one that changes. There may be very many.
type Concerned struct {
	Accounts int `json:"accounts" doc:"How many there are."`
	// Compared is how many of them were compared. Of the others it is not known whether
	// anything changes.
	Compared int `json:"compared" doc:"How many of them were compared: of the others nothing is counted."`
	Changed  int `json:"changed" doc:"For how many of these something opens or closes."`
	Listed   int `json:"listed" doc:"For how many of these it is listed."`

	unlisted map[Direction]int
}

const (
	// mostCompared bounds how many concerned accounts are compared: half a second, if each
	// has sets of its own.
	mostCompared = 1000
	// mostListed bounds for how many of them changes are listed: a page that people read.
	mostListed = 100
)

// Concern adds what opens and closes for accounts of which the definitions of the sides state
// nothing: those with some IDs, the first of which are compared. Of these, whole territories
// are compared, without regard to senders. What else they inherit is listed for its owner.
func (d *Difference) Concern(ctx context.Context, a, b Side, ids []string) error {
	c := newComparison(a, b, d.At)
	slices.Sort(ids)
	counted := &Concerned{Accounts: len(ids), Compared: min(len(ids), mostCompared), unlisted: make(map[Direction]int)}
	for _, id := range ids[:counted.Compared] {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("comparing the policies: %w", err)
		}
		c.changes = nil
		at, _ := b.Snapshot.At(id)
		for _, account := range at {
			c.territories(account)
		}
		if len(c.changes) == 0 {
			continue
		}
		if counted.Changed++; counted.Listed < mostListed {
			counted.Listed++
			d.Changes = append(d.Changes, c.changes...)
			continue
		}
		for i := range c.changes {
			counted.unlisted[c.changes[i].Direction]++
		}
	}
	d.Concerned = counted
	return nil
}

// Text says what of the accounts is not listed; nothing if all is.
func (n *Concerned) Text() string {
	if n == nil {
		return ""
	}
	var parts []string
	if more := n.Changed - n.Listed; more > 0 {
		parts = append(parts, fmt.Sprintf("and %s for which something changes, counted and not listed", moreAccounts(more)))
	}
	if more := n.Accounts - n.Compared; more > 0 {
		parts = append(parts, fmt.Sprintf("and %s that are not compared", moreAccounts(more)))
	}
	return strings.Join(parts, "; ")
}

func moreAccounts(n int) string {
	if n == 1 {
		return "1 more account"
	}
	return fmt.Sprintf("%d more accounts", n)
}

// panics records a panic that begins or ends, or that protects others than before.
func (c *comparison) panics(before, after policy.Panic) {
	c.turned(all, Panicked, Closes, before.On, after.On,
		"panic"+quoted(after.Reason)+": everything is closed except what accounts have at home"+protected(after),
		"the panic ends: what was open before is open again")
	if before.On && after.On && !slices.Equal(before.Protected, after.Protected) {
		c.add(all, Change{Direction: Changes, What: Panicked,
			Text: "the panic protects " + orNone(strings.Join(after.Protected, ", ")) + "; before, " + orNone(strings.Join(before.Protected, ", "))})
	}
}

// protected names the accounts that a panic leaves as they are.
func protected(p policy.Panic) string {
	if len(p.Protected) == 0 {
		return ""
	}
	return ", and what is open to " + strings.Join(p.Protected, ", ") + " and their subaccounts"
}
