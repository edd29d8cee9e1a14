package denials

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/credentialcheck"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Door decides to whom a denial is shown: to credentials that the carrier has
// accepted. All others get what the carrier would have answered them, after as
// long as it would have taken.
type Door struct {
	handler  Handler
	register *credentialcheck.Register
	// strict rejects credentials of which nothing can be told.
	strict bool
	// rejections has the header of the carrier's last rejection by product, an
	// http.Header that nobody changes.
	rejections sync.Map
}

// Handler is what a door needs of the handler whose denials it shows.
type Handler struct {
	// Gate is what judged the denied requests, and judges the checks.
	Gate *gate.Gate
	// Prober is the same carrier, or nil if its credentials cannot be checked.
	Prober carrier.CredentialProber
	// Logger is told what could not be checked.
	Logger *zap.Logger
	// Upstream is the host:port that all requests are forwarded to, or empty if that
	// is the carrier's to say.
	Upstream string
	// Placeholder is what a placeholder stands for in a request that may pass.
	Placeholder func(key string, d *gate.Decision, r *http.Request) (any, bool)
	// Refuse shows a denial.
	Refuse func(w http.ResponseWriter, d *gate.Decision) error
}

// What the log says of the credential of a request that was denied, unless the
// carrier has accepted it.
const (
	credentialRejected  = "rejected"  // by the carrier
	credentialMissing   = "missing"   // there is none
	credentialUncovered = "uncovered" // the policy does not know the account
	credentialUnasked   = "unasked"   // the limits did not let the carrier be asked, or there is no check
	credentialUntold    = "untold"    // the carrier could not be reached, or told nothing
)

// Reply is what the client of a denied request is told.
type Reply struct {
	// credential is one of the above, or empty.
	credential string
	// code is the carrier's error code of what is answered in place of the denial,
	// 0 if the denial is shown.
	code int
	// answer is the carrier's, to be given as it came or, if it was not given to
	// this request, with what each answer has of its own. It is nil if the gate
	// answers in the carrier's words.
	answer *carrier.Answer
	fresh  bool
	// Waits says that the answer comes after as long as the carrier's would.
	Waits bool
}

// MarshalLogObject implements zapcore.ObjectMarshaler: what was told in place of a
// denial, and why.
func (t *Reply) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	if t.credential != "" {
		enc.AddString("credential", t.credential)
	}
	if t.code != 0 {
		enc.AddInt("answered", t.code)
	}
	return nil
}

// Ask finds out what to tell the client of a denied request.
func (o *Door) Ask(r *http.Request, d *gate.Decision, next caddyhttp.Handler) Reply {
	authorization := r.Header.Get("Authorization")
	switch {
	case !d.ShowsPolicy() && d.Refusal.Status == http.StatusUnauthorized:
		o.learnRejections(r, d, next)
		return Reply{Waits: true}
	case !d.ShowsPolicy():
		return Reply{}
	case authorization == "":
		return o.rejectAs(credentialMissing, o.askWithout(r, d, next))
	case !d.Covered:
		return o.reject(credentialUncovered, r, d, next)
	}
	envelope := envelopeOf(r, o)
	check, ok := o.handler.Prober.Probe(&envelope, d.Operation, d.Account, d.Assumed)
	if !ok {
		if o.register.Accepts(keyOf(authorization, d)) {
			return Reply{}
		}
		// Anybody can make a request that no check can be made for.
		return o.reject(credentialUnasked, r, d, next)
	}
	finding := o.register.Ask(r.Context(), o.question(r, d, &check, authorization, d.Account, next))
	switch {
	case r.Context().Err() != nil:
		return o.rejectAs(credentialUntold, finding) // to nobody: the client is gone
	case finding.Unasked:
		telemetry.CountCheck(o.handler.Gate.Carrier.Name(), d.Operation.CheckedAs, credentialUnasked)
		return o.rejectAs(credentialUnasked, finding)
	case finding.Status == carrier.Accepted:
		return Reply{}
	case finding.Status == carrier.Rejected && (d.Assumed || finding.Answer == nil):
		// The answer would be another product's.
		return o.reject(credentialRejected, r, d, next)
	case finding.Status == carrier.Rejected:
		return o.rejectAs(credentialRejected, finding)
	case !o.strict && (finding.Before || finding.Status == carrier.Unreachable && !d.Operation.Elsewhere):
		return Reply{credential: credentialUntold}
	}
	// Whatever the carrier answers, and which of its hosts cannot be reached, the
	// client may have chosen.
	return o.rejectAs(credentialUntold, finding)
}

