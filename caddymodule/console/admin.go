package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/console"
)

func init() {
	caddy.RegisterModule(Admin{})
}

// LinkEndpoint makes a link.
const LinkEndpoint = "/tollgate/console/link"

// Admin adds to Caddy's admin endpoint:
//
// Request | Answer
// --------|-------
// `POST /tollgate/console/link` | A link by which a browser on this machine signs in to the console once, as the owner
//
// The request is of the type `application/json`, so that no web page can make a browser send it.
type Admin struct{}

// CaddyModule returns the Caddy module information.
func (Admin) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "admin.api.tollgate_console",
		New: func() caddy.Module { return new(Admin) },
	}
}

// Routes returns the routes of the endpoint.
func (Admin) Routes() []caddy.AdminRoute {
	return []caddy.AdminRoute{{Pattern: LinkEndpoint, Handler: caddy.AdminHandlerFunc(issueLink)}}
}

// Link is the answer to a request for a link.
type Link struct {
	// Links are the same one for each site that has a console.
	Links   []string  `json:"links"`
	Expires time.Time `json:"expires"`
}

var errNoSite = errors.New("no site of this machine has tollgate_console: write it into one that listens on loopback")

func issueLink(w http.ResponseWriter, r *http.Request) error {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return caddy.APIError{HTTPStatus: http.StatusMethodNotAllowed, Err: fmt.Errorf("method %s is not allowed: send POST", r.Method)}
	case err != nil || mediaType != "application/json":
		return caddy.APIError{HTTPStatus: http.StatusUnsupportedMediaType, Err: errors.New("the request must have the header Content-Type: application/json")}
	case len(r.Header.Values("Authorization")) > 0:
		return caddy.APIError{HTTPStatus: http.StatusForbidden, Err: errors.New("a link is for the operator of the machine: send no credentials")}
	}
	sites, err := sites(caddy.ActiveContext())
	if err == nil && len(sites) == 0 {
		err = errNoSite
	}
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusNotFound, Err: err}
	}
	secret, expires := links.Issue()
	for i := range sites {
		sites[i] += console.SignInPath + secret
	}
	caddy.Log().Named("tollgate.console").Info("console link issued")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(Link{sites, expires.UTC()})
}

// sites are the addresses of the consoles of a configuration, as browsers of this machine reach
// them.
func sites(ctx caddy.Context) (found []string, err error) {
	configured, err := ctx.AppIfConfigured("http")
	if err != nil {
		return nil, errNoSite
	}
	for _, server := range configured.(*caddyhttp.App).Servers {
		for _, path := range paths(server.Routes) {
			for _, listen := range server.Listen {
				origin, err := originOf(listen, len(server.TLSConnPolicies) > 0)
				if err != nil {
					return nil, err
				}
				if origin != "" && !slices.Contains(found, origin+path) {
					found = append(found, origin+path)
				}
			}
		}
	}
	slices.Sort(found)
	return found, nil
}

// paths are those of the consoles in routes.
func paths(routes caddyhttp.RouteList) (found []string) {
	for _, route := range routes {
		for _, handler := range route.Handlers {
			switch h := handler.(type) {
			case *Console:
				found = append(found, h.Path)
			case *caddyhttp.Subroute:
				found = append(found, paths(h.Routes)...)
			}
		}
	}
	return found
}

// originOf is where a browser of this machine reaches a listener; empty if it does not.
func originOf(listen string, isTLS bool) (string, error) {
	address, err := caddy.ParseNetworkAddress(listen)
	if err != nil {
		return "", fmt.Errorf("reading the address %q of a site: %w", listen, err)
	}
	if address.IsUnixNetwork() || address.IsFdNetwork() {
		return "", nil
	}
	host := "localhost"
	if ip, err := netip.ParseAddr(address.Host); err == nil {
		switch {
		case ip.Unmap().IsLoopback():
			host = ip.String()
		case !ip.IsUnspecified():
			return "", nil
		}
	} else if address.Host != "" && !isLoopbackName(address.Host) {
		return "", nil
	}
	scheme := "http://"
	if isTLS {
		scheme = "https://"
		host = "localhost" // what certificates are for
	}
	return scheme + net.JoinHostPort(host, strconv.FormatUint(uint64(address.StartPort), 10)), nil
}

// Interface guard
var _ caddy.AdminRouter = (*Admin)(nil)
