package console

import (
	"net/http"
	"net/url"
	"time"
)

// key is one that applications send with, as the API shows it. Of a list, nil permits all and an
// empty one nothing.
type key struct {
	SID        string    `json:"sid"`
	Account    string    `json:"account"`
	Name       string    `json:"name"`
	State      string    `json:"state"`
	Channels   *[]string `json:"channels"`
	Operations *[]string `json:"operations"`
	Senders    *[]string `json:"senders"`
	Created    time.Time `json:"created"`
	Expires    time.Time `json:"expires"`
	Revoked    time.Time `json:"revoked"`
}

// IsLimited reports whether the key permits less than its account has.
func (k *key) IsLimited() bool { return k.Channels != nil || k.Operations != nil || k.Senders != nil }

// keysPage is what the list of keys shows.
type keysPage struct {
	Keys []key  `json:"keys"`
	Next string `json:"next"`
	// Query is what they are selected by.
	Query struct{ Account, State, Cursor string } `json:"-"`
	// Problem is why the API does not list them.
	Problem *problem `json:"-"`
}

// IsFiltered reports whether not all keys are asked for.
func (p *keysPage) IsFiltered() bool { return p.Query.Account+p.Query.State != "" }

// issuedStates are those of a key and of a token.
var issuedStates = []string{"active", "expired", "revoked"}

// States are those that the list can be selected by.
func (p *keysPage) States() []string { return issuedStates }

// issuedKeys lists keys, page by page.
func issuedKeys(v *visit) (page, error) {
	list := new(keysPage)
	q := v.selected(map[string]*string{"account": &list.Query.Account, "state": &list.Query.State, "cursor": &list.Query.Cursor})
	p := page{template: "keys", title: v.text("keys.title"), data: list}
	err := v.orProblem(v.get(list, "/keys", q), &p, &list.Problem)
	return p, err
}

// selected reads what a list is selected by from the query of the page, and returns that of the
// API.
func (v *visit) selected(by map[string]*string) url.Values {
	asked, q := v.r.URL.Query(), url.Values{"limit": {"50"}}
	for name, into := range by {
		if *into = asked.Get(name); *into != "" {
			q.Set(name, *into)
		}
	}
	return q
}

// issuedPage is what the page of a key or a token shows.
type issuedPage[T any] struct {
	Issued T
	// Terms are what was written into the form that revokes it.
	Terms terms
	// Problem is why it was not revoked.
	Problem *problem
}

// issuedKey shows a key, without its secret.
func issuedKey(v *visit) (page, error) {
	shown := new(issuedPage[key])
	return v.keyPage(shown), v.get(&shown.Issued, pathOf("keys", v.r.PathValue("sid")), nil)
}

func (v *visit) keyPage(shown *issuedPage[key]) page {
	return page{template: "key", title: v.text("keys.one"), data: shown}
}

// revokeKey revokes a key.
func revokeKey(v *visit) (page, error) {
	sid := v.r.PathValue("sid")
	shown := &issuedPage[key]{Terms: v.terms()}
	if err := v.revoke(pathOf("keys", sid), shown.Terms, &shown.Problem); err != nil || shown.Problem == nil {
		return page{location: v.console.views.to("keys", sid)}, err
	}
	p := v.keyPage(shown)
	p.status = shown.Problem.Status
	return p, v.get(&shown.Issued, pathOf("keys", sid), nil)
}

// terms are those of a change: why, and where it was asked for.
type terms struct{ Reason, Ticket string }

// terms reads those of a form.
func (v *visit) terms() terms { return terms{v.field("reason"), v.field("ticket")} }

// query is that of a call of the API.
func (t terms) query() url.Values {
	q := make(url.Values)
	for name, value := range map[string]string{"reason": t.Reason, "ticket": t.Ticket} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// revoke revokes a key or a token. What is wrong with the form is a problem.
func (v *visit) revoke(path string, t terms, found **problem) error {
	if t.Reason == "" {
		*found = &problem{Status: http.StatusUnprocessableEntity, Detail: v.text("keys.reason_missing")}
		return nil
	}
	_, err := v.do(call{method: http.MethodDelete, path: path, query: t.query()}, nil)
	return v.orProblem(err, new(page), found)
}
