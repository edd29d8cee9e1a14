package app

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// throughConsole is how records name the way in of a person at a page.
const throughConsole = "console"

// API is the management API for callers that are in the contexts of requests. The one in force
// answers.
func (a *App) API() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		current := a.current()
		if current.api == nil {
			api.Refuse(w, errNoStore)
			return
		}
		current.api.ServeHTTP(w, r)
	})
}

// formKeyUse is what the key of forms is for: a key that is derived from the store's secret for
// something else is another one.
const formKeyUse = "tollgate console: tokens of forms"

// FormKey is the key of the forms of all gates that have the store; nil as long as that was not
// read.
func (a *App) FormKey() []byte {
	secret := a.current().heldByAll.Secret()
	if secret == nil {
		return nil
	}
	key, err := hkdf.Key(sha256.New, secret, nil, formKeyUse, sha256.Size)
	if err != nil { // only of a key that is too long
		return nil
	}
	return key
}

// HasStore reports whether there are permissions to administer.
func (a *App) HasStore() bool { return a.current().api != nil }

// Person is who a person at a page is, by the authentication in front or by a certificate: a
// bearer token of the gate's own is for programs. Known reports whether anyone was named, with a
// role or without.
func (a *App) Person(r *http.Request) (who access.Principal, known bool, err error) {
	current := a.current()
	text, isBearer, err := bearer(r)
	switch {
	case err != nil:
		return access.Principal{}, true, err
	case access.IsTokenText(text):
		return access.Principal{}, true, fmt.Errorf("%w: a token is for programs, not for pages", access.ErrNoAccess)
	}
	user, _ := r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer).GetString("http.auth.user.id")
	known = user != "" || isBearer || r.TLS != nil && len(r.TLS.VerifiedChains) > 0
	who, err = current.principal(r)
	return who, known, err
}

// LinkHolder is who a client is that signed in by a link of the admin endpoint: the operator of
// the machine, its owner.
func LinkHolder() access.Principal {
	id := access.Identity{Kind: access.Authentication, Name: "console link"}
	return access.Principal{Identity: id, Role: access.Owner, Person: id.String()}
}

// ServePerson lets a handler answer a person. The caller is in the context of the request.
func (a *App) ServePerson(w http.ResponseWriter, r *http.Request, who access.Principal, handler http.Handler) {
	caller := permissions.Caller{Principal: who, Address: ClientAddress(r), Through: throughConsole}
	handler.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), caller)))
	a.current().heads.answered(r, who)
}
