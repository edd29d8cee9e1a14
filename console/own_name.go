package console

import (
	"net/http"
	"net/url"
)

// namedAccount leads from what an account has at a carrier to its own name, by which records and
// lists have it.
type namedAccount struct {
	// Asked is the id at the carrier that was asked for, and Name the account's own.
	Asked, Name string
	// Link is the query of the same page with the name.
	Link string
}

// namedIn finds whether the query of the page asks for an account by its id at a carrier, though the
// policy gives it a name. It is nil if not.
func (v *visit) namedIn(q url.Values) (*namedAccount, error) {
	asked := q.Get("account")
	name, err := v.ownName(asked)
	if err != nil || name == "" {
		return nil, err
	}
	again := url.Values{}
	for member, values := range q {
		if member != "before" && member != "cursor" { // places in another list
			again[member] = values
		}
	}
	again.Set("account", name)
	return &namedAccount{Asked: asked, Name: name, Link: "?" + again.Encode()}, nil
}

// ownName is the name that the policy gives an account, by its id at a carrier. It is empty if that
// is the account's own name, and for an account that the policy does not name.
func (v *visit) ownName(account string) (string, error) {
	if account == "" {
		return "", nil
	}
	err := v.get(nil, pathOf("accounts", account), nil)
	if !isNotFound(err) {
		return "", err
	}
	var found struct {
		Name string `json:"name"`
	}
	err = v.get(&found, "/effective", url.Values{"account": {account}, "channel": {channels[0]}})
	if p, ok := err.(*problem); ok && (p.Status == http.StatusUnprocessableEntity || p.Status == http.StatusNotFound) {
		return "", nil // not the id of any
	}
	return found.Name, err
}
