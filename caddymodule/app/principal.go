package app

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// principal is who a client of a server is: by a token of the gate's own, by the
// authentication in front, or by its certificate. One that presents a token of the gate's own
// is what the token says, or no one, even if a user is known besides.
func (a *App) principal(r *http.Request) (access.Principal, error) {
	text, isBearer, err := bearer(r)
	if err != nil {
		return access.Principal{}, err
	}
	if access.IsTokenText(text) {
		return a.tokenPrincipal(text)
	}
	// Only the handlers of the configuration set placeholders: authentication, or a vars
	// handler that says whom a proxy in front has authenticated. Clients cannot.
	repl := r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
	if user, _ := repl.GetString("http.auth.user.id"); user != "" {
		return a.administrator(access.Authentication, user)
	}
	switch {
	case isBearer:
		// It was meant to say who the client is, and no one in front has accepted it.
		return access.Principal{}, fmt.Errorf("%w: the bearer token is not one of the gate's own", access.ErrNoAccess)
	case r.TLS != nil && len(r.TLS.VerifiedChains) > 0:
		// A certificate that was only presented proves nothing.
		return a.administrator(access.Certificate, r.TLS.VerifiedChains[0][0].Subject.CommonName)
	}
	return access.Principal{}, access.ErrNoAccess
}

// administrator is an identity with its role. A name that may not be one has no access.
func (a *App) administrator(kind access.IdentityKind, name string) (access.Principal, error) {
	id, err := access.NewIdentity(kind, name)
	if err != nil {
		return access.Principal{}, fmt.Errorf("%w: %w", access.ErrNoAccess, err)
	}
	return a.administrators.Principal(id)
}

// bearer is the bearer token of a request. Two headers would let the authentication in front
// read another one than the gate.
func bearer(r *http.Request) (text string, ok bool, err error) {
	headers := r.Header.Values("Authorization")
	switch {
	case len(headers) == 0:
		return "", false, nil
	case len(headers) > 1:
		return "", false, fmt.Errorf("%w: several Authorization headers", access.ErrNoAccess)
	}
	scheme, text, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false, nil
	}
	return strings.Trim(text, " "), true, nil
}

// tokenPrincipal is who has a token of the gate's own.
func (a *App) tokenPrincipal(text string) (access.Principal, error) {
	service := permissions.Service{Policy: a.loader, Now: time.Now}
	return service.Authenticate(text)
}

// adminPrincipal is who a client of Caddy's admin endpoint is: the operator of the machine, its
// owner. One that presents a bearer token is what the token says, or no one: so what a program
// does is recorded as its own, and it may do no more than elsewhere.
func (a *App) adminPrincipal(r *http.Request) (access.Principal, error) {
	text, isBearer, err := bearer(r)
	if err != nil {
		return access.Principal{}, err
	}
	if isBearer {
		return a.tokenPrincipal(text)
	}
	id, err := access.NewIdentity(access.Authentication, "admin endpoint")
	if err != nil {
		return access.Principal{}, err
	}
	return access.Principal{Identity: id, Role: access.Owner, Person: id.String()}, nil
}
