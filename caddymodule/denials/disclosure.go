package denials

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/credentialcheck"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Disclosure decides which clients a denial is shown to: those whose credential the
// carrier has accepted. All others get what the carrier would have answered, after as
// long as it would have taken.
type Disclosure struct {
	handler Handler
	checker *credentialcheck.Checker
	// strict rejects credentials that cannot be checked.
	strict bool
	// rejections has the header of the carrier's last rejection by product, an
	// http.Header that is never changed.
	rejections sync.Map
	// turns are those of requests whose credentials could not be checked.
	turns turns
}

// Handler is what is needed of the handler whose denials are shown.
type Handler struct {
	// Gate judged the denied requests, and judges the checks.
	Gate *gate.Gate
	// Prober is the same carrier, or nil if its credentials cannot be checked.
	Prober carrier.CredentialProber
	// Logger logs what could not be checked.
	Logger *zap.Logger
	// Upstream is the host:port that all requests are forwarded to, or empty if the
	// carrier decides.
	Upstream string
	// Announce makes known that a request may pass, and where to.
	Announce func(r *http.Request, d *gate.Decision)
	// Refuse shows a denial.
	Refuse func(w http.ResponseWriter, d *gate.Decision) error
}

// outcome is what is known of the credential of a denied request.
type outcome uint8

const (
	accepted outcome = iota
	rejected
	rejectedUnseen // the carrier's answer cannot be given to the client
	missing        // there is no credential
	unknownAccount // the policy has nothing to say of the account
	rateLimited    // the limits do not allow another check
	notCheckable   // no check can be made of such a request
	inconclusive
	inconclusiveShown
	unreachable
	unreachableShown
)

// source is whose answer the client of a denied request gets.
type source uint8

const (
	theDenial        source = iota // the gate's denial is shown
	carrierAnswer                  // what the carrier answered to the check, if it can be given
	carrierRejection               // the carrier's words for an unknown credential, written by the gate
)

// outcomes says what each outcome is called, and what follows from it.
var outcomes = [...]struct {
	// credential is the value in the log, and in the metric where a check was due.
	credential string
	answer     source
	// learns says that the carrier is asked without a credential if it is not known what
	// its rejections look like. Where it has just failed to answer, it is not asked again.
	learns bool
}{
	accepted:          {"", theDenial, false},
	rejected:          {"rejected", carrierAnswer, false},
	rejectedUnseen:    {"rejected", carrierRejection, true},
	missing:           {"missing", carrierAnswer, false},
	unknownAccount:    {"unknown_account", carrierRejection, true},
	rateLimited:       {"rate_limited", carrierRejection, false},
	notCheckable:      {"not_checkable", carrierRejection, true},
	inconclusive:      {"inconclusive", carrierRejection, false},
	inconclusiveShown: {"inconclusive", theDenial, false},
	unreachable:       {"unreachable", carrierRejection, false},
	unreachableShown:  {"unreachable", theDenial, false},
}

// Decide finds out what the client of a denied request gets.
func (s *Disclosure) Decide(r *http.Request, d *gate.Decision, next caddyhttp.Handler) Answer {
	if !d.ShowsPolicy() {
		if d.Refusal.Status != http.StatusUnauthorized {
			return Answer{}
		}
		s.learnRejections(r, d, next)
		return Answer{Waits: true}
	}
	found, result := s.examine(r, d, next)
	return s.answerTo(found, &result, r, d, next)
}

// answerTo is what a client gets by what is known of its credential.
func (s *Disclosure) answerTo(found outcome, result *credentialcheck.Result, r *http.Request, d *gate.Decision, next caddyhttp.Handler) Answer {
	row := &outcomes[found]
	answer := Answer{credential: row.credential}
	if row.answer == theDenial {
		return answer
	}
	if row.learns {
		s.learnRejections(r, d, next)
	}
	if row.answer == carrierAnswer {
		answer.carrier, answer.fresh = result.Answer, result.Fresh
	}
	answer.code = s.handler.Gate.Carrier.Code(carrier.Denial{Reason: carrier.CredentialDenied}, false)
	answer.Waits = answer.carrier == nil || !answer.fresh
	return answer
}

