package denials

import (
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Write gives the client of a denied request what it is told.
func (o *Door) Write(w http.ResponseWriter, r *http.Request, d *gate.Decision, told *Reply) error {
	switch {
	case told.answer != nil:
		o.writeAnswer(w, told)
		return nil
	case told.code != 0:
		envelope := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
		return o.writeRejection(w, d, o.handler.Gate.Carrier.Refuse(&envelope, d.Operation, carrier.Denial{Reason: carrier.CredentialDenied}))
	case d.Refusal.Status == http.StatusUnauthorized:
		return o.writeRejection(w, d, d.Refusal)
	}
	return o.handler.Refuse(w, d)
}

// writeAnswer gives an answer of the carrier as a proxy does.
func (o *Door) writeAnswer(w http.ResponseWriter, told *Reply) {
	given := told.answer.Header
	if !told.fresh {
		given = given.Clone()
		o.handler.Prober.Reissue(given, time.Now())
	}
	addHeader(w.Header(), given)
	w.WriteHeader(told.answer.Status)
	_, _ = w.Write(told.answer.Body) // a client that is gone by now is no error of ours
}

// addHeader adds an answer's header as a proxy does.
func addHeader(header, given http.Header) {
	header.Del("Server")
	for name, values := range given {
		header[name] = append(header[name], values...)
	}
}

// writeRejection rejects a credential in the carrier's words, with the header that
// the carrier's own rejections lately had here: what proxies put into that one, no
// table knows.
func (o *Door) writeRejection(w http.ResponseWriter, d *gate.Decision, refusal carrier.Refusal) error {
	last, ok := o.rejections.Load(d.Operation.CheckedAs)
	if !ok {
		return carriers.WriteRefusal(w, refusal)
	}
	given := last.(http.Header).Clone()
	o.handler.Prober.Reissue(given, time.Now())
	addHeader(w.Header(), given)
	var ofBody []carrier.Field
	for _, field := range refusal.Header {
		if describesBody(field.Name) {
			ofBody = append(ofBody, field)
		}
	}
	refusal.Header = ofBody
	return carriers.WriteFields(w, refusal)
}

// describesBody tells whether a header is about one answer's body.
func describesBody(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Content-Encoding", "Trailer":
		return true
	}
	return false
}

// rejectedLike takes down what header a rejection of the carrier has, in an answer
// to a check: that to a client's request has what handlers put in before the gate.
func (o *Door) rejectedLike(product string, header http.Header) {
	kept := header.Clone()
	for name := range kept {
		if describesBody(name) {
			delete(kept, name)
		}
	}
	o.rejections.Store(product, kept)
}

// Watch takes down whether the carrier accepts the credential of a request that
// is forwarded. What the carrier does not document may be answered before anybody
// looks at the credential, and tells nothing.
func (o *Door) Watch(w http.ResponseWriter, r *http.Request, d *gate.Decision) http.ResponseWriter {
	if d.Doubted() || d.Operation.Kind == carrier.Unlisted || d.Operation.Undocumented {
		return w
	}
	return &watchedWriter{
		ResponseWriterWrapper: caddyhttp.ResponseWriterWrapper{ResponseWriter: w},
		door:                  o,
		decision:              d,
		authorization:         r.Header.Get("Authorization"),
	}
}

// watchedWriter sees the status of an answer go by.
type watchedWriter struct {
	caddyhttp.ResponseWriterWrapper
	door          *Door
	decision      *gate.Decision
	authorization string
	seen          bool
}

// WriteHeader implements http.ResponseWriter. Informational answers come before
// the one that counts. An answer that nobody wrote a status for is not the
// carrier's.
func (w *watchedWriter) WriteHeader(status int) {
	if !w.seen && status >= http.StatusOK {
		w.seen = true
		w.learn(status)
	}
	w.ResponseWriterWrapper.WriteHeader(status)
}

// learn takes down what a status tells. That a request failed may have been said
// before anybody looked at the credential, and to be told of one that is assumed to
// be an account's, all of the carrier's other customers are as good.
func (w *watchedWriter) learn(status int) {
	switch register := w.door.register; {
	case status < http.StatusMultipleChoices && w.authorization != "" && !w.decision.Assumed:
		register.Accept(keyOf(w.authorization, w.decision))
	case status == http.StatusUnauthorized:
		register.Forget(keyOf(w.authorization, w.decision))
		register.Answered(w.decision.Operation.CheckedAs, w.decision.Since())
	}
}
