package gate

import (
	"bytes"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// longestCall is how long a call of a request counts as in progress, unless its end is reported
// before: as long as it may ring and last.
func (g *Gate) longestCall(d *Decision) time.Duration {
	limiter, ok := g.Carrier.(carrier.CallLimiter)
	if !ok {
		return policy.MaxMaxCall
	}
	lasts, rings := limiter.LongestCall()
	if d.maxCall > 0 {
		lasts = d.maxCall
	}
	if d.lasts > 0 {
		lasts = d.lasts
	}
	return lasts + rings
}

// readLongestCall reads how long the call of a request lasts by what it says itself, and states
// that for the calls that it reserved.
func (rec *record) readLongestCall(g *Gate, body []byte) {
	d := &rec.Decision
	limiter, ok := g.Carrier.(carrier.CallLimiter)
	if !ok || d.lasts == 0 && !rec.saysHowLong(limiter, body) {
		return
	}
	g.Counters.LastCalls(g.Now(), d.reserved, g.longestCall(d))
}

// saysHowLong reads how long the call of a request lasts, and reports whether the request says
// so, and clearly.
func (rec *record) saysHowLong(limiter carrier.CallLimiter, body []byte) bool {
	d := &rec.Decision
	same, lasts, err := limiter.LimitCalls(&rec.request, d.Operation, body, policy.MaxMaxCall)
	if err != nil || !bytes.Equal(same, body) {
		return false
	}
	d.lasts = lasts
	return true
}

// prolongCall has a call count for longer that a request may have last for longer: one that was
// to be short, when it began, does not leave its line sooner.
func (rec *record) prolongCall(g *Gate, body []byte) {
	d := &rec.Decision
	limiter, ok := g.Carrier.(carrier.CallLimiter)
	if !ok || g.Counters == nil {
		return
	}
	id := limiter.ChangedCall(&rec.request, d.Operation)
	if id == "" {
		return
	}
	if isClear := d.lasts > 0 || rec.saysHowLong(limiter, body); isClear && d.lasts == 0 {
		return // how long it lasts stays as it was
	}
	g.Counters.ProlongCalls(g.Now(), g.callName(d.Account, id), g.longestCall(d))
}

// CountsCalls reports whether limits count the calls of the request as long as they are in
// progress.
func (d *Decision) CountsCalls() bool {
	isCall := func(demand limits.Demand) bool { return demand.InProgress }
	return slices.ContainsFunc(d.reserved, isCall) || slices.ContainsFunc(d.uncounted, isCall)
}

// NameCalls names the calls that a request reserved by the id that the carrier gave the call.
func (g *Gate) NameCalls(d *Decision, id string) {
	if len(d.reserved) > 0 && id != "" {
		d.counters.NameCalls(d.reserved, g.callName(d.Account, id))
	}
}

// FailCalls says that the carrier could not say whether a request began the calls that it
// reserved, as an error of its own mostly means that it did not: then they count for as long as a
// call may ring.
func (g *Gate) FailCalls(d *Decision) {
	limiter, ok := g.Carrier.(carrier.CallLimiter)
	if !ok || !d.CountsCalls() || len(d.reserved) == 0 {
		return
	}
	_, rings := limiter.LongestCall()
	d.counters.LastCalls(g.Now(), d.reserved, min(rings, g.longestCall(d)))
}

// EndCall ends the call that the carrier says has ended, by its account and id.
func (g *Gate) EndCall(account, id string) {
	if g.Counters != nil && id != "" {
		g.Counters.EndCalls(g.callName(account, id))
	}
}

// EndDialled ends the calls that another one has dialled, by its account and id: it goes on without.
func (g *Gate) EndDialled(account, id string) {
	if g.Counters != nil && id != "" {
		g.Counters.EndDialled(g.callName(account, id))
	}
}

// callName is the name of a call among the counters.
func (g *Gate) callName(account, id string) limits.Key { return g.nameOf("call", account, id) }
