package config

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Hint says what an element that is not a text may stand for.
func (Territories) Hint(element string) string { return suggest.TerritoryHint(element) }

// Hint says what a value that is not a text may stand for.
func (Territory) Hint(value string) string { return suggest.TerritoryHint(value) }

// grant compiles a list of territories, in which "*" stands for all of them and the name
// of a group for its members. Neither names a territory outright.
func (c *compiler) grant(path string, list Territories) policy.Grant {
	var grant policy.Grant
	if len(list) == 1 && strings.EqualFold(list[0], "none") {
		c.problem(path+"[0]", `"none" is not a territory: write [] for none`)
		return grant
	}
	for i, code := range list {
		if code == "*" {
			for t := range numbering.AllTerritories() {
				grant.Set.Add(t)
			}
			continue
		}
		if group, ok := numbering.ParseGroup(code); ok {
			for _, t := range group.Members() {
				grant.Set.Add(t)
			}
			continue
		}
		if t := c.territory(fmt.Sprintf("%s[%d]", path, i), code); t != 0 {
			grant.Set.Add(t)
			grant.Outright.Add(t)
		}
	}
	return grant
}

// statedGrant compiles a list that is nil if it was not stated.
func (c *compiler) statedGrant(path string, list Territories) *policy.Grant {
	if list == nil {
		return nil
	}
	grant := c.grant(path, list)
	return policy.Interned(c.grants, &grant)
}

// territorySet compiles a list that is nil if it was not stated.
func (c *compiler) territorySet(path string, list Territories, set **policy.Set) {
	if list == nil {
		return
	}
	c.once(path)
	grant := c.grant(path, list)
	*set = &grant.Set
}

func (c *compiler) territory(path, code string) numbering.Territory {
	t, ok := numbering.ParseTerritory(code)
	shown := c.shown(path, code)
	switch {
	case ok || c.opaque(code):
	case code == "*":
		c.problem(path, `"*" is every territory: name the one that is meant`)
	case strings.EqualFold(code, "none") && strings.HasSuffix(path, "]"):
		c.problem(path, `"none" must be alone: write no territory with it (in JSON, none is [])`)
	case strings.EqualFold(code, "none"):
		c.problem(path, `"none" is not a territory: name the one that is meant`)
	case IsGroup(code):
		c.problem(path, "%q is a group of territories: name the one that is meant", shown)
	case suggest.IsAll(code):
		c.problem(path, `unknown territory %q, did you mean "*"?`, shown)
	case strings.ContainsAny(code, ",;"):
		c.problem(path, "unknown territory %q: write each by itself, without a comma", shown)
	case code == "":
		c.problem(path, `a territory is missing: write an ISO 3166 code such as "US", or a calling code of no country such as "+881"`)
	case isSeveralTerritories(code) && shown == code:
		c.problem(path, "unknown territory %q: write each by itself, in a file as [%s]", code, strings.Join(strings.Fields(code), ", "))
	default:
		message := fmt.Sprintf("unknown territory %q", shown)
		if hint := suggest.TerritoryHint(code); hint != "" {
			message += hint
		} else {
			message += `: write an ISO 3166 code such as "US", or a calling code of no country such as "+881"`
		}
		c.problem(path, "%s", message)
	}
	return t
}

// IsGroup reports whether a word is the name of a group of territories.
func IsGroup(name string) bool {
	_, ok := numbering.ParseGroup(name)
	return ok
}

// isSeveralTerritories reports whether a text is territories and groups with nothing but
// spaces between them.
func isSeveralTerritories(text string) bool {
	codes := strings.Fields(text)
	for _, code := range codes {
		if _, ok := numbering.ParseTerritory(code); !ok && !IsGroup(code) {
			return false
		}
	}
	return len(codes) > 1
}
