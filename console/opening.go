package console

import (
	"errors"
	"net/http"
	"net/url"
)

// openingPage is what the page of one opening shows.
type openingPage struct {
	Opening opening
	// Tag is the ETag of the opening as it is shown: what is done is done to that one.
	Tag string
	// MayApprove says that the API would take the client's approval, and Refused why not.
	MayApprove bool
	Refused    *problem
	// Reason and Ticket are what was written into the form that ends it, and Problem what is wrong
	// with them.
	Reason, Ticket string
	Problem        *problem
}

// IsOver reports whether nothing can be done to the opening.
func (p *openingPage) IsOver() bool {
	return p.Opening.State == "ended" || p.Opening.State == "expired"
}

// openingOf shows an opening.
func openingOf(v *visit) (page, error) { return v.openingPage(new(openingPage)) }

func (v *visit) openingPage(shown *openingPage) (page, error) {
	path := pathOf("openings", v.r.PathValue("id"))
	p := page{template: "opening", title: v.text("openings.one"), data: shown}
	header, err := v.do(call{path: path}, &shown.Opening)
	if err != nil {
		return p, err
	}
	shown.Tag = header.Get("ETag")
	if shown.Opening.State == "pending" && v.identity.May("opening.approve") {
		// Whose approval counts is for the API to say.
		_, err := v.do(call{method: http.MethodPost, path: path + "/approve", query: url.Values{"dry_run": {"true"}}}, nil)
		if err != nil && !errors.As(err, &shown.Refused) {
			return p, err
		}
		shown.MayApprove = err == nil
	}
	return p, nil
}

// approveOpening approves an opening as the client saw it.
func approveOpening(v *visit) (page, error) {
	return v.changeOpening("/approve", nil)
}

// endOpening ends an opening, or takes its request back, for a reason.
func endOpening(v *visit) (page, error) {
	form := v.r.PostForm
	q := make(url.Values)
	for _, name := range []string{"reason", "ticket"} {
		if value := form.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	done, err := v.changeOpening("/end", q)
	if p := (*problem)(nil); errors.As(err, &p) && p.Status == http.StatusUnprocessableEntity {
		shown, err := v.openingPage(&openingPage{Reason: form.Get("reason"), Ticket: form.Get("ticket"), Problem: p})
		shown.status = p.Status
		return shown, err
	}
	return done, err
}

// changeOpening does something to the opening of the page, and shows it again.
func (v *visit) changeOpening(what string, q url.Values) (page, error) {
	id := v.r.PathValue("id")
	_, err := v.do(call{method: http.MethodPost, path: pathOf("openings", id) + what, query: q, match: v.r.PostForm.Get("tag")}, nil)
	return page{location: v.console.views.to("openings", id)}, err
}
