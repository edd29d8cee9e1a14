package gate

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// LimitUse is a limit in force for an account, and how much of it is used.
type LimitUse struct {
	policy.StatedLimit
	// Known says that the rest is known: the question says for what each dimension stands.
	Known bool
	// Values are what the dimensions stand for, in their order, as people write it.
	Values []string
	// Used is how much there is, and Allowed how much there may be now, in the unit of the limit.
	Used, Allowed int64
	// Hold is that of the same, nil without one.
	Hold *limits.Hold
}

// LimitsInUse returns the limits in force for the account of a question, of sends of all kinds,
// the nearest level first: by those of its members that it has, of which To and Senders may be
// missing. It reports whether To is a number, if there is one.
func (g *Gate) LimitsInUse(q *Question) (found []LimitUse, ok bool) {
	rules := g.Rules()
	addresses, now := rules.addresses(g.Carrier, q.Senders), g.at(q)
	subject, send := rules.subject(g.Carrier.Name(), q), rules.send(&addresses.reader, q)
	var v policy.Verdict
	if q.To != "" {
		asked := carrier.Send{Channel: q.Channel, To: q.To}
		if !addresses.read(&send, &asked) || send.Destination.Numbers.Len() == 0 {
			return nil, false
		}
		v = addresses.judge(&subject, &send, &asked, now)
	}
	d := Decision{Account: subject.Account(), Key: q.Credential, maxCall: subject.MaxCall(now)}
	j := g.limiting(&d, &http.Request{Header: q.Header}, subject, now)
	subject.LimitsInForce(func(l *policy.StatedLimit) {
		use := LimitUse{StatedLimit: *l}
		if !l.Hours.AreStated() && g.Counters != nil {
			j.use(&use, q, &send, &v)
		}
		found = append(found, use)
	})
	return found, true
}

// use adds how much of a limit is used, if that is known.
func (j *limiting) use(u *LimitUse, q *Question, send *policy.Send, v *policy.Verdict) {
	number := countedNumber(send, v)
	for _, d := range u.Per {
		if q.omits(d, send, number) {
			return
		}
		u.Values = append(u.Values, d.Shown(j.valueOf(d, send, v, number)))
	}
	demand := j.demand(&u.StatedLimit, send, v)
	if u.Used, _ = j.Counters.Used(j.now, &demand); u.Used < 0 {
		return
	}
	u.Known = true
	demand.Limit = u.Amount // also where more than it is let through
	u.Allowed, _ = j.Counters.Allowed(j.now, &demand)
	if j.Holds == nil || u.HoldFor == 0 {
		return
	}
	if hold, ok := j.Holds.Of(j.now, demand.Key); ok {
		u.Hold = &hold
	}
}

// omits reports whether the question leaves out what a dimension tells sends apart by. What a
// request without it would count for is not what is asked.
func (q *Question) omits(d policy.Dimension, send *policy.Send, number string) bool {
	switch d.By {
	case policy.ByAccount:
		return false
	case policy.ByKey:
		return q.Credential == ""
	case policy.BySender:
		return len(send.Senders) == 0
	case policy.ByClient, policy.ByHeader:
		return q.lacks(d)
	}
	return number == ""
}
