package handler

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/errorhandler"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// forward hands on a request that may pass. Where tollgate_forward gets no answer for it,
// the client is told in the carrier's words.
func (h *Handler) forward(w http.ResponseWriter, r *http.Request, d *gate.Decision, next caddyhttp.Handler) (err error) {
	if h.links != nil {
		err = h.links.Serve(w, r, d, next)
	} else {
		err = next.ServeHTTP(w, r)
	}
	if err == nil {
		return nil
	}
	if !transport.PassedOf(r).Taken() {
		return err
	}
	reason, ok := errorhandler.ReasonOf(err)
	if !ok {
		return err
	}
	if reason == carrier.UpstreamUnreachable {
		d.GiveBack()
	}
	return errorhandler.Answer(w, r, errorhandler.Unanswered{
		Carrier: h.gate.Carrier, Operation: d.Operation, Reason: reason, Cause: err, Logger: h.logger,
	})
}

// passing is what is kept of a request that may pass, in one allocation.
type passing struct {
	transport.Passed
	answer denials.WatchedWriter
}

// announce makes known what the gate says of a request: by the placeholders and, if it may
// pass, to what forwards it.
func (h *Handler) announce(r *http.Request, d *gate.Decision) (repl *caddy.Replacer, pass *passing) {
	repl = r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
	repl.Map(func(key string) (any, bool) { return h.placeholder(key, d, r) })
	if d.Outcome != policy.Deny {
		pass = &passing{Passed: transport.Passed{
			Decision:    d,
			Upstream:    h.destination(d),
			Fixed:       h.upstream != "",
			Credentials: h.credentials,
		}}
		transport.Pass(r, &pass.Passed)
	}
	return repl, pass
}

// placeholder is the one provider of all the module's placeholders.
func (h *Handler) placeholder(key string, d *gate.Decision, r *http.Request) (any, bool) {
	name, ok := strings.CutPrefix(key, placeholder.Prefix)
	if !ok {
		return nil, false
	}
	value, ok := placeholders[name]
	if !ok {
		return nil, false
	}
	return value(h, d, r), true
}

// placeholders are the values of the module's placeholders, by their names.
var placeholders = map[string]func(h *Handler, d *gate.Decision, r *http.Request) string{
	"upstream": func(h *Handler, d *gate.Decision, r *http.Request) string {
		if d.Upstream(r) == "" {
			h.logChanged(d, r)
			return ""
		}
		return h.destination(d)
	},
	"account":   func(_ *Handler, d *gate.Decision, _ *http.Request) string { return d.Account },
	"name":      func(_ *Handler, d *gate.Decision, _ *http.Request) string { return d.Name },
	"key":       func(_ *Handler, d *gate.Decision, _ *http.Request) string { return d.Key },
	"channel":   func(_ *Handler, d *gate.Decision, _ *http.Request) string { return telemetry.ChannelName(d) },
	"territory": func(_ *Handler, d *gate.Decision, _ *http.Request) string { return d.Territory.String() },
	"class":     func(_ *Handler, d *gate.Decision, _ *http.Request) string { return d.ClassName(d.Channel) },
	"verdict": func(_ *Handler, d *gate.Decision, _ *http.Request) string {
		if !d.Judged() {
			return ""
		}
		return d.Outcome.String()
	},
	"reason": func(_ *Handler, d *gate.Decision, _ *http.Request) string { return string(d.Reason) },
	"forward_ms": func(_ *Handler, _ *gate.Decision, r *http.Request) string {
		passed := transport.PassedOf(r)
		if !passed.Taken() {
			return ""
		}
		return strconv.FormatFloat(passed.Took.Seconds()*1000, 'f', 3, 64)
	},
	"rule": func(h *Handler, d *gate.Decision, _ *http.Request) string { return h.mask.Rule(d.Rule, d.To) },
}

// logChanged logs why a request that may pass ends in a 502, unless it did so
// recently.
func (h *Handler) logChanged(d *gate.Decision, r *http.Request) {
	if changed := d.Changed(r); changed != "" && h.app.MayLogChanged() {
		h.logger.Error("an allowed request is not forwarded, since it changed after it was judged: "+changed,
			zap.String("operation", d.Operation.Name))
	}
}

// destination is where a request that may pass is forwarded to.
func (h *Handler) destination(d *gate.Decision) string {
	if h.upstream != "" {
		return h.upstream
	}
	return d.Operation.Upstream
}
