package config

import (
	"fmt"
	"slices"
)

// references checks what only the whole document shows: that names are defined
// once and parents at all.
func (c *compiler) references(d *Document) {
	accounts := c.compiled.Definition.Accounts
	index := make(map[string]int)
	keys := make(map[string]string)
	for i, a := range accounts {
		path := fmt.Sprintf("accounts[%d]", i)
		if a.ID == "" || c.opaque(a.ID) {
			continue
		}
		if first, ok := index[a.ID]; ok {
			c.problem(path+".id", "account %s is defined twice, first %s", a.ID, c.place(fmt.Sprintf("accounts[%d].id", first)))
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
		path := fmt.Sprintf("accounts[%d].parent", i)
		parent, ok := index[a.Parent]
		switch {
		case !ok && c.anyOpaqueAccount(d):
		case !ok:
			c.problem(path, "parent %s is not defined: add an account for it", a.Parent)
		case parent == i:
			c.problem(path, "account %s is its own parent", a.ID)
		case accounts[parent].Parent != "":
			c.problem(path, "parent %s is a subaccount itself: subaccounts are one level deep", a.Parent)
		}
	}
}

// anyOpaqueAccount tells whether some account's SID is not known yet.
func (c *compiler) anyOpaqueAccount(d *Document) bool {
	return slices.ContainsFunc(d.Accounts, func(a Account) bool { return c.opaque(a.ID) })
}

// place says where a path stands, for people.
func (c *compiler) place(path string) string {
	if p := c.positions.at(path); p.File != "" {
		return fmt.Sprintf("in %s:%d", p.File, p.Line)
	}
	return "at " + path
}
