package review

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Explanation is the verdict on one send and everything that led to it, as programs
// read it.
type Explanation struct {
	// Destination as it was written, and what it can mean.
	Destination string   `json:"destination"`
	Meaning     string   `json:"meaning"`
	Numbers     []Number `json:"readings"`

	// Account by its id at the carrier, the name of its own that the policy gives it, and
	// its label there.
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
	Label   string `json:"label,omitempty"`
	Channel string `json:"channel"`
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
	// Recorded says that "monitor" is the policy's choice for the range of the number, and
	// not in place of a denial.
	Recorded bool `json:"recorded,omitempty"`

	// Policy is the revision of the policy that was asked.
	Policy string    `json:"policy"`
	At     time.Time `json:"at"`
	Steps  []Step    `json:"steps"`

	// Carrier is the name of the carrier whose error code it is.
	Carrier string `json:"carrier"`
}

// Step is one thing that the verdict looked at, with where that is stated if that was looked up.
type Step struct {
	policy.Step
	Stated *StatedAt `json:"stated,omitempty"`
}

// StatedAt is where something is stated.
type StatedAt struct {
	// Kind of what states it: "account", "opening", "block" (a prefix rule over all accounts),
	// "panic", or "operator" for anything else of the operator's.
	Kind string `json:"kind" enum:"account,opening,block,panic,operator"`
	// ID of that in the store; of an account, its name.
	ID string `json:"id,omitempty"`
	// Account that an opening is of.
	Account string `json:"account,omitempty"`
	// Place is the file and the line, if a file states it; in words if no file says where.
	Place string `json:"place,omitempty"`
}

// Number is one number that a destination can mean.
type Number struct {
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
	// Impossible says why no such number can exist.
	Impossible string `json:"impossible,omitempty"`

	// CallingCode that the number begins with, and the leading digits that
	// decided whose it is and of which kind, both with "+"; Source names the data
	// that decided. A number of an unassigned calling code has none of them, and a range
	// that a policy adds may have no calling code.
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

// Explain asks a gate for the verdict on one send, and how it came to it.
func Explain(g *gate.Gate, q *gate.Question) *Explanation {
	e := g.Explain(q)
	steps := make([]Step, len(e.Steps))
	for i := range e.Steps {
		steps[i].Step = e.Steps[i]
	}
	return &Explanation{
		Destination:   q.To,
		Meaning:       meaningNames[e.Send.Destination.Meaning],
		Numbers:       numbersOf(e),
		Account:       e.Subject.Account(),
		Name:          e.Subject.Name(),
		Label:         e.Subject.Label(),
		Channel:       e.Send.Channel.String(),
		Verification:  q.Verification,
		Territory:     e.Territory.String(),
		TerritoryName: e.Territory.Name(),
		Class:         e.ClassName(e.Send.Channel),
		Verdict:       e.Outcome.String(),
		Reason:        e.Reason,
		Rule:          e.Rule,
		Code:          e.Code,
		UnlistedRange: e.Unlisted,
		Recorded:      e.Recorded,
		Policy:        e.Rules.Snapshot.Revision(),
		At:            e.At,
		Steps:         steps,
		Carrier:       g.Carrier.Name(),
	}
}

// numbersOf lists the numbers that the destination of a send can mean, and how the
// plan knows them.
func numbersOf(e *gate.Explained) []Number {
	list := make([]Number, 0, e.Send.Destination.Numbers.Len())
	for _, n := range e.Send.Destination.Numbers.All() {
		number := Number{
			Number:      "+" + n.Digits,
			Territories: make([]string, 0, len(n.Assignment.Territories)),
			Any:         n.Assignment.Any,
			Kinds:       kindNames(n.Assignment.Kinds),
			Listed:      n.Assignment.Listed,
			Impossible:  n.Assignment.Impossible.String(),
		}
		for _, t := range n.Assignment.Territories {
			number.Territories = append(number.Territories, t.String())
		}
		if n.Assignment.Assigned() {
			number.Class = policy.ClassOf(n.Assignment.Kinds).String()
		}
		origin := e.Rules.Plan.Provenance(n.Digits)
		number.CallingCode, number.Matched, number.Source = withPlus(origin.CallingCode), withPlus(origin.Matched), origin.Source
		if network, ok := numbering.NetworkOf(n.Digits); ok {
			number.Network = &Network{"+" + network.Prefix, network.Name}
		}
		list = append(list, number)
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

// WriteJSONLine writes an explanation as one line of JSON.
func WriteJSONLine(w io.Writer, e *Explanation) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(e)
}
