package gate

import (
	"net/http"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// repeat makes a demand that of a limit of the unverified: its number counts each time, of each
// account by itself, so that no account frees what another has.
func (j *limiting) repeat(demand *limits.Demand, l *policy.StatedLimit, number string) {
	demand.Item, demand.Repeats = max(j.hash.Key(j.d.Account, number)[0], 1), true
	if l.Adaptive {
		demand.Share = policy.AdaptiveShare
	}
}

// Conversion says that the user of a number has proven to have it.
type Conversion struct {
	// Account that sent to the number, by its id at the carrier.
	Account string
	// Number as a request would name it.
	Number string
	// Of is what was sent.
	Of ConvertedSends
}

// ConvertedSends are what a conversion is of.
type ConvertedSends uint8

// The sends that are converted.
const (
	// VerificationsAlone are codes that the carrier made and checked.
	VerificationsAlone ConvertedSends = iota
	// MessagesAlone are messages whose recipient did what they asked for.
	MessagesAlone
	// MessagesAndVerifications are both.
	MessagesAndVerifications
)

// Convert takes back what sends to a number have of limits of the unverified, and returns how much
// that was. It reports whether the number is one.
func (g *Gate) Convert(c Conversion) (freed int64, ok bool) {
	rules := g.Rules()
	return g.convert(rules, rules.Snapshot.SubjectOf(policy.CarrierAccount{Carrier: g.Carrier.Name(), ID: c.Account}), &c)
}

func (g *Gate) convert(rules *Rules, subject policy.Subject, c *Conversion) (freed int64, ok bool) {
	now, addresses := g.Now(), rules.addresses(g.Carrier, nil)
	j := g.limiting(&Decision{Account: subject.Account()}, nil, subject, now)
	for _, verification := range []bool{true, false} {
		if verification && c.Of == MessagesAlone || !verification && c.Of == VerificationsAlone {
			continue
		}
		s := carrier.Send{Channel: policy.Messaging, To: c.Number, Verification: verification}
		var send policy.Send
		if !addresses.read(&send, &s) || send.Destination.Numbers.Len() == 0 {
			return 0, false
		}
		v := addresses.judge(&subject, &send, &s, now)
		freed += j.takeBack(&send, &v, now)
	}
	return freed, true
}

// takeBack takes back what all sends like one have of limits of the unverified.
func (j *limiting) takeBack(send *policy.Send, v *policy.Verdict, now time.Time) (freed int64) {
	if j.Counters == nil {
		return 0
	}
	j.subject.Unverified(send, func(l *policy.StatedLimit) {
		demand := j.demand(l, send, v)
		freed += j.Counters.Convert(now, &demand)
		if l.HoldFor == 0 || j.Holds == nil || !j.Holds.Any() {
			return
		}
		if tried := j.Holds.Look(now, demand.Key); tried.Status == limits.HalfOpen {
			half := demand.Half(tried.Repeats, demand.Limit)
			j.Counters.Convert(now, &half) // which has the same sends again
		}
	})
	return freed
}

// SeesConversions reports whether the answer to a request may say that a number was verified, and
// that makes a difference.
func (g *Gate) SeesConversions(d *Decision) bool {
	return d.Operation.Converts && g.Counters != nil && g.Rules().Snapshot.CountsConversions()
}

// ConvertAnswered converts the number of which the carrier's answer to a request says that it was
// verified, and reports whether it says so. The answer is one of success: the carrier accepts the
// credential of the request.
func (g *Gate) ConvertAnswered(r *http.Request, d *Decision, answer []byte) (freed int64, ok bool) {
	reader, isReader := g.Carrier.(carrier.ConversionReader)
	if !isReader {
		return 0, false
	}
	converted, isConfirmed := g.confirmed(d, answer)
	if !isConfirmed {
		number, verified := reader.Verified(answer)
		if !verified {
			return 0, false
		}
		converted = Conversion{Number: number}
	}
	rules := g.Rules()
	claim := policy.Claim{Carrier: g.Carrier.Name(), Account: d.Account, Holder: d.Account}
	if g.Broker == nil {
		var intent carrier.Intent
		if reader.ReadCredential(r.Header.Get("Authorization"), &intent) != nil {
			return 0, false
		}
		claim.Account, claim.Holder, claim.Credential, claim.Token = converted.Account, intent.Holder, intent.Credential, intent.Token
		claim.Site = g.site(rules)
	}
	return g.convert(rules, rules.Snapshot.Subject(claim), &converted)
}