// question asks what the carrier says of a credential.
func (o *Door) question(r *http.Request, d *gate.Decision, check *carrier.Probe, authorization, account string, next caddyhttp.Handler) credentialcheck.Question {
	checked := newCheckRequest(r, check, authorization, d.Operation, o)
	return credentialcheck.Question{
		Key:            credentialcheck.KeyOf(authorization, d.Operation.CheckedAs, d.Operation.Upstream, account),
		Product:        checked.answers,
		Representation: check.Representation,
		Client:         clientOf(r),
		Check: func(ctx context.Context) (carrier.Status, *carrier.Answer) {
			return checked.ask(ctx, next)
		},
	}
}

// askWithout asks what the carrier says of a request without a credential. It is
// the same for all accounts.
func (o *Door) askWithout(r *http.Request, d *gate.Decision, next caddyhttp.Handler) credentialcheck.Finding {
	envelope := envelopeOf(r, o)
	envelope.Header = nil
	check, ok := o.handler.Prober.Probe(&envelope, d.Operation, d.Account, false)
	if !ok {
		return credentialcheck.Finding{}
	}
	return o.register.Ask(r.Context(), o.question(r, d, &check, "", "", next))
}

// learnRejections sees to it that the door knows what rejections of the carrier
// lately looked like, and how long they took.
func (o *Door) learnRejections(r *http.Request, d *gate.Decision, next caddyhttp.Handler) {
	product := d.Operation.CheckedAs
	if _, ok := o.rejections.Load(product); !ok || !o.register.HasPace(product) {
		o.askWithout(r, d, next)
	}
}

func envelopeOf(r *http.Request, o *Door) carrier.Request {
	return carrier.Request{
		Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header,
		AnyProduct: o.handler.Gate.AnyProduct,
	}
}

// reject tells the client what an unknown credential is told, in the gate's own
// answer.
func (o *Door) reject(credential string, r *http.Request, d *gate.Decision, next caddyhttp.Handler) Reply {
	o.learnRejections(r, d, next)
	return o.rejectAs(credential, credentialcheck.Finding{})
}

// rejectAs tells the client what an unknown credential is told, in the carrier's
// answer if there is one.
func (o *Door) rejectAs(credential string, finding credentialcheck.Finding) Reply {
	return Reply{
		credential: credential,
		code:       o.handler.Gate.Carrier.Code(carrier.CredentialDenied, 0, false),
		answer:     finding.Answer,
		fresh:      finding.Fresh,
		Waits:      finding.Answer == nil || !finding.Fresh,
	}
}

// keyOf is under which the credential of a request is remembered.
func keyOf(authorization string, d *gate.Decision) credentialcheck.Key {
	return credentialcheck.KeyOf(authorization, d.Operation.CheckedAs, d.Operation.Upstream, d.Account)
}

// clientOf is the address of the client, as Caddy's trusted proxies tell it.
func clientOf(r *http.Request) netip.Addr {
	text, _ := caddyhttp.GetVar(r.Context(), caddyhttp.ClientIPVarKey).(string)
	address, _ := netip.ParseAddr(text)
	return address
}

// Wait waits until the carrier would have answered a request that began then, or
// the client is gone.
func (o *Door) Wait(ctx context.Context, began time.Time, product string) {
	left := time.NewTimer(o.register.Pause(product) - time.Since(began))
	defer left.Stop()
	select {
	case <-left.C:
	case <-ctx.Done():
	}
}
