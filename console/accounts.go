package console

import (
	"net/http"
	"net/url"
)

// account is one in the list of the API.
type account struct {
	ID        string `json:"id"`
	Label     string `json:"label"`
	Parent    string `json:"parent"`
	Stated    string `json:"stated"`
	Suspended bool   `json:"suspended"`
}

// accountsPage is what the list of accounts shows.
type accountsPage struct {
	Accounts []account `json:"accounts"`
	Next     string    `json:"next"`
	// Query is what they are selected by.
	Query struct{ Contains, Parent, Suspended, Stated, Cursor string } `json:"-"`
	// Problem is why the API does not list them.
	Problem *problem `json:"-"`
}

// IsFiltered reports whether not all accounts are asked for.
func (p *accountsPage) IsFiltered() bool {
	return p.Query.Contains+p.Query.Parent+p.Query.Suspended+p.Query.Stated != ""
}

// accounts lists accounts, page by page.
func accounts(v *visit) (page, error) {
	list := new(accountsPage)
	asked, q := v.r.URL.Query(), url.Values{"limit": {"50"}}
	for name, into := range map[string]*string{
		"contains": &list.Query.Contains, "parent": &list.Query.Parent, "suspended": &list.Query.Suspended,
		"stated": &list.Query.Stated, "cursor": &list.Query.Cursor,
	} {
		if *into = asked.Get(name); *into != "" {
			q.Set(name, *into)
		}
	}
	p := page{template: "accounts", title: v.text("accounts.title"), data: list}
	err := v.orProblem(v.get(list, "/accounts", q), &p, &list.Problem)
	return p, err
}

// orProblem makes what the API finds wrong with a request a part of the page. Every other error is
// returned.
func (v *visit) orProblem(err error, p *page, into **problem) error {
	if found, ok := err.(*problem); ok && found.Status == http.StatusUnprocessableEntity {
		*into, p.status = found, found.Status
		return nil
	}
	return err
}

// orFormProblem is orProblem for what a form asks for: that something which it names is not there
// is wrong with the form, too, which is shown again with what was written.
func (v *visit) orFormProblem(err error, p *page, into **problem) error {
	if found, ok := err.(*problem); ok && found.Status == http.StatusNotFound {
		*into, p.status = found, http.StatusUnprocessableEntity
		return nil
	}
	return v.orProblem(err, p, into)
}
