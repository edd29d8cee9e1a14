package console

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// visit is a request for a page, by a client that is known.
type visit struct {
	console *Console
	w       http.ResponseWriter
	r       *http.Request
	// identity is the zero value for clients that are not known.
	identity identity
	// labels are those of accounts that the page has asked for.
	labels map[string]string
}

// identity is who the client is to the API.
type identity struct {
	Identity string   `json:"identity"`
	Role     string   `json:"role"`
	Accounts []string `json:"accounts"`
	Actions  []string `json:"actions"`
}

// May reports whether the role suffices for an action. What is not permitted is not offered; the
// API checks it again.
func (i identity) May(action string) bool { return slices.Contains(i.Actions, action) }

// page is what a client is shown, or where it is led.
type page struct {
	template, title string
	// status of the answer; 0 is 200.
	status int
	// data is for the template.
	data any
	// named leads to the name of the account that is asked for; nil if it is asked for by that.
	named *namedAccount
	// script is an asset that the page loads besides console.js; empty is none.
	script string
	// location to which the client is led instead of seeing anything.
	location string
	// cookie that the client is given.
	cookie *http.Cookie
	// written says that the function has answered by itself, such as with a stream of events.
	written bool
}

// maxForm bounds the body of a form, in bytes: all switches of an account fit in.
const maxForm = 1 << 20

// show answers with a page.
func (c *Console) show(w http.ResponseWriter, r *http.Request, serve func(*visit) (page, error)) {
	v := &visit{console: c, w: w, r: r}
	p, err := v.serve(serve)
	if err != nil {
		p = c.errorPage(err)
	}
	c.answer(v, p)
}

// answer writes a page.
func (c *Console) answer(v *visit, p page) {
	if p.written {
		return
	}
	w, r := v.w, v.r
	if p.cookie != nil {
		http.SetCookie(w, p.cookie)
	}
	if p.location != "" {
		http.Redirect(w, r, p.location, http.StatusSeeOther)
		return
	}
	var text bytes.Buffer
	if err := c.views.write(&text, v, &p); err != nil {
		http.Error(w, "writing the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, _ = text.WriteTo(w) // the client may be gone
}

// serve finds who the client is, and checks that a form is of the console's own.
func (v *visit) serve(serve func(*visit) (page, error)) (page, error) {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
			return page{}, &problem{Status: http.StatusRequestEntityTooLarge, Detail: v.text("error.long_form")}
		}
		return page{}, &problem{Status: http.StatusBadRequest, Detail: "reading the form: " + err.Error()}
	}
	err := v.get(&v.identity, "/identity", nil)
	if p := (*problem)(nil); errors.As(err, &p) && p.Status == http.StatusUnauthorized {
		err = nil // a client that is not known, and sees what all do
	}
	if err != nil {
		return page{}, err
	}
	if v.r.Method == http.MethodPost && !v.console.tokens.has(v.identity.Identity, v.r.PostForm.Get(tokenField)) {
		return page{}, &problem{Status: http.StatusForbidden, Detail: v.console.views.text("error.old_form")}
	}
	if err := v.readAccount(); err != nil {
		return page{}, err
	}
	return serve(v)
}

// permitted returns an error unless the client may do something: a page that is a form for it is
// not shown to others.
func (v *visit) permitted(action string) error {
	if v.identity.May(action) {
		return nil
	}
	return &problem{Status: http.StatusForbidden, Detail: v.text("error.not_permitted", v.identity.Role, action)}
}

// get reads from the API into a value.
func (v *visit) get(into any, path string, query url.Values) error {
	_, err := v.do(call{path: path, query: query}, into)
	return err
}

// do asks the API in the name of the client.
func (v *visit) do(call call, into any) (http.Header, error) {
	return v.console.api.do(v.r.Context(), call, into)
}

// field is what was written into a field of a form, without space around it.
func (v *visit) field(name string) string { return strings.TrimSpace(v.r.PostForm.Get(name)) }

// text is a text of the catalogue.
func (v *visit) text(id string, arguments ...any) string {
	return v.console.views.text(id, arguments...)
}

// section is that of the navigation in which the page is; "" is none.
func (v *visit) section() string {
	for _, s := range navigation {
		if strings.HasPrefix(v.r.URL.Path, v.console.path+s.Path) {
			return s.Path
		}
	}
	return ""
}

// errorPage shows an error: of the API in its words.
func (c *Console) errorPage(err error) page {
	p := (*problem)(nil)
	if !errors.As(err, &p) {
		p = &problem{Status: http.StatusInternalServerError, Detail: err.Error()}
	}
	title := "error.title"
	switch p.Status {
	case http.StatusForbidden:
		title = "error.forbidden"
	case http.StatusNotFound:
		title = "error.not_found"
	case http.StatusServiceUnavailable:
		title = "error.unavailable"
	}
	return page{template: "error", title: c.views.text(title), status: p.Status, data: p}
}

// notFound is the answer to a path that has no page.
func notFound(v *visit) (page, error) {
	return page{}, &problem{Status: http.StatusNotFound, Detail: v.text("error.no_page")}
}

// otherOrigin is the answer to a form that is on a page of another site.
func otherOrigin(v *visit) (page, error) {
	return page{}, &problem{Status: http.StatusForbidden, Detail: v.text("error.other_origin")}
}
