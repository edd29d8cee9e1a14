package errorhandler

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	caddy.RegisterModule(ErrorHandler{})
	httpcaddyfile.RegisterHandlerDirective("tollgate_error", directive.Handler[ErrorHandler])
	httpcaddyfile.RegisterDirectiveOrder("tollgate_error", httpcaddyfile.Before, "respond")
}

// ErrorHandler answers that the carrier cannot be reached in the carrier's own error
// body, which the carrier's clients can read. It belongs in the error routes of a server,
// `handle_errors` in a Caddyfile.
//
// A client learns from the code whether it may send again. With Twilio, 20503 says that
// no connection was made, so that nothing was sent; 20500, that it is not known whether
// anything was sent. Errors other than 502, 503, 504 and 508 are passed to the next
// handler.
type ErrorHandler struct {
	// The carrier in whose words to answer.
	CarrierRaw json.RawMessage `json:"carrier,omitempty" caddy:"namespace=tollgate.carriers inline_key=name"`

	carrier carrier.Carrier
	logger  *zap.Logger
}

// CaddyModule returns the Caddy module information.
func (ErrorHandler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate_error",
		New: func() caddy.Module { return new(ErrorHandler) },
	}
}

// Provision sets up the handler.
func (h *ErrorHandler) Provision(ctx caddy.Context) (err error) {
	h.logger = ctx.Logger()
	h.carrier, err = carriers.Load(ctx, h, h.CarrierRaw)
	return err
}

// ServeHTTP answers an error of the proxy.
func (h *ErrorHandler) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	err, _ := r.Context().Value(caddyhttp.ErrorCtxKey).(error)
	reason, ok := ReasonOf(err)
	if !ok {
		return next.ServeHTTP(w, r)
	}
	request := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
	op := h.carrier.Route(&request, h.carrier.Products()[0])
	return Answer(w, r, Unanswered{Carrier: h.carrier, Operation: op, Reason: reason, Cause: err, Logger: h.logger})
}

// Unanswered is why a request is not answered by the carrier.
type Unanswered struct {
	Carrier   carrier.Carrier
	Operation *carrier.Operation
	Reason    policy.Reason
	// Cause is logged: Caddy does not log the cause of an error that is handled.
	Cause  error
	Logger *zap.Logger
}

// Answer answers in the carrier's words a request that the carrier did not answer.
func Answer(w http.ResponseWriter, r *http.Request, u Unanswered) error {
	request := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
	refusal := u.Carrier.Refuse(&request, u.Operation, carrier.Denial{Reason: u.Reason})
	u.Logger.Error("request not answered by the upstream",
		zap.String("reason", string(u.Reason)),
		zap.String("account", u.Operation.Account),
		zap.String("request_id", refusal.RequestID), // which the client has, too
		zap.Error(u.Cause))
	if extra, ok := r.Context().Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields); ok {
		extra.Set(zap.String("tollgate_error", string(u.Reason)))
	}
	return carriers.WriteRefusal(w, refusal)
}

// ReasonOf returns why a proxy had no answer, from its error. It returns false for any
// other error.
func ReasonOf(err error) (policy.Reason, bool) {
	var failure caddyhttp.HandlerError
	if !errors.As(err, &failure) {
		return "", false
	}
	switch failure.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		if errors.As(err, new(reverseproxy.DialError)) || errors.As(err, new(*tls.CertificateVerificationError)) {
			return carrier.UpstreamUnreachable, true
		}
		return carrier.UpstreamFailed, true
	case http.StatusGatewayTimeout:
		return carrier.UpstreamTimeout, true
	case http.StatusLoopDetected:
		return carrier.UpstreamUnreachable, true
	}
	return "", false
}

// UnmarshalCaddyfile sets up the handler from Caddyfile tokens. Syntax:
//
//	tollgate_error [<matcher>] <carrier>
func (h *ErrorHandler) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	var name string
	if !d.AllArgs(&name) {
		return d.Err(`one carrier is needed: write "tollgate_error twilio"`)
	}
	if _, err := carriers.Named(name); err != nil {
		return d.WrapErr(err)
	}
	h.CarrierRaw = caddyconfig.JSONModuleObject(struct{}{}, "name", name, nil)
	return nil
}

// Interface guards
var (
	_ caddy.Provisioner           = (*ErrorHandler)(nil)
	_ caddyfile.Unmarshaler       = (*ErrorHandler)(nil)
	_ caddyhttp.MiddlewareHandler = (*ErrorHandler)(nil)
)
