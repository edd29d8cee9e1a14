package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
)

// mostLabels bounds how many accounts of a page are called by their labels, and mostSuggested how
// many a field suggests.
const (
	mostLabels    = 100
	mostSuggested = "200"
)

// label is what people call an account; its name, where nothing else is known of it.
func (v *visit) label(name string) string {
	if found, ok := v.labels[name]; ok || name == "" {
		return found
	}
	if len(v.labels) >= mostLabels {
		return name
	}
	if v.labels == nil {
		v.labels = make(map[string]string)
	}
	var document struct{ Label string }
	_ = v.get(&document, pathOf("accounts", name), nil) // of one that the policy does not have, the name is all there is
	v.labels[name] = cmp.Or(document.Label, name)
	return v.labels[name]
}

// readAccount has the request name the account whose label is written into a field.
func (v *visit) readAccount() error {
	const field = "account"
	query := v.r.URL.Query()
	for _, values := range []url.Values{query, v.r.PostForm} {
		if !values.Has(field) {
			continue
		}
		name, err := v.named(values.Get(field))
		if err != nil {
			return err
		}
		values.Set(field, name)
	}
	if query.Has(field) {
		asked, address := *v.r, *v.r.URL
		address.RawQuery = query.Encode()
		asked.URL = &address
		v.r = &asked
	}
	return nil
}

// named is the name of the account that has a label, in any letter case. A name is itself. What is
// neither is left to the API, which says so.
func (v *visit) named(written string) (string, error) {
	written = strings.TrimSpace(written)
	if written == "" || v.get(nil, pathOf("accounts", written), nil) == nil {
		return written, nil
	}
	var list accountsPage
	if err := v.get(&list, "/accounts", url.Values{"contains": {written}, "limit": {mostSuggested}}); err != nil {
		return written, nil // of certain accounts only
	}
	var names []string
	for _, a := range list.Accounts {
		if strings.EqualFold(a.Label, written) {
			names = append(names, a.ID)
		}
	}
	switch len(names) {
	case 0:
		return written, nil
	case 1:
		return names[0], nil
	}
	return "", &problem{Status: http.StatusUnprocessableEntity, Detail: v.text("error.several_accounts", written, strings.Join(names, ", "))}
}

// someAccounts are accounts that a field suggests.
func (v *visit) someAccounts() ([]account, error) {
	var list accountsPage
	err := v.get(&list, "/accounts", url.Values{"limit": {mostSuggested}})
	if p, ok := err.(*problem); ok && p.Status < http.StatusInternalServerError {
		return nil, nil // of certain accounts only
	}
	return list.Accounts, err
}
