package gate

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// boundCalls sees to how long the calls of a request last that may pass.
func (rec *record) boundCalls(g *Gate, rules *Rules, body []byte) {
	if rec.Outcome != policy.Deny && rules.Snapshot.LimitsCalls() {
		rec.limitCalls(g, rules, body)
	}
	if rec.Outcome != policy.Deny && rec.CountsCalls() {
		rec.readLongestCall(g, body)
	}
	if rec.Outcome != policy.Deny && rules.Snapshot.IsLimited() {
		rec.prolongCall(g, body)
	}
}

// limitCalls writes into a request that may pass how long its calls last at most, where an
// account's calls are limited: what was judged is then what is forwarded, with that alone changed.
// A request in which that cannot be written is denied. No call for help is limited.
func (rec *record) limitCalls(g *Gate, rules *Rules, body []byte) {
	d := &rec.Decision
	limiter, ok := g.Carrier.(carrier.CallLimiter)
	if !ok || d.IsCallForHelp() || d.Sends == 0 && len(body) == 0 {
		return
	}
	most := rec.maxCall(g, rules)
	if most == 0 {
		return
	}
	edited, lasts, err := limiter.LimitCalls(&rec.request, d.Operation, body, most)
	if err != nil {
		d.cause = err
		d.denyMalformed(reasonOf(err))
		return
	}
	if !bytes.Equal(edited, body) {
		d.TimeLimit = lasts
		rec.edited = edited
	}
	d.lasts = lasts
}

// IsCallForHelp reports whether all that may pass is one call for help, or each call that the
// request makes itself is, whatever is dialled within it.
func (d *Decision) IsCallForHelp() bool {
	isAll := d.Sends == 1 && d.Reason == policy.EmergencyCall
	return d.Outcome != policy.Deny && (isAll || d.rings > 0 && d.rings == d.rescues)
}

// maxCall is how long the calls of a request may last. The account of one in which nothing was
// judged is the one in its path.
func (rec *record) maxCall(g *Gate, rules *Rules) time.Duration {
	d := &rec.Decision
	if d.resolved {
		return d.maxCall
	}
	return g.maxCall(rules, d.Account)
}

// MaxCall is how long the calls of an account may last, by its id at the carrier; 0 if that is
// not limited.
func (g *Gate) MaxCall(account string) time.Duration { return g.maxCall(g.Rules(), account) }

func (g *Gate) maxCall(rules *Rules, account string) time.Duration {
	id, _ := g.Carrier.Identifiers().Canonical(policy.AccountID, account)
	subject := rules.Snapshot.SubjectOf(policy.CarrierAccount{Carrier: g.Carrier.Name(), ID: id})
	return subject.MaxCall(g.Now())
}

// replaceBody puts the edited body in place of the one that was judged.
func (rec *record) replaceBody(r *http.Request) {
	if rec.edited == nil {
		return
	}
	rec.body.text = rec.edited
	rec.body.reader.Reset(rec.edited)
	for _, name := range digests {
		delete(r.Header, name)
		delete(r.Trailer, name)
	}
	if r.ContentLength >= 0 {
		r.ContentLength = int64(len(rec.edited))
		if r.Header["Content-Length"] != nil {
			r.Header["Content-Length"] = []string{strconv.Itoa(len(rec.edited))}
		}
	}
}

// digests are the fields that are wrong once a body has changed (RFC 9530, RFC 3230, RFC 1864).
var digests = []string{"Content-Digest", "Repr-Digest", "Digest", "Content-Md5"}

// explainMaxCall says how long a call would last. No call for help is ended.
func (g *Gate) explainMaxCall(e *Explained) {
	if e.Send.Channel != policy.Voice || e.Send.Verification || e.Reason == policy.EmergencyCall {
		return
	}
	if step, stated := e.Subject.ExplainMaxCall(e.At); stated {
		e.Steps = append(e.Steps, step)
	}
}
