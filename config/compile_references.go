package config

import "fmt"

// references checks what only the whole policy shows: that names are defined
// once and parents at all.
func (c *compiler) references() {
	accounts := c.compiled.Definition.Accounts
	index := make(map[string]int)
	holders := make(map[string]int) // by their credentials
	anyOpaque := c.more
	for i, a := range accounts {
		path := c.enter(i)
		anyOpaque = anyOpaque || c.opaque(a.ID)
		if a.ID == "" || c.opaque(a.ID) {
			continue
		}
		if first, ok := index[a.ID]; ok {
			o := c.origins[first]
			c.problem(path+".id", "account %s is defined twice, first %s", c.origins[i].id(a.ID), o.positions.Place(o.path+".id"))
			continue
		}
		index[a.ID] = i
		for j, key := range a.Keys {
			c.held(fmt.Sprintf("%s.keys[%d]", path, j), "key", key, i, holders)
		}
		for j, credential := range a.Credentials {
			c.held(fmt.Sprintf("%s.credentials[%d]", path, j), "credential", credential, i, holders)
		}
	}
	for i, a := range accounts {
		if a.Parent == "" || c.opaque(a.Parent) {
			continue
		}
		path := c.enter(i) + ".parent"
		parent, ok := index[a.Parent]
		switch {
		case !ok && anyOpaque:
		case !ok:
			c.problem(path, "parent %s is not defined: add an account for it", c.shown(path, a.Parent))
		case parent == i:
			c.problem(path, "account %s is its own parent", c.origins[i].id(a.ID))
		case accounts[parent].Parent != "":
			c.problem(path, "parent %s is a subaccount itself: subaccounts are one level deep", c.shown(path, a.Parent))
		}
	}
}

// held notes that a credential belongs to an account, if it belongs to none yet.
func (c *compiler) held(path, what, credential string, account int, holders map[string]int) {
	if credential == "" || c.opaque(credential) {
		return
	}
	if first, twice := holders[credential]; twice {
		id := c.compiled.Definition.Accounts[first].ID
		c.problem(path, "%s %s belongs to account %s already", what, c.shown(path, credential), c.origins[first].id(id))
		return
	}
	holders[credential] = account
}

// enter makes the document of a compiled account the one that is walked, and
// returns the account's path in it.
func (c *compiler) enter(account int) (path string) {
	c.positions, c.written = c.origins[account].positions, c.origins[account].written
	return c.origins[account].path
}
