package app

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// ManagementEndpoint is the management API on Caddy's admin endpoint.
const ManagementEndpoint = api.Prefix + "/"

// management is the API of this configuration, nil without a store.
func (a *App) management(rules openings.Rules) http.Handler {
	return api.New(&permissions.Service{
		Policy: a.loader, Carriers: carriers.All(), Openings: rules, HighRisk: geo.HighRisk, Now: time.Now,
	})
}

// openingRules are those that the configuration states, or the defaults.
func (a *App) openingRules() (openings.Rules, error) {
	if a.Openings == nil {
		return new(openings.Settings).Rules()
	}
	return a.Openings.Rules()
}

// errNoStore is why there is no management API.
var errNoStore = errors.New("there is no store of permissions: write store into the global tollgate block")

// ServeAPI answers a request to the management API from a client of a server. The one in
// force answers.
func (a *App) ServeAPI(w http.ResponseWriter, r *http.Request) error {
	current := a.current()
	if current.api == nil {
		return caddyhttp.Error(http.StatusNotFound, errNoStore)
	}
	caller := permissions.Caller{Address: addressOf(r), Through: "api"}
	var err error
	if caller.Principal, err = current.principal(r); err != nil {
		current.ctx.Logger().Sugar().Debugf("management API: %v", err)
	}
	current.api.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), caller)))
	return nil
}

// principal is who a client of a server is: by a token of the gate's own, by the
// authentication in front, or by its certificate.
func (a *App) principal(r *http.Request) (access.Principal, error) {
	if scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return a.tokenPrincipal(r, text)
	}
	repl := r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
	if user, _ := repl.GetString("http.auth.user.id"); user != "" {
		id, err := access.NewIdentity(access.Authentication, user)
		if err != nil {
			return access.Principal{}, err
		}
		return a.Administrators.Principal(id)
	}
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		id, err := access.NewIdentity(access.Certificate, r.TLS.PeerCertificates[0].Subject.CommonName)
		if err != nil {
			return access.Principal{}, err
		}
		return a.Administrators.Principal(id)
	}
	return access.Principal{}, access.ErrNoAccess
}

// tokenPrincipal is who has a token.
func (a *App) tokenPrincipal(r *http.Request, text string) (access.Principal, error) {
	service := permissions.Service{Policy: a.loader, Now: time.Now}
	return service.Authenticate(r.Context(), text)
}

// serveManagement answers a request on Caddy's admin endpoint, which only the operator of
// the machine reaches: its owner.
func serveManagement(w http.ResponseWriter, r *http.Request, a *App) error {
	if a.api == nil {
		return caddy.APIError{HTTPStatus: http.StatusNotFound, Err: errNoStore}
	}
	id, err := access.NewIdentity(access.Authentication, "admin endpoint")
	if err != nil {
		return err
	}
	caller := permissions.Caller{
		Principal: access.Principal{Identity: id, Role: access.Owner, Person: id.String()},
		Address:   addressOf(r), Through: "admin",
	}
	a.api.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), caller)))
	return nil
}

// addressOf is the address of a client, without its port.
func addressOf(r *http.Request) string {
	if vars, ok := r.Context().Value(caddyhttp.VarsCtxKey).(map[string]any); ok {
		if ip, ok := vars[caddyhttp.ClientIPVarKey].(string); ok {
			return ip
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
