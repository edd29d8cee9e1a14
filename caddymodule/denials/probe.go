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

// checkRequest is a request by which a credential is checked. It is a request of
// its own: the one that it is made for may be gone before it is answered.
type checkRequest struct {
	door    *Door
	product string
	// answers is whose rejections are like the answer's: the product's, or those of
	// the host that the check is made on instead.
	answers string
	request *http.Request
	server  *caddyhttp.Server
}

// longestAgent is the longest user agent that is sent along with a check, in bytes.
const longestAgent = 512

// newCheckRequest makes the request for a check, with the host, the credential
// and the user agent of the request that it is made for.
func newCheckRequest(r *http.Request, check *carrier.Probe, authorization string, op *carrier.Operation, o *Door) checkRequest {
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
	if agent := r.UserAgent(); len(agent) <= longestAgent {
		request.Header["User-Agent"] = []string{agent}
	}
	answers := op.CheckedAs
	if check.Host != "" {
		request.Host, answers = check.Host, check.Host
	} else if o.handler.Upstream == "" {
		// The carrier's own name: by another one, somebody else might answer.
		request.Host, _, _ = net.SplitHostPort(op.Upstream)
	}
	if check.Body != "" {
		request.Header.Set("Content-Type", check.ContentType)
		request.Body, request.ContentLength = io.NopCloser(strings.NewReader(check.Body)), int64(len(check.Body))
	}
	server, _ := r.Context().Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server)
	return checkRequest{door: o, product: op.CheckedAs, answers: answers, request: request, server: server}
}

// ask sends the request and reads what its answer tells.
func (c *checkRequest) ask(ctx context.Context, next caddyhttp.Handler) (carrier.Status, *carrier.Answer) {
	name := c.door.handler.Gate.Carrier.Name()
	answer, err := c.send(ctx, next)
	standing := carrier.Inconclusive
	switch {
	case answer.status == 0 && err != nil && err != errNotPassed && err != errPanicked:
		standing = carrier.Unreachable
	case answer.status != 0:
		standing = c.door.handler.Prober.Status(carrier.Answer{Status: answer.status, Header: answer.header, Body: answer.body})
	}
	isBroken := err != nil || !answer.isWhole()
	if standing == carrier.Rejected && isBroken {
		// What is missing may have said that the credential is known.
		standing = carrier.Inconclusive
	}
	telemetry.CountCheck(name, c.product, standing.String())
	if standing == carrier.Inconclusive || standing == carrier.Unreachable {
		c.door.handler.Logger.Warn("a credential could not be checked: what becomes of its denials is the option unreachable's to say",
			zap.String("product", c.product), zap.Int("status", answer.status), zap.Error(err))
	}
	switch {
	case standing != carrier.Rejected || !answer.isShort():
		return standing, nil
	case answer.status == http.StatusNotFound || answer.status == http.StatusGone:
		return standing, nil // it would tell what was asked for
	}
	answer.header.Del("Trailer") // none are kept
	if answer.status == http.StatusUnauthorized {
		c.door.rejectedLike(c.answers, answer.header)
	}
	return standing, &carrier.Answer{Status: answer.status, Header: answer.header, Body: answer.body}
}

// What the gate itself kept from being answered.
var (
	errNotPassed = errors.New("the check was refused by the gate")
	errPanicked  = errors.New("the check panicked")
)

// send forwards the request as one that the gate has judged: it goes where the
// gate says, under the same lock as every other. A proxy whose upstream breaks off
// in the middle of an answer panics.
func (c *checkRequest) send(ctx context.Context, next caddyhttp.Handler) (answer *checkAnswer, err error) {
	answer = &checkAnswer{header: make(http.Header)}
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case http.ErrAbortHandler:
			err = http.ErrAbortHandler
		default:
			err = errPanicked
			c.door.handler.Logger.Error("panic while checking a credential", zap.Any("cause", cause), zap.Stack("stack"))
		}
	}()
	repl := caddy.NewReplacer()
	request := caddyhttp.PrepareRequest(c.request.WithContext(ctx), repl, answer, c.server)
	d := c.door.handler.Gate.Judge(request)
	if d.Outcome == policy.Deny {
		return answer, errNotPassed
	}
	repl.Map(func(key string) (any, bool) { return c.door.handler.Placeholder(key, d, request) })
	return answer, next.ServeHTTP(answer, request)
}

// longestAnswer bounds the answer to a check, its header and its body each, in
// bytes. Twilio's to an unknown credential is under 2 KiB in all.
const longestAnswer = 16 << 10

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
	if a.length += len(body); a.length > longestAnswer {
		return 0, errAnswerTooLong
	}
	if a.status >= http.StatusMultipleChoices {
		a.body = append(a.body, body...)
	}
	return len(body), nil
}

// isWhole tells whether all of the body came that was announced.
func (a *checkAnswer) isWhole() bool {
	announced := a.header.Get("Content-Length")
	return announced == "" || announced == strconv.Itoa(len(a.body))
}

// isShort tells whether the header is short enough for the answer to be kept.
func (a *checkAnswer) isShort() bool {
	size := 0
	for name, values := range a.header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size <= longestAnswer
}

// Interface guard
var _ http.ResponseWriter = (*checkAnswer)(nil)
