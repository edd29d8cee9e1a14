package denials

import (
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/credentialcheck"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Answer is what the client of a denied request gets.
type Answer struct {
	// credential is the value in the log, or empty.
	credential string
	// code is the carrier's error code of what is answered in place of the denial, 0 if
	// the denial is shown.
	code int
	// carrier is the carrier's answer. It is given as it came or, if it was not given to
	// this request, with new values of what every answer has of its own. It is nil if the
	// gate answers in the carrier's words.
	carrier *carrier.Answer
	fresh   bool
	// Waits says that the answer is delayed by as long as the carrier's would take.
	Waits bool
}

// IsLogged reports whether the log says anything of the answer.
func (a *Answer) IsLogged() bool { return a.credential != "" || a.code != 0 }

// Code implements telemetry.Answered.
func (a *Answer) Code() int { return a.code }

// MarshalLogObject implements zapcore.ObjectMarshaler: what was answered in place of a
// denial, and why.
func (a *Answer) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	if a.credential != "" {
		enc.AddString("credential", a.credential)
	}
	if a.code != 0 {
		enc.AddInt("answered", a.code)
	}
	return nil
}

// Write answers the client of a denied request.
func (s *Disclosure) Write(w http.ResponseWriter, r *http.Request, d *gate.Decision, answer *Answer) error {
	switch {
	case answer.carrier != nil:
		s.writeAnswer(w, answer)
		return nil
	case answer.code != 0:
		envelope := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
		return s.writeRejection(w, d, s.handler.Gate.Carrier.Refuse(&envelope, d.Operation, carrier.Denial{Reason: carrier.CredentialDenied}))
	case d.Refusal.Status == http.StatusUnauthorized:
		return s.writeRejection(w, d, d.Refusal)
	}
	return s.handler.Refuse(w, d)
}

// writeAnswer gives an answer of the carrier as a proxy does.
func (s *Disclosure) writeAnswer(w http.ResponseWriter, answer *Answer) {
	given := answer.carrier.Header
	if !answer.fresh {
		given = given.Clone()
		s.handler.Prober.Reissue(given, time.Now())
	}
	addHeader(w.Header(), given)
	w.WriteHeader(answer.carrier.Status)
	_, _ = w.Write(answer.carrier.Body) // a client that is gone by now is not our error
}

// addHeader adds an answer's header as a proxy does.
func addHeader(header, given http.Header) {
	header.Del("Server")
	for name, values := range given {
		header[name] = append(header[name], values...)
	}
}

// writeRejection rejects a credential in the carrier's words, with the header that
// the carrier's own rejections recently had here: no table knows what proxies add to it.
func (s *Disclosure) writeRejection(w http.ResponseWriter, d *gate.Decision, refusal carrier.Refusal) error {
	last, ok := s.rejections.Load(d.Operation.CheckedAs)
	if !ok {
		return carriers.WriteRefusal(w, refusal)
	}
	given := last.(http.Header).Clone()
	s.handler.Prober.Reissue(given, time.Now())
	addHeader(w.Header(), given)
	var ofBody []carrier.Field
	for _, field := range refusal.Header {
		if describesBody(field.Name) {
			ofBody = append(ofBody, field)
		}
	}
	refusal.Header, refusal.Fixed = ofBody, nil
	return carriers.WriteFields(w, refusal)
}

// describesBody reports whether a header is about one answer's body.
func describesBody(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Content-Encoding", "Trailer":
		return true
	}
	return false
}

// recordRejection records the header of a rejection by the carrier, in an answer to a
// check: an answer to a client's request also has what handlers before the gate add.
func (s *Disclosure) recordRejection(product string, header http.Header) {
	kept := header.Clone()
	for name := range kept {
		if describesBody(name) {
			delete(kept, name)
		}
	}
	s.rejections.Store(product, kept)
}

// Watch records whether the carrier accepts the credential of a request that is
// forwarded. The carrier may answer what it does not document before it looks at the
// credential, so that such an answer says nothing of it. The writer that is returned is in
// the room that the caller has for it.
func (s *Disclosure) Watch(room *WatchedWriter, w http.ResponseWriter, r *http.Request, d *gate.Decision) http.ResponseWriter {
	if d.Malformed() || d.Operation.Kind == carrier.UnknownOperation || d.Operation.Undocumented {
		return w
	}
	*room = WatchedWriter{
		ResponseWriterWrapper: caddyhttp.ResponseWriterWrapper{ResponseWriter: w},
		disclosure:            s,
		decision:              d,
		authorization:         r.Header.Get("Authorization"),
	}
	return room
}

// WatchedWriter watches for the status of an answer.
type WatchedWriter struct {
	caddyhttp.ResponseWriterWrapper
	disclosure    *Disclosure
	decision      *gate.Decision
	authorization string
	status        int // 0 until it is written
}

// WriteHeader implements http.ResponseWriter. Informational answers come before
// the one that counts. An answer whose status was never written is not the carrier's.
func (w *WatchedWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
		w.learn(status)
	}
	w.ResponseWriterWrapper.WriteHeader(status)
}

// Refused reports whether the answer is watched and does not accept the request.
func (w *WatchedWriter) Refused() bool {
	return w.disclosure != nil && (w.status == 0 || w.status >= http.StatusMultipleChoices)
}

// learn records what a status says of the credential. The carrier may have reported an
// error before it looked at the credential. Where the account is assumed, the credential
// may be that of any other customer of the carrier.
func (w *WatchedWriter) learn(status int) {
	op := w.decision.Operation
	presented := credentialcheck.Presented{
		Authorization: w.authorization, Product: op.CheckedAs, Upstream: op.Upstream, Account: w.decision.Account,
	}
	switch checker := w.disclosure.checker; {
	case status < http.StatusMultipleChoices && w.authorization != "" && !w.decision.Assumed:
		checker.AcceptPresented(&presented)
	case status == http.StatusUnauthorized:
		checker.Forget(presented.Key())
		checker.RecordLatency(w.decision.Operation.CheckedAs, w.decision.Since())
	}
}
