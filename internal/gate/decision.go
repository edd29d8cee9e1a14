package gate

import (
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Decision is what the gate decided about one request, and all that is worth
// recording of it.
type Decision struct {
	Operation *carrier.Operation
	// Revision of the policy that decided.
	Revision string
	// Account that pays, by its id at the carrier, and the name of its own that the policy
	// gives it, as far as they are known.
	Account, Name string
	// Sends that were found in the request. In one that is denied, those behind
	// the one that decided count unjudged.
	Sends int
	// Channel and To of the send that decided: the first one refused, else
	// the first. To is as the caller wrote it, and From the first sender of that send, or
	// empty.
	Channel  policy.Channel
	To, From string
	// Number is the destination in E.164 digits, by the first reading in the territory
	// that decided. It is empty where there is no number.
	Number string

	// StatedAccount is the ID of the account that the policy states, as far as that is
	// asked for (Gate.SeesTraffic).
	StatedAccount string
	// Reached are the channels and territories of the sends, each once, in a request that may
	// pass, as far as that is asked for.
	Reached []Reached

	policy.Verdict

	// RetryAfter is how long it takes until a limit has room that a send is over, negative
	// where it never has.
	RetryAfter time.Duration
	// Limit is the name of that limit, and Hold the ID of the hold by which it is refused, if
	// one refuses it.
	Limit, Hold string
	// LimitWarning names the limits of which so much is used that it is told.
	LimitWarning string
	// Thresholds are the steps of limits that notify which the request has reached, if it is sent.
	Thresholds []Threshold

	// TimeLimit is how long calls may last by what the gate wrote into the request; 0 where it
	// wrote nothing.
	TimeLimit time.Duration

	// Refusal in the carrier's words; for a request that is only monitored, the one it
	// would have got. There is none for one that is recorded by choice.
	Refusal carrier.Refusal

	// Unchecked says that limits count the request although it is unknown whether the carrier
	// accepts its credential. It begins no hold, and renews none.
	Unchecked bool

	// Covered reports whether the policy has anything to say of the account. Otherwise no
	// client can be one of its users.
	Covered bool

	// Assumed says that the account is the gate's own: neither the path nor the
	// credential names one.
	Assumed bool

	// Key names the credential that the request presents, as policies write it: an API
	// key or an OAuth client, or else the digest of a token. It is empty for the account's
	// own credential, and for what does not have the form of one of these: that might be a
	// misplaced secret.
	Key string
	// KeyRefusal is why a gate with a broker does not accept the key.
	KeyRefusal keys.Refusal

	// Took is how long it took to decide, without the wait for the body.
	Took time.Duration

	// reachedRoom is where the first of Reached is.
	reachedRoom [1]Reached
	// senderRoom is where the names of the senders are while the request is judged.
	senderRoom senderRoom
	// digits are those of the one number that To means, or empty.
	digits string
	// url is the first one that is refused.
	url *carrier.URL
	// cause is why the request cannot be read.
	cause error

	// reserved is what the sends took of limits, by their counters.
	counters Counters
	reserved []limits.Demand
	// uncounted is what was not reserved, since the carrier rejects the credential.
	uncounted []limits.Demand
	// maxCall is how long calls of the account may last, 0 if that is not limited, once resolved
	// says that it is known.
	maxCall  time.Duration
	resolved bool
	// lasts is how long the call lasts at most by the request that is forwarded, 0 if unknown.
	lasts time.Duration
	// rings is how many calls the request makes itself, and rescues how many of them are for help.
	rings, rescues int
	// sameNumber says that the limit is of sends to one number.
	sameNumber bool

	began     time.Time
	waited    time.Duration
	malformed bool
	mayPass   bool
	approved  fingerprint
	// upstreamRead is set once the upstream was given out, to be forwarded to.
	upstreamRead atomic.Bool
}

// Reached is where a send goes.
type Reached struct {
	Channel   policy.Channel
	Territory numbering.Territory
	Class     policy.Class // of a call
}

// Judged reports whether there was anything to judge: a send, or a reason to refuse the
// request as it is.
func (d *Decision) Judged() bool { return d.Sends > 0 || d.Reason != "" }

// ShowsPolicy reports whether the refusal of a denied request would show its client
// something of the policy. A malformed request does not, nor does one that is answered
// like an unknown credential.
func (d *Decision) ShowsPolicy() bool {
	return d.Outcome == policy.Deny && !d.malformed && d.Refusal.Status != http.StatusUnauthorized
}

// Malformed reports whether the request was refused for its form, whatever its
// destination.
func (d *Decision) Malformed() bool { return d.malformed }

// Since is how long ago the decision was made.
func (d *Decision) Since() time.Duration { return time.Since(d.began) - d.waited - d.Took }

// denyMalformed denies a request for its form, whatever its destination.
func (d *Decision) denyMalformed(reason policy.Reason) {
	d.malformed = true
	d.Verdict = policy.Verdict{Outcome: policy.Deny, Reason: reason}
}

// denyUnlessInForce denies a request that the rules said something of, allowed or denied, and
// by which it should not have been judged. Who sends again is judged by those to come.
func (d *Decision) denyUnlessInForce(rules *Rules) {
	if d.Judged() && d.Reason != policy.EmergencyCall && !rules.areInForce() {
		d.denyMalformed(carrier.PolicyUnavailable)
	}
}

// escalate adopts a verdict unless the decision has one that is as severe.
func (d *Decision) escalate(v policy.Verdict) {
	if d.Reason == "" || v.Severity() > d.Severity() {
		d.Verdict = v
	}
}

// reach adds where a send goes.
func (d *Decision) reach(subject *policy.Subject, to Reached) {
	if len(d.Reached) == 0 {
		d.StatedAccount, d.Reached = subject.StatedAccount(), d.reachedRoom[:0]
	}
	if to.Territory != 0 && !slices.Contains(d.Reached, to) {
		d.Reached = append(d.Reached, to)
	}
}

// add adopts the verdict on one more send, of these senders, if it is more severe.
func (d *Decision) add(s *carrier.Send, senders []string, send *policy.Send, v policy.Verdict) {
	d.Sends++
	if send.Channel == policy.Voice && !s.Instructed {
		d.rings++
		if v.Reason == policy.EmergencyCall {
			d.rescues++
		}
	}
	// What was decided before stays unless this is worse: another send, or a
	// control that is only recorded as denied.
	if d.Sends > 1 && v.Severity() <= d.Severity() || v.Severity() < d.Severity() {
		return
	}
	d.Verdict, d.Channel, d.To = v, send.Channel, s.To
	d.digits = ""
	if numbers := &send.Destination.Numbers; numbers.Len() == 1 && send.Destination.Scheme == "" {
		d.digits = numbers.At(0).Digits
	}
	d.Number = decidingNumber(&send.Destination, v.Territory)
	if d.From = ""; len(senders) > 0 {
		d.From = senders[0]
	}
}

// decidingNumber is the first number of a destination that is in a territory, in E.164
// digits, or empty.
func decidingNumber(destination *address.Reading, territory numbering.Territory) string {
	for i := range destination.Numbers.Len() {
		if number := destination.Numbers.At(i); slices.Contains(number.Assignment.Territories, territory) {
			return number.Digits
		}
	}
	return ""
}

func (d *Decision) denial() carrier.Denial {
	denial := carrier.Denial{Reason: d.Reason, Channel: d.Channel, Territory: d.Territory, To: d.To, Cause: d.cause, RetryAfter: d.RetryAfter, SameNumber: d.sameNumber, Held: d.Hold != ""}
	if d.digits != "" {
		denial.E164 = d.e164()
	}
	if d.url != nil {
		denial.URL = *d.url
	}
	return denial
}

// e164 is the one number that To means, with "+". Most callers write it so.
func (d *Decision) e164() string {
	if digits, found := strings.CutPrefix(d.To, "+"); found && digits == d.digits {
		return d.To
	}
	return "+" + d.digits
}

// Reword writes the refusal of a denied request again, with an operator's words.
func (g *Gate) Reword(r *http.Request, d *Decision, wording carrier.Wording) {
	denial := d.denial()
	denial.Wording = wording
	request := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
	d.Refusal = g.Carrier.Refuse(&request, d.Operation, denial)
}

// fingerprint is everything of a request that a verdict depends on.
type fingerprint struct {
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

// fingerprint is that of the request that was judged. A body of a type that cannot be
// compared is wrapped in one that can.
func (h *head) fingerprint() fingerprint {
	makeComparable(h.Request)
	return fingerprint{
		method:        h.Method,
		target:        h.target,
		host:          h.Host,
		body:          h.Body,
		length:        h.ContentLength,
		authorization: valueOf(h.authorization),
		contentType:   valueOf(h.contentType),
		encoding:      valueOf(h.contentEncoding),
		upgrade:       valueOf(h.upgrade),
	}
}

// fingerprintOf takes the fingerprint of a request that may have changed since.
func fingerprintOf(r *http.Request) fingerprint {
	makeComparable(r)
	return fingerprint{
		method:        r.Method,
		target:        targetOf(r, r.URL.EscapedPath()),
		host:          r.Host,
		body:          r.Body,
		length:        r.ContentLength,
		authorization: valueOf(r.Header["Authorization"]),
		contentType:   valueOf(r.Header["Content-Type"]),
		encoding:      valueOf(r.Header["Content-Encoding"]),
		upgrade:       valueOf(r.Header["Upgrade"]),
	}
}

// makeComparable wraps the body of a request if its type cannot be compared. Of most, that
// is known without reflection, which allocates.
func makeComparable(r *http.Request) {
	switch r.Body.(type) {
	case nil, *judgedBody, *longBody:
		return
	}
	if r.Body != http.NoBody && !reflect.ValueOf(r.Body).Comparable() {
		r.Body = &longBody{r.Body, r.Body}
	}
}

// Upstream is where the request may be forwarded to: the host:port of the carrier, or
// empty unless this very request was judged, may pass, and still is what was judged, with
// a body that has not been read since.
func (d *Decision) Upstream(r *http.Request) string {
	if !d.MayForward(r) {
		return ""
	}
	d.upstreamRead.Store(true)
	return d.Operation.Upstream
}

// UpstreamRead reports whether the upstream was given out: the request may be forwarded to
// it by another handler than the gate's own.
func (d *Decision) UpstreamRead() bool { return d.upstreamRead.Load() }

// MayForward reports whether this very request was judged, may pass, and still is what
// was judged, with a body that has not been read since.
func (d *Decision) MayForward(r *http.Request) bool {
	return d.mayPass && d.approved == fingerprintOf(r) && isUnread(r.Body)
}

// Target is the request target that was judged, in origin form, of a request that may
// pass.
func (d *Decision) Target() string { return d.approved.target }

// Host is the host that the client asked for, of a request that may pass.
func (d *Decision) Host() string { return d.approved.host }

// JudgedBytes returns the body of a request that may pass, where all of it was held to
// judge it, and nil where the request has none. Otherwise held is false: the body has to
// be forwarded as it comes. The bytes must not be changed.
func (d *Decision) JudgedBytes() (body []byte, held bool) {
	if !d.mayPass {
		return nil, false
	}
	if judged, ok := d.approved.body.(*judgedBody); ok {
		return judged.text, true
	}
	return nil, d.approved.body == nil || d.approved.body == http.NoBody
}

// Changed says what was changed about a request that may pass, so that it is not
// forwarded. It is empty for any other request, and for one that was forwarded.
func (d *Decision) Changed(r *http.Request) string {
	now := fingerprintOf(r)
	switch {
	case !d.mayPass || d.upstreamRead.Load():
		return ""
	case now.method != d.approved.method || now.target != d.approved.target || now.host != d.approved.host:
		return "its method, target or host was changed"
	case now.body != d.approved.body:
		return "another body was put in its place"
	case !isUnread(r.Body):
		return "its body was read"
	case now.length != d.approved.length:
		return "its length was changed"
	case now != d.approved:
		return "a header that it was judged by was changed"
	}
	return ""
}

// MayWrite reports whether a request, about to be written to the carrier, is the one that
// was judged and may pass. Proxies make a request of their own, with a body that hides
// the one that was judged and the host of the carrier: for these, MayWrite checks that
// the body is unread and how long it is to be. JudgedBody is written, where there is one.
func (d *Decision) MayWrite(r *http.Request) bool {
	written := fingerprintOf(r)
	written.host, written.body = d.approved.host, d.approved.body
	return d.mayPass && written == d.approved && isUnread(d.approved.body)
}

// JudgedBody returns the body that was held to judge it, to be read once more: the
// request's own body may since have been replaced by one that looks like it. It is nil
// where none was held.
func (d *Decision) JudgedBody() io.Reader {
	if judged, ok := d.approved.body.(*judgedBody); ok {
		return judged
	}
	return nil
}
