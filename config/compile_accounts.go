package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/policy"
)

// accountName is what an account may be called in a policy. Capitals are left to carriers.
var accountName = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,63}$`)

// nameForm describes the names that accounts may have.
const nameForm = `a name of its own (a small letter, and at most 63 of these, digits, "-", "_" and ".")`

// IsAccountName reports whether a text may be the name of its own that a policy gives an
// account: no carrier has such an identifier.
func IsAccountName(carriers policy.Identifiers, text string) bool {
	if !accountName.MatchString(text) {
		return false
	}
	for kind := range policy.IdentifierKindCount {
		if _, ok := carriers.Canonical(kind, text); ok {
			return false
		}
	}
	return true
}

// CarriersOf are the carriers, by their names, that have identifiers of this form.
func CarriersOf(carriers Carriers, kind policy.IdentifierKind, text string) (names []string) {
	if _, ok := carriers.Canonical(kind, text); !ok {
		return nil
	}
	for _, name := range carriers.Names() {
		if _, ok := carriers.Only(name).Canonical(kind, text); ok {
			names = append(names, name)
		}
	}
	return names
}

// accountsNamed are the accounts that an identifier can name, one a carrier.
func (c *compiler) accountsNamed(text string) (accounts []policy.CarrierAccount) {
	for _, name := range c.names {
		if id, ok := c.only[name].Canonical(policy.AccountID, text); ok {
			accounts = append(accounts, policy.CarrierAccount{Carrier: name, ID: id})
		}
	}
	return accounts
}

// identity reads what an account is called: a name of its own and its ids at carriers, or
// in short its id at the one carrier that has identifiers of that form.
func (c *compiler) identity(path string, a *Account) (id string, at []policy.CarrierAccount) {
	at = c.at(path+".at", a.At)
	shown := c.shown(path+".id", a.ID)
	switch named := c.accountsNamed(a.ID); {
	case c.opaque(a.ID):
		return a.ID, at
	case len(named) == 1 && a.At == nil:
		return named[0].ID, named
	case len(named) == 1:
		c.problem(path+".at", `"at" is for an account with a name of its own, and %s is an id at %s: write a name instead`, shown, named[0].Carrier)
	case len(named) > 1:
		c.problem(path+".id", `%q has the form of an account of %s: give the account a name of its own, and state the id with "at"`, shown, listed(named))
	case !IsAccountName(c.carriers, a.ID):
		c.notAnAccount(path+".id", a.ID, nameForm)
	case len(a.At) == 0:
		c.problem(path+".id", `account %s is at no carrier: add "at" with its id at a carrier, such as %s`, shown, c.atForms())
	default:
		return a.ID, at
	}
	return "", nil
}

// listed writes the carriers of some accounts.
func listed(accounts []policy.CarrierAccount) string {
	names := make([]string, len(accounts))
	for i := range accounts {
		names[i] = accounts[i].Carrier
	}
	return strings.Join(names, " and of ")
}

// at reads the ids of an account at carriers.
func (c *compiler) at(path string, ids At) (at []policy.CarrierAccount) {
	for _, carrier := range slices.Sorted(maps.Keys(ids)) {
		here, text := path+"."+carrier, ids[carrier]
		only, registered := c.only[carrier]
		if !registered {
			if !c.opaque(carrier) {
				written := c.shown(here, carrier)
				c.problem(path+"."+written, "unknown carrier %q%s", written, suggest.DidYouMean(carrier, c.names, nil))
			}
			continue
		}
		id, ok := only.Canonical(policy.AccountID, text)
		switch {
		case ok:
			at = append(at, policy.CarrierAccount{Carrier: carrier, ID: id})
		case c.opaque(text):
			at = append(at, policy.CarrierAccount{Carrier: carrier, ID: text})
		default:
			c.problem(here, "%q is not the identifier of an account at %s: write %s", c.shown(here, text), carrier, only.Form(policy.AccountID))
		}
	}
	return at
}

// atForms says what "at" may have, carrier by carrier.
func (c *compiler) atForms() string {
	forms := make([]string, len(c.names))
	for i, name := range c.names {
		forms[i] = name + " (" + c.only[name].Form(policy.AccountID) + ")"
	}
	return strings.Join(forms, " or ")
}

// notAnAccount adds the mistake of a text that cannot name an account; orElse is what can,
// besides the id at a carrier.
func (c *compiler) notAnAccount(path, text, orElse string) {
	forms := c.carriers.Form(policy.AccountID) + ", or " + orElse
	if text == "" {
		c.problem(path, "the identifier of an account is missing: write %s", forms)
		return
	}
	c.problem(path, "%q is not the identifier of an account: write %s", c.shown(path, text), forms)
}

// parent reads the name of the account that one is a subaccount of.
func (c *compiler) parent(path, text string) string {
	if text == "" || c.opaque(text) || len(c.accountsNamed(text)) > 0 || IsAccountName(c.carriers, text) {
		return text
	}
	c.notAnAccount(path, text, "the name that the policy gives it")
	return ""
}

// resolveParents replaces the parents that are named by an id at a carrier by the accounts
// that have it.
func (c *compiler) resolveParents() {
	accounts := c.compiled.Definition.Accounts
	holders, own := make(map[policy.CarrierAccount]string), make(map[string]bool, len(accounts))
	for i := range accounts {
		own[accounts[i].ID] = true
		for _, at := range accounts[i].At {
			holders[at] = accounts[i].ID
		}
	}
	find := func(at policy.CarrierAccount) (id string, has bool) {
		if id, has = holders[at]; has || c.elsewhere == nil {
			return id, has
		}
		id, has = c.elsewhere(at)
		return id, has && !own[id] // one that is compiled here had the id before, and has it no more
	}
	for i := range accounts {
		a := &accounts[i]
		if a.Parent == "" {
			continue
		}
		named := c.accountsNamed(a.Parent)
		if len(named) > 0 {
			a.Parent = named[0].ID // unless some account has it
		}
		var found []string
		for _, parent := range named {
			if id, has := find(parent); has && !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			a.Parent = found[0]
		default:
			o := &c.origins[i]
			c.positions, c.written = o.positions, o.written
			c.problem(o.path+".parent", "%s is the id of several accounts, %s: write the name of one", c.shown(o.path+".parent", a.Parent), strings.Join(found, " and "))
			a.Parent = ""
		}
	}
}

// nearestAccount is the end of an error about an account that is not defined.
func (c *compiler) nearestAccount(name string) string {
	var names []string
	for i := range c.compiled.Definition.Accounts {
		if id := c.compiled.Definition.Accounts[i].ID; id != "" && !c.opaque(id) && len(c.accountsNamed(id)) == 0 {
			names = append(names, id)
		}
	}
	if near, ok := suggest.Word(name, names, nil); ok {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ": add an account for it"
}
