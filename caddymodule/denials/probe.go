package denials

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// probe is a request by which a credential is checked. It is a request of its own: the
// one that it is made for may be gone before it is answered.
type probe struct {
	disclosure *Disclosure
	product    string
	// answeredAs names whose rejections look like the answer: the product's, or those of
	// the host that the check is made on instead.
	answeredAs string
	request    *http.Request
	server     *caddyhttp.Server
}

// maxAgent is the longest user agent that is sent along with a check, in bytes.
const maxAgent = 512

// newProbe makes the request for a check, with the host, the credential
// and the user agent of the request that it is made for.
func (s *Disclosure) newProbe(r *http.Request, check *carrier.Probe, authorization string, op *carrier.Operation) probe {
	target := check.Path
	if check.RawQuery != "" {
		target += "?" + check.RawQuery
	}
	parsed, err := url.ParseRequestURI(target)
	if err != nil {
		parsed = new(url.URL) // for which there is no upstream
	}
	request := &http.Request{
		Method: check.Method, URL: parsed, RequestURI: target,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: r.Host, RemoteAddr: r.RemoteAddr, TLS: r.TLS,
		// An answer that may be given to others is asked for in no encoding.
		Header: http.Header{"Accept-Encoding": {"identity"}},
		Body:   http.NoBody,
	}
	if authorization != "" {
		request.Header["Authorization"] = []string{authorization}
	}
	if agent := r.UserAgent(); len(agent) <= maxAgent {
		request.Header["User-Agent"] = []string{agent}
	}
	answeredAs := op.CheckedAs
	if check.Host != "" {
		request.Host, answeredAs = check.Host, check.Host
	} else if s.handler.Upstream == "" {
		// The carrier's own name: under another one, another server might answer.
		request.Host, _, _ = net.SplitHostPort(op.Upstream)
	}
	if check.Body != "" {
		request.Header.Set("Content-Type", check.ContentType)
		request.Body, request.ContentLength = io.NopCloser(strings.NewReader(check.Body)), int64(len(check.Body))
	}
	server, _ := r.Context().Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server)
	return probe{disclosure: s, product: op.CheckedAs, answeredAs: answeredAs, request: request, server: server}
}

// run sends the request and reads what its answer says of the credential.
func (p *probe) run(ctx context.Context, next caddyhttp.Handler) (carrier.Status, *carrier.Answer) {
	name := p.disclosure.handler.Gate.Carrier.Name()
	answer, err := p.send(ctx, next)
	status := carrier.Inconclusive
	switch {
	case answer.status == 0 && err != nil && err != errNotPassed && err != errPanicked:
		status = carrier.Unreachable
	case answer.status != 0:
		status = p.disclosure.handler.Prober.Status(carrier.Answer{Status: answer.status, Header: answer.header, Body: answer.body})
	}
	isBroken := err != nil || !answer.isWhole()
	if status == carrier.Rejected && isBroken {
		// What is missing may have said that the credential is known.
		status = carrier.Inconclusive
	}
	telemetry.CountCheck(name, p.product, status.String())
	if status == carrier.Inconclusive || status == carrier.Unreachable {
		p.disclosure.handler.Logger.Warn("a credential could not be checked: on_unreachable decides how its denials are answered",
			zap.String("product", p.product), zap.Int("status", answer.status), zap.Error(err))
	}
	switch {
	case status != carrier.Rejected || !answer.isShort():
		return status, nil
	case answer.status == http.StatusNotFound || answer.status == http.StatusGone:
		return status, nil // it would show what was asked for
	}
	answer.header.Del("Trailer") // none are kept
	if answer.status == http.StatusUnauthorized {
		p.disclosure.recordRejection(p.answeredAs, answer.header)
	}
	return status, &carrier.Answer{Status: answer.status, Header: answer.header, Body: answer.body}
}

// Checks that the gate itself kept from being answered.
var (
	errNotPassed = errors.New("the check was refused by the gate")
	errPanicked  = errors.New("the check panicked")
)

// send forwards the request as one that the gate has judged: it goes where the
// gate says, under the same lock as every other request. A proxy whose upstream breaks off
// in the middle of an answer panics.
func (p *probe) send(ctx context.Context, next caddyhttp.Handler) (answer *checkAnswer, err error) {
	answer = &checkAnswer{header: make(http.Header)}
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case http.ErrAbortHandler:
			err = http.ErrAbortHandler
		default:
			err = errPanicked
			p.disclosure.handler.Logger.Error("panic while checking a credential", zap.Any("cause", cause), zap.Stack("stack"))
		}
	}()
	repl := caddy.NewReplacer()
	request := caddyhttp.PrepareRequest(p.request.WithContext(ctx), repl, answer, p.server)
	d := p.disclosure.handler.Gate.Judge(request)
	if d.Outcome == policy.Deny {
		return answer, errNotPassed
	}
	p.disclosure.handler.Announce(request, d)
	return answer, next.ServeHTTP(answer, request)
}

// maxAnswer bounds the answer to a check, its header and its body each, in
// bytes. Twilio's to an unknown credential is under 2 KiB in all.
const maxAnswer = 16 << 10

// checkAnswer is the answer to a check. Of success, the body does not matter.
type checkAnswer struct {
	header http.Header
	status int
	body   []byte
	length int // of the body, kept or not
}

// Header implements http.ResponseWriter.
func (a *checkAnswer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *checkAnswer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
}

// errAnswerTooLong ends the reading of an answer.
var errAnswerTooLong = errors.New("the answer to a check is too long")

// Write implements http.ResponseWriter.
func (a *checkAnswer) Write(body []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.length += len(body); a.length > maxAnswer {
		return 0, errAnswerTooLong
	}
	if a.status >= http.StatusMultipleChoices {
		a.body = append(a.body, body...)
	}
	return len(body), nil
}

// isWhole reports whether all of the body came that was announced.
func (a *checkAnswer) isWhole() bool {
	announced := a.header.Get("Content-Length")
	return announced == "" || announced == strconv.Itoa(len(a.body))
}

// isShort reports whether the header is short enough for the answer to be kept.
func (a *checkAnswer) isShort() bool {
	size := 0
	for name, values := range a.header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size <= maxAnswer
}

// Interface guard
var _ http.ResponseWriter = (*checkAnswer)(nil)