// examine finds out what is known of the credential of a denied request, and asks the
// carrier if need be.
func (s *Disclosure) examine(r *http.Request, d *gate.Decision, next caddyhttp.Handler) (outcome, credentialcheck.Result) {
	authorization := r.Header.Get("Authorization")
	switch {
	case authorization == "":
		return missing, s.checkWithout(r, d, next)
	case !d.Covered:
		return unknownAccount, credentialcheck.Result{}
	case s.checker.Accepts(keyOf(authorization, d)):
		return accepted, credentialcheck.Result{} // before a check is made, which costs more
	}
	envelope := s.envelopeOf(r)
	check, ok := s.handler.Prober.Probe(&envelope, d.Operation, d.Account, d.Assumed)
	if !ok {
		// Any client can make a request that no check can be made for.
		return notCheckable, credentialcheck.Result{}
	}
	result := s.checker.Check(r.Context(), s.query(r, d, &check, authorization, d.Account, next))
	switch {
	case r.Context().Err() != nil:
		return inconclusive, result // the client is gone
	case result.RateLimited:
		telemetry.CountCheck(s.handler.Gate.Carrier.Name(), d.Operation.CheckedAs, outcomes[rateLimited].credential)
		return rateLimited, result
	}
	return s.outcomeOf(d, &result), result
}

// outcomeOf is the outcome of a check. What the carrier answers, and which of its hosts
// cannot be reached, the client may have chosen: that does not show it a denial.
func (s *Disclosure) outcomeOf(d *gate.Decision, result *credentialcheck.Result) outcome {
	switch result.Status {
	case carrier.Accepted:
		return accepted
	case carrier.Rejected:
		if d.Assumed || result.Answer == nil {
			return rejectedUnseen // the answer would be another product's
		}
		return rejected
	case carrier.Unreachable:
		if !s.strict && (result.AcceptedBefore || !d.Operation.Elsewhere) {
			return unreachableShown
		}
		return unreachable
	}
	if !s.strict && result.AcceptedBefore {
		return inconclusiveShown
	}
	return inconclusive
}

// query asks what the carrier says of a credential.
func (s *Disclosure) query(r *http.Request, d *gate.Decision, check *carrier.Probe, authorization, account string, next caddyhttp.Handler) credentialcheck.Query {
	probe := s.newProbe(r, check, authorization, d.Operation)
	return credentialcheck.Query{
		Key:            credentialcheck.KeyOf(authorization, d.Operation.CheckedAs, d.Operation.Upstream, account),
		Product:        probe.answeredAs,
		Representation: check.Representation,
		Client:         clientOf(r),
		Probe: func(ctx context.Context) (carrier.Status, *carrier.Answer) {
			return probe.run(ctx, next)
		},
	}
}

// checkWithout asks what the carrier says of a request without a credential. It is
// the same for all accounts.
func (s *Disclosure) checkWithout(r *http.Request, d *gate.Decision, next caddyhttp.Handler) credentialcheck.Result {
	envelope := s.envelopeOf(r)
	envelope.Header = nil
	check, ok := s.handler.Prober.Probe(&envelope, d.Operation, d.Account, false)
	if !ok {
		return credentialcheck.Result{}
	}
	return s.checker.Check(r.Context(), s.query(r, d, &check, "", "", next))
}

// learnRejections makes sure that it is known what the carrier's rejections recently
// looked like, and how long they took.
func (s *Disclosure) learnRejections(r *http.Request, d *gate.Decision, next caddyhttp.Handler) {
	product := d.Operation.CheckedAs
	if _, ok := s.rejections.Load(product); !ok || !s.checker.HasLatency(product) {
		s.checkWithout(r, d, next)
	}
}

func (s *Disclosure) envelopeOf(r *http.Request) carrier.Request {
	return carrier.Request{
		Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header,
		AnyProduct: s.handler.Gate.AnyProduct,
	}
}

// keyOf is the key under which the credential of a request is remembered.
func keyOf(authorization string, d *gate.Decision) credentialcheck.Key {
	return credentialcheck.KeyOf(authorization, d.Operation.CheckedAs, d.Operation.Upstream, d.Account)
}

// clientOf is the address of the client, as Caddy's trusted proxies report it.
func clientOf(r *http.Request) netip.Addr {
	text, _ := caddyhttp.GetVar(r.Context(), caddyhttp.ClientIPVarKey).(string)
	address, _ := netip.ParseAddr(text)
	return address
}

// Wait waits until the carrier would have answered a request that began then, or the
// client is gone.
func (s *Disclosure) Wait(ctx context.Context, began time.Time, product string) {
	left := time.NewTimer(s.checker.SampleLatency(product) - time.Since(began))
	defer left.Stop()
	select {
	case <-left.C:
	case <-ctx.Done():
	}
}
