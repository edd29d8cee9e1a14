package config

import "fmt"

// references checks what only the whole policy shows: that names are defined
// once and parents at all.
func (c *compiler) references() {
	accounts := c.compiled.Definition.Accounts
	index := make(map[string]int)
	keys := make(map[string]string)
	anyOpaque := c.more
	for i, a := range accounts {
		path := c.enter(i)
		anyOpaque = anyOpaque || c.opaque(a.ID)
		if a.ID == "" || c.opaque(a.ID) {
			continue
		}
		if first, ok := index[a.ID]; ok {
			o := c.origins[first]
			c.problem(path+".id", "account %s is defined twice, first %s", a.ID, o.positions.place(o.path+".id"))
			continue
		}
		index[a.ID] = i
		for j, key := range a.Keys {
			if other := keys[key]; key != "" && other != "" && !c.opaque(key) {
				c.problem(fmt.Sprintf("%s.keys[%d]", path, j), "key %s belongs to account %s already", key, other)
			}
			keys[key] = a.ID
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
			c.problem(path, "parent %s is not defined: add an account for it", a.Parent)
		case parent == i:
			c.problem(path, "account %s is its own parent", a.ID)
		case accounts[parent].Parent != "":
			c.problem(path, "parent %s is a subaccount itself: subaccounts are one level deep", a.Parent)
		}
	}
}

// enter makes the document of a compiled account the one that is walked, and
// returns the account's path in it.
func (c *compiler) enter(account int) (path string) {
	c.positions = c.origins[account].positions
	return c.origins[account].path
}
