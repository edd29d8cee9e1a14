package console

import (
	"net/http"
	"time"
)

// token is one of the management API, as it shows it.
type token struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Role      string    `json:"role"`
	Accounts  []string  `json:"accounts"`
	State     string    `json:"state"`
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by"`
	Expires   time.Time `json:"expires"`
	Revoked   time.Time `json:"revoked"`
}

// tokensPage is what the list of tokens shows.
type tokensPage struct {
	Tokens []token `json:"tokens"`
	Next   string  `json:"next"`
	// Query is what they are selected by.
	Query struct{ State, Cursor string } `json:"-"`
	// Problem is why the API does not list them.
	Problem *problem `json:"-"`
}

// States are those that the list can be selected by.
func (p *tokensPage) States() []string { return issuedStates }

// tokens lists the tokens of the API, page by page.
func tokens(v *visit) (page, error) {
	list := new(tokensPage)
	q := v.selected(map[string]*string{"state": &list.Query.State, "cursor": &list.Query.Cursor})
	p := page{template: "tokens", title: v.text("tokens.title"), data: list}
	err := v.orProblem(v.get(list, "/tokens", q), &p, &list.Problem)
	return p, err
}

// issuedToken shows a token, without its secret.
func issuedToken(v *visit) (page, error) {
	shown := new(issuedPage[token])
	return v.tokenPage(shown), v.get(&shown.Issued, pathOf("tokens", v.r.PathValue("id")), nil)
}

func (v *visit) tokenPage(shown *issuedPage[token]) page {
	return page{template: "token", title: v.text("tokens.one"), data: shown}
}

// revokeToken revokes a token.
func revokeToken(v *visit) (page, error) {
	id := v.r.PathValue("id")
	shown := &issuedPage[token]{Terms: v.terms()}
	if err := v.revoke(pathOf("tokens", id), shown.Terms, &shown.Problem); err != nil || shown.Problem == nil {
		return page{location: v.console.views.to("keys", "tokens", id)}, err
	}
	p := v.tokenPage(shown)
	p.status = shown.Problem.Status
	return p, v.get(&shown.Issued, pathOf("tokens", id), nil)
}

// tokenForm is what is written into the form of a new token.
type tokenForm struct {
	Name, Role, Expires string
	// Accounts is a list of words; empty is all.
	Accounts string
	Terms    terms
	// Once is the name of this form, which is taken one time.
	Once    string
	Problem *problem
}

// Roles are those that the form offers, the one that may least first.
func (f *tokenForm) Roles() []string { return []string{"viewer", "approver", "admin", "owner"} }

// newToken shows the form of a new token.
func newToken(v *visit) (page, error) {
	return v.newTokenPage(&tokenForm{Role: "viewer", Once: newForm()}), v.permitted("token.create")
}

func (v *visit) newTokenPage(form *tokenForm) page {
	return page{template: "token_new", title: v.text("tokens.new"), data: form}
}

// createToken creates a token, and shows it. It is the only answer that has it.
func createToken(v *visit) (page, error) {
	form := &tokenForm{Name: v.field("name"), Role: v.field("role"), Expires: v.field("expires"),
		Accounts: v.field("accounts"), Terms: v.terms(), Once: v.field("once")}
	p := v.newTokenPage(form)
	return v.once(form.Once, func() (page, string, error) {
		body := map[string]any{"name": form.Name, "role": form.Role, "expires": startOfDay(form.Expires)}
		if accounts := wordsOf(form.Accounts); len(accounts) > 0 {
			body["accounts"] = accounts
		}
		var made struct {
			Document token  `json:"document"`
			Token    string `json:"token"`
		}
		_, err := v.do(call{method: http.MethodPost, path: "/tokens", query: form.Terms.query(), body: body}, &made)
		if err = v.orProblem(err, &p, &form.Problem); err != nil || form.Problem != nil {
			return p, "", err
		}
		location := v.console.views.to("keys", "tokens", made.Document.ID)
		return v.issued("tokens.issued", location, secret{"tokens.token", made.Token}), location, nil
	})
}
