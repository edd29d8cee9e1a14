package gate

import (
	"io"
	"net/http"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Decision is what the gate decided about one request, and all that is worth
// recording of it.
type Decision struct {
	Operation *carrier.Operation
	// Revision of the policy that decided.
	Revision string
	// Account that pays, as far as it is known.
	Account string
	// Sends that were found in the request. In one that is denied, those behind
	// the one that decided count unjudged.
	Sends int
	// Channel and To of the send that decided: the first one refused, else
	// the first. To is as the caller wrote it.
	Channel policy.Channel
	To      string

	policy.Verdict

	// Refusal in the carrier's words; for a request that is only monitored,
	// the one it would have got.
	Refusal carrier.Refusal

	// Covered tells whether the policy has anything to say of the account. Where it
	// has not, nobody can be one of its users.
	Covered bool

	// Assumed says that the account is the gate's own: neither the path nor the
	// credential names one.
	Assumed bool

	// Key is the key that the request presents, where it has the form of one, and
	// KeyRefusal why it is not accepted. Both are of a gate with a broker.
	Key        string
	KeyRefusal keys.Refusal

	// Took is how long it took to decide, without the wait for the body.
	Took time.Duration

	// url is the first one that is refused.
	url *carrier.URL

	began   time.Time
	waited  time.Duration
	doubted bool
	mayPass bool
	passed  pass
	// asked is set once it was said where the request may be forwarded to.
	asked atomic.Bool
}

// Judged tells whether there was anything to judge: a send, or a doubt.
func (d *Decision) Judged() bool { return d.Sends > 0 || d.Reason != "" }

// ShowsPolicy tells whether the refusal of a denied request would show its client
// something of the policy: neither what is refused because of what it is does, nor
// what is answered like a credential that the carrier does not know.
func (d *Decision) ShowsPolicy() bool {
	return d.Outcome == policy.Deny && !d.doubted && d.Refusal.Status != http.StatusUnauthorized
}

// Doubted tells whether it could not be told what the request is.
func (d *Decision) Doubted() bool { return d.doubted }

// Since is how long ago the decision was made.
func (d *Decision) Since() time.Duration { return time.Since(d.began) - d.waited - d.Took }

// doubt denies a request because of what it is.
func (d *Decision) doubt(reason policy.Reason) {
	d.doubted = true
	d.Verdict = policy.Verdict{Outcome: policy.Deny, Reason: reason}
}

// worsen takes a verdict into the decision, unless there is one already that is
// as bad.
func (d *Decision) worsen(v policy.Verdict) {
	if d.Reason == "" || v.Outcome > d.Outcome {
		d.Verdict = v
	}
}

// add takes the verdict on one more send into the decision.
func (d *Decision) add(s *carrier.Send, send *policy.Send, v policy.Verdict) {
	d.Sends++
	// What was decided before stays unless this is worse: another send, or a
	// control that is only recorded as denied.
	if d.Sends > 1 && v.Outcome <= d.Outcome || v.Outcome < d.Outcome {
		return
	}
	d.Verdict, d.Channel, d.To = v, send.Channel, s.To
}

func (d *Decision) denial() carrier.Denial {
	denial := carrier.Denial{Reason: d.Reason, Channel: d.Channel, Territory: d.Territory, To: d.To}
	if d.url != nil {
		denial.URL = *d.url
	}
	return denial
}

// pass is a request as it was judged: all of it that a verdict rests on.
type pass struct {
	method string
	target string
	host   string
	body   io.ReadCloser

	// length of the body as it was announced, -1 if it was not.
	length int64

	authorization string
	contentType   string
	encoding      string
	upgrade       string
}

// passOf takes down a request. A body of a type that cannot be compared is given
// one that can.
func passOf(r *http.Request) pass {
	if r.Body != nil && !reflect.ValueOf(r.Body).Comparable() {
		r.Body = &longBody{r.Body, r.Body}
	}
	return pass{
		method:        r.Method,
		target:        r.URL.RequestURI(),
		host:          r.Host,
		body:          r.Body,
		length:        r.ContentLength,
		authorization: r.Header.Get("Authorization"),
		contentType:   r.Header.Get("Content-Type"),
		encoding:      r.Header.Get("Content-Encoding"),
		upgrade:       r.Header.Get("Upgrade"),
	}
}

// Upstream is where the request may be forwarded to: the host:port of the
// carrier, or empty unless this very request was judged, may pass, and still is
// what was judged, with a body that nobody has read since.
func (d *Decision) Upstream(r *http.Request) string {
	if !d.mayPass || d.passed != passOf(r) || !isUnread(r.Body) {
		return ""
	}
	d.asked.Store(true)
	return d.Operation.Upstream
}

// Changed says what keeps a request from being forwarded that may pass, because it is
// no more what was judged. It is empty for any other, and for one that was forwarded.
func (d *Decision) Changed(r *http.Request) string {
	now := passOf(r)
	switch {
	case !d.mayPass || d.asked.Load():
		return ""
	case now.method != d.passed.method || now.target != d.passed.target || now.host != d.passed.host:
		return "its method, target or host was changed"
	case now.body != d.passed.body:
		return "another body was put in its place"
	case !isUnread(r.Body):
		return "its body was read"
	case now.length != d.passed.length:
		return "its length was changed"
	case now != d.passed:
		return "a header was changed by which it was judged"
	}
	return ""
}

// MayWrite reports whether a request, about to be written to the carrier, is the one
// that was judged and may pass. Proxies make a request of their own, with a body that
// hides the one that was judged and the host of the carrier: of these, it is asked
// whether anybody has read the body, and how long it is to be. What is written is
// JudgedBody, where there is one.
func (d *Decision) MayWrite(r *http.Request) bool {
	written := passOf(r)
	written.host, written.body = d.passed.host, d.passed.body
	return d.mayPass && written == d.passed && isUnread(d.passed.body)
}

// JudgedBody returns the body that was held to judge it, to be read once more. Whatever
// a request has by now for a body may only look like it. It is nil where none was held.
func (d *Decision) JudgedBody() io.Reader {
	if judged, ok := d.passed.body.(*judgedBody); ok {
		return judged
	}
	return nil
}
