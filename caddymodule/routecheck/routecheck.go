package routecheck

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

// CheckServers finds servers on which something other than what was judged could be
// forwarded. The placeholder sees the request as the gate handed it on, and neither
// what a proxy makes of its own copy nor what becomes of a copy on the way, so
// between a gate and a proxy there may be nothing that is not known to leave a
// request as it is.
//
// Gates are informed if a proxy behind them names by itself where it forwards to: they
// judge requests as those of any product.
func CheckServers(ctx caddy.Context, trusted []string, gates []Gate) error {
	var followed []Gate
	app, err := ctx.AppIfConfigured("http")
	if errors.Is(err, caddy.ErrNotConfigured) {
		return nil
	}
	if err != nil {
		return err
	}
	servers := app.(*caddyhttp.App).Servers
	for _, name := range slices.Sorted(maps.Keys(servers)) {
		w := walk{server: servers[name], trusted: trusted}
		if err := w.all(); err != nil {
			return fmt.Errorf("server %s (%s): %w", name, strings.Join(servers[name].Listen, " "), err)
		}
		w.apply(ctx.Logger().With(zap.String("server", name)))
		if w.anywhere != nil {
			followed = append(followed, w.anywhere.gates...)
		}
	}
	for _, gate := range gates {
		if !slices.Contains(followed, gate) {
			return errUnreachable
		}
	}
	return nil
}

// errUnreachable is a gate that no known route leads to.
var errUnreachable = errors.New("no request reaches a tollgate handler: " +
	"it is behind a handler that answers everything, in a named route that nothing invokes, " +
	"or within another author's module, which cannot be checked. Put it before the proxy, in a route or a handle")

// apply informs gates, and the log, of what was found on a server that may start.
func (w *walk) apply(logger *zap.Logger) {
	for gate, proxy := range w.unplaced {
		gate.Judge().AnyProduct = true
		logger.Info("requests are judged as those of any product: the proxy behind the gate names its own upstream",
			zap.String("proxy", proxy), zap.String("forward_to", placeholder.Upstream))
	}
	for _, id := range slices.Sorted(maps.Keys(w.vouched)) {
		logger.Warn("a trusted module is behind a gate: the gate cannot check that it "+
			"leaves requests as they were judged",
			zap.String("module", id))
	}
	if w.anywhere != nil && !w.forwards {
		logger.Warn("a server has a gate, but no tollgate_forward or reverse_proxy behind it: " +
			"what it forwards may not have been judged")
	}
}

// fault is why a server cannot start.
type fault struct {
	// where it is, as a path below the server in Caddy's JSON.
	where string
	// what is wrong, and what to write instead.
	what string
}

// Error implements error.
func (f *fault) Error() string { return f.where + ": " + f.what }

func faultf(where, format string, arguments ...any) *fault {
	return &fault{where, fmt.Sprintf(format, arguments...)}
}
