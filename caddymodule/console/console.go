package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/console"
	"github.com/caddy-tollgate/tollgate/internal/access"
)

func init() {
	caddy.RegisterModule(Console{})
}

// DefaultPath is what the pages are below if no other path is stated.
const DefaultPath = "/tollgate/console/"

// links are those of this process. They, and the sessions that they begin, outlive a
// configuration.
var links = &console.Links{Now: time.Now}

// Console serves the web page of the people who administer the permissions of a store. Who they
// are, the authentication in front says, or a client certificate; what they may do,
// `administrators`. Without either, it is open only to the machine itself, by a link that
// `tollgate console` prints. Other paths go to the next handler.
type Console struct {
	// The path that the pages are below. Default: `/tollgate/console/`
	Path string `json:"path,omitempty"`

	app    *app.App
	pages  *console.Console
	logger *zap.Logger
}

// CaddyModule returns the Caddy module information.
func (Console) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate_console",
		New: func() caddy.Module { return new(Console) },
	}
}

// Provision finds the app whose permissions it is about.
func (h *Console) Provision(ctx caddy.Context) (err error) {
	h.logger = ctx.Logger()
	if h.app, err = app.Of(ctx); err != nil {
		return err
	}
	if h.Path == "" {
		h.Path = DefaultPath
	}
	h.pages, err = console.New(console.Options{API: h.app.API(), Path: h.Path, Links: links, FormKey: h.app.FormKey})
	return err
}

// ServeHTTP answers a request for a page.
func (h *Console) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	switch {
	case r.URL.Path == strings.TrimSuffix(h.Path, "/"):
		http.Redirect(w, r, h.Path, http.StatusPermanentRedirect)
		return nil
	case !strings.HasPrefix(r.URL.Path, h.Path):
		return next.ServeHTTP(w, r)
	case !h.app.HasStore():
		h.pages.Refuse(w, r, console.NoStore, http.StatusNotFound)
		return nil
	}
	who, known, err := h.app.Person(r)
	switch {
	case err == nil:
		h.app.ServePerson(w, r, who, h.pages)
	case !errors.Is(err, access.ErrNoAccess):
		return caddyhttp.Error(http.StatusServiceUnavailable, err)
	case known:
		h.logger.Debug("a client without a role", zap.Error(err))
		h.pages.Refuse(w, r, console.NoRole, http.StatusForbidden)
	case !isOfThisMachine(r):
		h.pages.Refuse(w, r, console.NotAuthenticated, http.StatusForbidden)
	case links.IsSession(r):
		h.app.ServePerson(w, r, app.LinkHolder(), h.pages)
	default:
		h.pages.SignIn(w, r)
	}
	return nil
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Console)(nil)
	_ caddyhttp.MiddlewareHandler = (*Console)(nil)
)
