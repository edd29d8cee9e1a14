package config

import (
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

// references names the conflicts that only the whole policy shows, each where it was
// written. What a conflict is, policy says.
func (c *compiler) references() {
	isUnknown := func(name string) bool { return name == "" || c.opaque(name) }
	accounts := c.compiled.Definition.Accounts
	// A parent may be an account that is not known yet.
	isOpen := c.more || slices.ContainsFunc(accounts, func(a policy.Account) bool { return c.opaque(a.ID) })
	for _, conflict := range c.compiled.Definition.Conflicts(isUnknown) {
		if conflict.Kind != policy.ParentUndefined || !isOpen {
			c.conflict(conflict)
		}
	}
}

func (c *compiler) conflict(conflict policy.Conflict) {
	a, o := &c.compiled.Definition.Accounts[conflict.Account], &c.origins[conflict.Account]
	c.positions, c.written = o.positions, o.written
	switch conflict.Kind {
	case policy.AccountTwice:
		first := &c.origins[conflict.First]
		c.problem(o.path+".id", "account %s is already defined %s", o.id(a.ID), decode.InWords(first.positions, first.path+".id"))
	case policy.CarrierAccountTwice:
		at, first := a.At[conflict.Index], &c.origins[conflict.First]
		path := pathOfID(o.path, a.ID, at)
		c.problem(path, "%s at %s is already the id of account %s, which is defined %s", c.shown(path, at.ID), at.Carrier,
			first.id(c.compiled.Definition.Accounts[conflict.First].ID), decode.InWords(first.positions, first.path+".id"))
	case policy.KeyTwice:
		c.held("key", fmt.Sprintf("%s.keys[%d]", o.path, conflict.Index), a.Keys[conflict.Index], conflict.First)
	case policy.CredentialTwice:
		c.held("credential", fmt.Sprintf("%s.credentials[%d]", o.path, conflict.Index), a.Credentials[conflict.Index], conflict.First)
	case policy.SenderTwice:
		first, again := o.senders[conflict.First], o.senders[conflict.Index]
		c.problem(o.path+".senders."+again, "senders %q and %q are one and the same: define it once", first, again)
	case policy.ParentUndefined:
		c.problem(o.path+".parent", "parent %s is not defined%s", c.shown(o.path+".parent", a.Parent), c.nearestAccount(a.Parent))
	case policy.ParentOfItself:
		c.problem(o.path+".parent", "account %s is its own parent", o.id(a.ID))
	case policy.ParentIsSubaccount:
		c.problem(o.path+".parent", "parent %s is a subaccount itself: subaccounts are one level deep", c.shown(o.path+".parent", a.Parent))
	}
}

// held names the account that holds a credential already.
func (c *compiler) held(what, path, credential string, account int) {
	id := c.compiled.Definition.Accounts[account].ID
	c.problem(path, "%s %s already belongs to account %s", what, c.shown(path, credential), c.origins[account].id(id))
}
