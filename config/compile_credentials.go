package config

import (
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// carriersOf are the carriers of an account: all, while its ids are not known.
func (c *compiler) carriersOf(at []policy.CarrierAccount) Carriers {
	switch len(at) {
	case 0:
		return c.carriers
	case 1:
		return c.only[at[0].Carrier]
	}
	names := make([]string, len(at))
	for i := range at {
		names[i] = at[i].Carrier
	}
	return c.carriers.Only(names...)
}

// key reads the identifier of an API key of an account of these carriers.
func (c *compiler) key(carriers Carriers, path, text string) string {
	if id, ok := carriers.Canonical(policy.KeyID, text); ok {
		return id
	}
	switch form := carriers.Form(policy.KeyID); {
	case c.opaque(text):
		return text
	case form == "":
		c.problem(path, "%q is not an API key: %s has none that a policy can name", c.shown(path, text), strings.Join(carriers.Names(), ", "))
	case text == "":
		c.problem(path, "the identifier of an API key is missing: write %s", form)
	default:
		c.problem(path, "%q is not the identifier of an API key: write %s", c.shown(path, text), form)
	}
	return ""
}

// credential reads the id of an OAuth client of one of these carriers, or the digest of a
// token.
func (c *compiler) credential(carriers Carriers, path, text string) string {
	if client, ok := carriers.Canonical(policy.ClientID, text); ok {
		return client
	}
	if digest, ok := policy.ParseTokenDigest(text); ok {
		return digest
	}
	if c.opaque(text) {
		return text
	}
	shown := c.shown(path, text)
	if isToken(text) {
		shown = "a token itself" // an error never shows one
	} else {
		shown = strconv.Quote(shown)
	}
	client := ""
	if form := carriers.Form(policy.ClientID); form != "" {
		client = form + " for an OAuth client, or "
	}
	c.problem(path, `%s is not a credential: write %s"sha256:" and the 64 hexadecimal digits of a token's digest`, shown, client)
	return ""
}

// isToken reports whether a text has the form of a JWT, which is what OAuth issues.
func isToken(text string) bool { return strings.Count(text, ".") == 2 && strings.HasPrefix(text, "ey") }
