package handler

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/linkrewrite"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	caddy.RegisterModule(Handler{})
}

// Handler judges requests to a carrier's API by the policy of the `tollgate` app. A
// request that would reach a destination its account may not reach is answered as the
// carrier would answer; every other request is passed on unchanged, to be forwarded to
// `{http.tollgate.upstream}`.
//
// Placeholders, set on each request:
//
// Placeholder | Description
// ------------|------------
// `{http.tollgate.upstream}` | Where the request may be forwarded to. Empty unless this very request was judged, may pass, and still has the method, target, host and body that were judged
// `{http.tollgate.account}` | The account that pays, by its id at the carrier
// `{http.tollgate.name}` | The name of its own that the policy gives the account
// `{http.tollgate.key}` | The key, OAuth client or digest of a token that was presented
// `{http.tollgate.channel}` | `messaging` or `voice`
// `{http.tollgate.territory}` | The territory of the destination
// `{http.tollgate.class}` | The risk class of a voice destination
// `{http.tollgate.verdict}` | `allow`, `monitor` or `deny`
// `{http.tollgate.reason}` | Why
// `{http.tollgate.rule}` | The rule that decided
// `{http.tollgate.forward_ms}` | How long it took from forwarding until the answer was passed on, in milliseconds, where `tollgate_forward` did that
//
// The access log gets an object `tollgate` for every request that was judged.
type Handler struct {
	// The carrier whose API is behind the gate.
	CarrierRaw json.RawMessage `json:"carrier,omitempty" caddy:"namespace=tollgate.carriers inline_key=name"`

	// The carrier's product for requests whose host is not one of the carrier's own.
	// Default: `api`.
	Product string `json:"product,omitempty"`

	// The account of requests that name none: in no path, and by no credential
	// that the policy knows. Its id at the carrier, or the name that the policy gives it.
	// Without it, such requests are refused.
	Account string `json:"account,omitempty"`

	// Accepts keys that the gate issued, of the app's `broker`, in place of the carrier's
	// credentials, and forwards with the carrier's.
	Broker bool `json:"broker,omitempty"`

	// How to treat writes that are in no table of the carrier's operations: `deny`
	// refuses them, `allow` judges what in them looks like a destination and forwards
	// them otherwise. Default: `deny`.
	Unknown string `json:"unknown,omitempty"`

	// The host:port to forward to instead of the carrier's own: a sandbox, a
	// test, a mirror.
	Upstream string `json:"upstream,omitempty"`

	// How destinations are written in the access log: the mode `last4` (the
	// default), `none`, or `hmac` with a secret.
	Mask telemetry.Mask `json:"mask,omitzero"`

	// Tells a client that is refused which rule refused it, in the header
	// `Tollgate-Rule`. For development: it shows the policy to every client.
	ExplainHeader bool `json:"explain_header,omitempty"`

	// A text of your own for clients that a denial is shown to, such as whom to ask.
	Message Message `json:"message,omitzero"`

	// The web address that a denial leads to in `more_info`, instead of the carrier's page
	// about the error. Placeholders are replaced on each request.
	MoreInfo string `json:"more_info,omitempty"`

	// Rewrites the links in the carrier's JSON, which name its own hosts, to the gate.
	// For clients that have the gate as their base URL. Requests are forwarded without
	// `Accept-Encoding`, since no link is found in an encoded body.
	RewriteLinks *linkrewrite.Links `json:"rewrite_links,omitempty"`

	// How credentials are checked before a denial is shown to them. By default, a
	// denial is shown to credentials that the carrier accepts.
	CredentialCheck *denials.CredentialCheck `json:"credential_check,omitempty"`

	// Whether the gate answers the carrier's own permission resources by its permissions.
	PermissionsAPI *PermissionsAPI `json:"permissions_api,omitempty"`

	app        *app.App
	gate       gate.Gate
	upstream   string
	links      *linkrewrite.Rewriter
	disclosure *denials.Disclosure
	// permissions is nil where the carrier answers its permission resources.
	permissions *permissionsAPI
	// credentials are those that requests are forwarded with, and nil without broker.
	credentials func() transport.Credentials
	mask        telemetry.Masker
	recorder    telemetry.Recorder
	announcer   telemetry.Announcer
	logger      *zap.Logger
}

