package gate

import (
	"net/http"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Question asks what the verdict on one send would be.
type Question struct {
	// Account that pays, by its id at the carrier, and the API key that the request would
	// authenticate with; one of them is enough. An API key as Account stands for the account that it belongs to.
	// Both are canonical.
	Account    string
	Credential string
	Channel    policy.Channel
	// Verification asks about a code that the carrier itself would send.
	Verification bool
	// To is the destination as a request would write it.
	To string
	// Senders that the request would name, as it would write them.
	Senders []string
	// Header are those that the request would have, as far as limits tell requests apart by them.
	Header http.Header
	// AnyHour asks whether the send may pass at some hour: no limit of hours counts.
	AnyHour bool
	// At is when; the zero time is now.
	At time.Time
}

// Explained is the verdict on one send and everything that led to it.
type Explained struct {
	// Subject is whose send it is.
	Subject policy.Subject
	// Send is the send as it was read.
	Send policy.Send
	policy.Verdict
	Steps []policy.Step
	// Hold is the one by which it is refused, nil where none is.
	Hold *limits.Hold
	// Code is the carrier's error code, 0 if the send is allowed, or recorded by choice, or
	// a verification, for which carriers have codes of other operations.
	Code int
	// Rules that it was judged by, and at what time.
	Rules *Rules
	At    time.Time

	// turn is that of what decides, and begins says that the send would begin a hold.
	turn   turn
	begins bool
}

// Explain judges a send as Judge would judge it in a request, and says how it came to
// the verdict.
func (g *Gate) Explain(q *Question) *Explained {
	rules := g.Rules()
	addresses := rules.addresses(g.Carrier, q.Senders)
	e := &Explained{Subject: rules.subject(g.Carrier.Name(), q), Send: rules.send(&addresses.reader, q), Rules: rules, At: g.at(q)}
	send := carrier.Send{Channel: q.Channel, To: q.To, Verification: q.Verification}
	if addresses.read(&e.Send, &send); len(q.Senders) > 0 {
		addresses.judge(&e.Subject, &e.Send, &send, e.At) // for the channel that decides
	}
	e.Verdict, e.Steps = e.Subject.Explain(&e.Send, e.At)
	e.Verdict, e.Steps = e.Subject.ExplainPrice(&e.Send, e.Verdict, e.Steps, rules.Deck, e.At)
	if e.Outcome != policy.Deny {
		channels := policy.ChannelSet(0)
		if len(q.Senders) > 0 {
			channels = addresses.pricedBy(&e.Send, &send)
		}
		g.explainLimits(q, e, channels)
		g.explainMaxCall(e)
	}
	if e.Outcome != policy.Allow && !e.Recorded && !q.Verification {
		e.Code = g.Carrier.Code(carrier.Denial{Reason: e.Reason, Channel: e.Send.Channel, Held: e.Hold != nil || e.begins}, q.Verification)
	}
	return e
}

// JudgeTerritory is the verdict on a territory as a whole, in place of the
// destination of a question.
func (g *Gate) JudgeTerritory(q *Question, class policy.Class, t numbering.Territory) policy.Verdict {
	rules := g.Rules()
	reader := rules.reader(g.Carrier)
	subject := rules.subject(g.Carrier.Name(), q)
	return subject.JudgeTerritory(rules.send(&reader, q), class, t, g.at(q))
}

// subject is whose send a question asks about.
func (rules *Rules) subject(carrier string, q *Question) policy.Subject {
	account := q.Account
	if owner, ok := rules.Snapshot.AccountOfCredential(carrier, account); ok {
		account = owner
	}
	return rules.Snapshot.Subject(policy.Claim{Carrier: carrier, Account: account, Credential: q.Credential})
}

// send is the send that a question asks about, without its destination.
func (rules *Rules) send(reader *address.Reader, q *Question) policy.Send {
	return policy.Send{Channel: q.Channel, Verification: q.Verification, Senders: rules.readSenders(reader, q.Senders, nil)}
}

// at is the time that a question asks about.
func (g *Gate) at(q *Question) time.Time {
	if q.At.IsZero() {
		return g.Now()
	}
	return q.At
}
