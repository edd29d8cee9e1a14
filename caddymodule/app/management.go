package app

import (
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// ManagementEndpoint is the management API on Caddy's admin endpoint.
const ManagementEndpoint = api.Prefix + "/"

// service changes what the store of this configuration keeps.
func (a *App) service(rules openings.Rules) *permissions.Service {
	service := &permissions.Service{
		Policy: a.loader, Carriers: carriers.All(), Openings: rules, HighRisk: geo.HighRisk, CarrierLists: carrierLists, Now: time.Now, Explainer: a.explainer,
		WriteTraffic: a.store.writeTraffic, SigningKey: signingKey,
		Incidents: func() []incident.Incident { return a.incidents.watch.List() },
		Feeds:     func() *feed.Feeds { return a.feeds },
		HoldUse:   a.holdUse(),
	}
	service.CountConversion = func(freed int64) { telemetry.CountConversion(telemetry.ByAPI, freed) }
	if a.geoip != nil {
		service.GeoIP = a.geoip.Database
	}
	return service
}

// serviceWithoutStore answers what is of the gate itself.
func (a *App) serviceWithoutStore() *permissions.Service {
	return &permissions.Service{Policy: a.loader, Now: time.Now, Feeds: func() *feed.Feeds { return a.feeds }, HoldUse: a.holdUse()}
}

// Permissions changes what the store in force keeps; nil without one.
func (a *App) Permissions() *permissions.Service { return a.current().permissions }

// openingRules are those that the configuration states, or the defaults.
func (a *App) openingRules() (openings.Rules, error) {
	if a.Openings == nil {
		return new(openings.Settings).Rules()
	}
	return a.Openings.Rules()
}

// errNoStore is why the management API has nothing of a store.
var errNoStore = errors.New("there is no store of permissions: write store into the global tollgate block")

// ServeAPI answers a request to the management API from a client of a server. The one in
// force answers.
func (a *App) ServeAPI(w http.ResponseWriter, r *http.Request) error {
	current := a.current()
	principal, err := current.principal(r)
	current.manage(w, r, principal, err, "api")
	return nil
}

// manage answers a request of a client that is known, or for which there is an error.
func (a *App) manage(w http.ResponseWriter, r *http.Request, principal access.Principal, err error, through string) {
	if err != nil {
		// A client that has no access is answered by the API, as it answers all of these.
		a.ctx.Logger().Sugar().Debugf("management API: %v", err)
		if !errors.Is(err, access.ErrNoAccess) {
			api.Refuse(w, err)
			return
		}
		principal = access.Principal{}
	}
	caller := permissions.Caller{Principal: principal, Address: ClientAddress(r), Through: through}
	a.api.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), caller)))
	a.heads.answered(r, principal)
}

// serveManagement answers a request on Caddy's admin endpoint.
func serveManagement(w http.ResponseWriter, r *http.Request, a *App) error {
	principal, err := a.adminPrincipal(r)
	a.manage(w, r, principal, err, "admin")
	return nil
}

// ClientAddress is the address of a client, without its port.
func ClientAddress(r *http.Request) string {
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