// CaddyModule returns the Caddy module information.
func (Handler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate",
		New: func() caddy.Module { return new(Handler) },
	}
}

// Provision sets up the handler.
func (h *Handler) Provision(ctx caddy.Context) error {
	h.logger = ctx.Logger()

	a, err := app.Of(ctx)
	if errors.Is(err, caddy.ErrNotConfigured) {
		return errors.New("the tollgate handler needs a policy: add a global tollgate block")
	}
	if err != nil {
		return err
	}
	h.app = a
	a.AddGate(h)
	served, err := carriers.Load(ctx, h, h.CarrierRaw)
	if err != nil {
		return err
	}
	if h.mask, err = h.Mask.Provision(); err != nil {
		return fmt.Errorf("setting up the mask: %w", err)
	}
	h.gate = gate.Gate{
		Carrier:     served,
		Rules:       a.Rules,
		Product:     h.Product,
		AnyProduct:  h.Upstream != "",
		DenyUnknown: h.Unknown != "allow",
		SeesTraffic: a.SeesTraffic(),
		Counters:    a.LimitCounters(),
		Holds:       a.Holds(),
		Sent:        a.SentMessages(),
		ShownDigits: h.mask.LastDigits(),
		Client:      app.ClientAddress,
		Now:         time.Now,
	}
	if err := h.provisionAccount(a); err != nil {
		return err
	}
	if h.gate.Product == "" {
		h.gate.Product = h.gate.Carrier.Products()[0]
	}
	if h.upstream, err = resolveUpstream(h.Upstream); err != nil {
		return err
	}
	if h.links, err = h.RewriteLinks.Provision(); err != nil {
		return fmt.Errorf("resolving rewrite_links: %w", err)
	}
	if err := h.provisionCredentials(ctx); err != nil {
		return err
	}
	if h.permissions, err = h.PermissionsAPI.provision(h); err != nil {
		return err
	}
	h.recorder = a.Recorder()
	if h.announcer, err = telemetry.NewAnnouncer(ctx); err != nil {
		return err
	}
	return nil
}

// provisionCredentials sets up which credentials are accepted: keys of the broker, or
// the carrier's own.
func (h *Handler) provisionCredentials(ctx caddy.Context) error {
	denylist, err := h.checkBroker(h.app)
	if err != nil {
		return err
	}
	if h.Broker {
		h.gate.Broker = h.app.Verifier(denylist)
		h.credentials = h.app.Credentials
		if h.upstream != "" {
			// A sandbox, for example, or a server without TLS: the credentials of another
			// configuration were not meant for it.
			h.credentials = h.app.OwnCredentials
		}
		return nil
	}
	if h.app.HasBroker() {
		h.gate.IsIssued = h.app.IsIssued
	}
	if h.disclosure, err = h.newDisclosure(ctx); h.disclosure != nil {
		h.gate.IsAccepted = h.disclosure.IsAccepted
	}
	return err
}

// resolveUpstream is the host:port that a handler states, with its placeholders
// replaced; empty if it states none.
func resolveUpstream(stated string) (string, error) {
	upstream, err := caddy.NewReplacer().ReplaceOrErr(stated, true, true)
	if err != nil {
		return "", fmt.Errorf("resolving upstream: %w", err)
	}
	if upstream != "" && !directive.IsAddress(upstream) {
		return "", fmt.Errorf(`upstream %q is not an address: write host:port, such as "127.0.0.1:8081"`, stated)
	}
	return upstream, nil
}

// Validate checks the handler's own settings.
func (h *Handler) Validate() error {
	if products := h.gate.Carrier.Products(); !slices.Contains(products, h.gate.Product) {
		return fmt.Errorf("unknown product %q%s", h.Product, config.DidYouMean(h.Product, products))
	}
	if h.Unknown != "" && !slices.Contains(unknownModes, h.Unknown) {
		return fmt.Errorf("unknown mode %q%s", h.Unknown, config.DidYouMean(h.Unknown, unknownModes))
	}
	return h.validateWording()
}

var unknownModes = []string{"allow", "deny"}

