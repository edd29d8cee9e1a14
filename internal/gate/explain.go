package gate

import (
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Question asks what would become of one send.
type Question struct {
	// Account that pays, and the API key that the request would authenticate with; one
	// of them is enough. An API key as Account stands for the account that it belongs to.
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
	// At is when; the zero time is now.
	At time.Time
}

// Explanation is the verdict on one send and everything that led to it.
type Explanation struct {
	// Destination as it was written, and what it can mean.
	Destination string    `json:"destination"`
	Meaning     string    `json:"meaning"`
	Readings    []Reading `json:"readings"`

	Account     string `json:"account"`
	AccountName string `json:"account_name,omitempty"`
	Channel     string `json:"channel"`
	// Verification is true for a code that the carrier itself sends.
	Verification bool `json:"verification,omitempty"`

	Territory     string `json:"territory,omitempty"`
	TerritoryName string `json:"territory_name,omitempty"`
	// Class of a voice destination, or the one that a message is denied for.
	Class string `json:"class,omitempty"`

	Verdict string        `json:"verdict"`
	Reason  policy.Reason `json:"reason"`
	Rule    string        `json:"rule,omitempty"`
	// Code is the carrier's error code, unless the send is allowed or a
	// verification, for which carriers have codes of other operations.
	Code int `json:"code,omitempty"`
	// UnlistedRange is true if the number is in no known range.
	UnlistedRange bool `json:"unlisted_range,omitempty"`

	// Policy is the revision of the policy that was asked.
	Policy string        `json:"policy"`
	At     time.Time     `json:"at"`
	Steps  []policy.Step `json:"steps"`

	// Carrier is the name of the carrier whose error code it is.
	Carrier string `json:"carrier"`
}

// Reading is one number that a destination can mean.
type Reading struct {
	// Number as "+" and E.164 digits.
	Number string `json:"number"`
	// Territories that the number belongs to. Any says that one of them is
	// enough.
	Territories []string `json:"territories"`
	Any         bool     `json:"any"`
	Kinds       []string `json:"kinds"`
	// Class of risk: the riskiest that it may be of.
	Class string `json:"class,omitempty"`
	// Listed is false for a number in no known range.
	Listed bool `json:"listed"`

	// CallingCode that the number begins with, and the leading digits that
	// decided whose it is and of which kind, both with "+"; Source names the data
	// that decided. What is of nobody has none of them, and a range that a policy
	// adds may have no calling code.
	CallingCode string `json:"calling_code,omitempty"`
	Matched     string `json:"matched,omitempty"`
	Source      string `json:"source,omitempty"`
	// Network that has a share of a calling code of no country, where it is known.
	Network *Network `json:"network,omitempty"`
}

// Network is a network beyond any country.
type Network struct {
	// Prefix is "+" and the digits that all its numbers begin with.
	Prefix string `json:"prefix"`
	Name   string `json:"name"`
}

// meaningNames says what a destination turned out to be.
var meaningNames = [...]string{
	address.Missing:    "missing",
	address.Numbers:    "number",
	address.NotANumber: "not_a_number",
	address.Unreadable: "unreadable",
	address.Emergency:  "emergency",
}

// Explain judges a send as Judge would judge it in a request, and says how it
// came to that.
func (g *Gate) Explain(q *Question) *Explanation {
	rules := g.Rules()
	addresses := rules.addresses(g.Carrier, q.Senders)
	subject, send := rules.subject(q), rules.send(&addresses.reader, q)
	addresses.read(&send, &carrier.Send{Channel: q.Channel, To: q.To, Verification: q.Verification})
	at := g.at(q)
	verdict, steps := subject.Explain(&send, at)

	e := &Explanation{
		Destination:   q.To,
		Meaning:       meaningNames[send.Destination.Meaning],
		Readings:      readings(&send, rules.Plan),
		Account:       subject.Account(),
		AccountName:   rules.Snapshot.AccountName(subject.Account()),
		Channel:       q.Channel.String(),
		Verification:  q.Verification,
		Territory:     verdict.Territory.String(),
		TerritoryName: verdict.Territory.Name(),
		Class:         verdict.ClassName(q.Channel),
		Verdict:       verdict.Outcome.String(),
		Reason:        verdict.Reason,
		Rule:          verdict.Rule,
		UnlistedRange: verdict.Unlisted,
		Policy:        rules.Snapshot.Revision(),
		At:            at,
		Steps:         steps,
		Carrier:       g.Carrier.Name(),
	}
	if verdict.Outcome != policy.Allow && !q.Verification {
		e.Code = g.Carrier.Code(verdict.Reason, q.Channel, q.Verification)
	}
	return e
}

// JudgeTerritory is the verdict on a territory as a whole, in place of the
// destination of a question.
func (g *Gate) JudgeTerritory(q *Question, class policy.Class, t numbering.Territory) policy.Verdict {
	rules := g.Rules()
	reader := rules.reader(g.Carrier)
	subject := rules.subject(q)
	return subject.JudgeTerritory(rules.send(&reader, q), class, t, g.at(q))
}

// subject is whose send a question asks about.
func (rules *Rules) subject(q *Question) policy.Subject {
	account := q.Account
	if owner, ok := rules.Snapshot.AccountOfCredential(account); ok {
		account = owner
	}
	return rules.Snapshot.Subject(policy.Claim{Account: account, Credential: q.Credential})
}

// send is the send that a question asks about, without its destination.
func (rules *Rules) send(reader *address.Reader, q *Question) policy.Send {
	return policy.Send{Channel: q.Channel, Verification: q.Verification, Senders: rules.readSenders(reader, q.Senders)}
}

// at is the time that a question asks about.
func (g *Gate) at(q *Question) time.Time {
	if q.At.IsZero() {
		return g.Now()
	}
	return q.At
}

// readings lists the numbers that the destination of a send can mean, and how
// the plan knows them.
func readings(send *policy.Send, plan numbering.Plan) []Reading {
	list := make([]Reading, 0, len(send.Destination.Numbers))
	for i := range send.Destination.Numbers {
		n := &send.Destination.Numbers[i]
		reading := Reading{
			Number:      "+" + n.Digits,
			Territories: make([]string, 0, len(n.Assignment.Territories)),
			Any:         n.Assignment.Any,
			Kinds:       kindNames(n.Assignment.Kinds),
			Listed:      n.Assignment.Listed,
		}
		for _, t := range n.Assignment.Territories {
			reading.Territories = append(reading.Territories, t.String())
		}
		if n.Assignment.Assigned() {
			reading.Class = policy.ClassOf(n.Assignment.Kinds).String()
		}
		origin := plan.Provenance(n.Digits)
		reading.CallingCode, reading.Matched, reading.Source = withPlus(origin.CallingCode), withPlus(origin.Matched), origin.Source
		if network, ok := numbering.NetworkOf(n.Digits); ok {
			reading.Network = &Network{"+" + network.Prefix, network.Name}
		}
		list = append(list, reading)
	}
	return list
}

// withPlus writes leading digits as people do.
func withPlus(digits string) string {
	if digits == "" {
		return ""
	}
	return "+" + digits
}

func kindNames(kinds numbering.KindSet) []string {
	if kinds == 0 {
		return []string{}
	}
	return strings.Split(kinds.String(), "|")
}