// ServeHTTP judges a request and refuses it or hands it on as it is.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) (err error) {
	if !h.app.Wait(r.Context()) {
		return caddyhttp.Error(http.StatusServiceUnavailable, app.ErrNotStarted)
	}
	held := h.app.Hold(w)
	defer held.Release()
	isCarriers := h.permissions.asksCarrier(r)
	check := h.credentialCheck(r, next)
	defer check.end()
	d := h.gate.JudgeHolding(r, &held, check.ofGate())

	repl, pass := h.announce(r, d)
	if d.Reason == carrier.MemoryFull {
		h.app.LogFull()
	}
	if !isCarriers && h.permissions.answers(r, d) {
		if answered, err := h.servePermissions(w, r, d, next); answered {
			return err
		}
	}
	if d.Outcome == policy.Deny {
		held.Abandon(r, closes(d.Reason))
		h.reword(r, d, repl)
		return h.deny(w, r, d, next)
	}
	switch {
	case d.Judged():
		if err := h.record(r, d, nil); err != nil {
			return h.refuseUnlogged(w, r, d, err)
		}
		if h.disclosure != nil {
			w = h.disclosure.Watch(&pass.answer, w, r, d)
		}
	case h.Broker, d.TimeLimit > 0:
		telemetry.RecordUnjudged(r, d)
	}
	if h.Broker {
		defer d.End()
	}
	if d.IsLimited() {
		if d.IsUnproven() {
			defer outlast(r)()
		}
		answer := caddyhttp.NewResponseRecorder(w, nil, nil)
		w = answer
		var begun *callWriter
		w, begun = watchCall(w, r, d)
		defer func() { // after a panic, too
			h.settle(r, d, answer.Status(), err)
			h.app.SawThresholds(h.gate.Carrier.Name(), d, h.mask)
			h.nameCall(d, begun)
		}()
	}
	if expectsFeedback := h.gate.ExpectsFeedback(r, d); expectsFeedback || h.gate.SeesConversions(d) {
		answer := &copyingWriter{ResponseWriter: w}
		w = answer
		defer func() { h.readAnswer(r, d, answer, expectsFeedback) }()
	}
	if err = h.forward(w, r, d, next); err != nil {
		return err
	}
	if len(d.Reached) > 0 && !pass.answer.Refused() {
		h.app.SawTraffic(d)
	}
	return nil
}

// closes reports whether a connection is closed on which a request was refused for
// some reason: for what its client may still be sending.
func closes(reason policy.Reason) bool {
	return reason == carrier.BodyLate || reason == carrier.MemoryFull || reason == carrier.CredentialMissing
}

// deny records a denial, and shows it to clients that may see it.
func (h *Handler) deny(w http.ResponseWriter, r *http.Request, d *gate.Decision, next caddyhttp.Handler) error {
	// A denial is enforced, logged or not.
	if h.disclosure == nil {
		_ = h.record(r, d, nil)
		return h.refuse(w, d)
	}
	began := time.Now()
	answer := h.disclosure.Decide(r, d, next)
	_ = h.record(r, d, &answer)
	if answer.Waits {
		h.disclosure.Wait(r.Context(), began, d.Operation.CheckedAs)
	}
	return h.disclosure.Write(w, r, d, &answer)
}

// refuse answers in the carrier's words.
func (h *Handler) refuse(w http.ResponseWriter, d *gate.Decision) error {
	if h.ExplainHeader {
		w.Header().Set(gate.ExplainHeader, string(d.Reason)+" "+d.Rule)
	}
	return carriers.WriteRefusal(w, d.Refusal)
}

// refuseUnlogged answers a request that may pass and cannot be recorded: nothing was
// sent, and the client may send it again.
func (h *Handler) refuseUnlogged(w http.ResponseWriter, r *http.Request, d *gate.Decision, err error) error {
	request := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
	refusal := h.gate.Carrier.Refuse(&request, d.Operation, carrier.Denial{Reason: carrier.Unlogged})
	h.logger.Debug("request refused: it cannot be logged",
		zap.String("account", d.Account),
		zap.String("request_id", refusal.RequestID), // which the client has, too
		zap.Error(err))
	d.End()
	d.GiveBack()
	return carriers.WriteRefusal(w, refusal)
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Handler)(nil)
	_ caddy.Validator             = (*Handler)(nil)
	_ caddyhttp.MiddlewareHandler = (*Handler)(nil)
)
