package review

import (
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Requirement is what must be enabled: every one of its destinations, for every
// account, by every channel, and for every sender by itself.
type Requirement struct {
	Accounts []policy.CarrierAccount
	// Channels; if empty, messaging and voice, and of the others those that the policy states
	// something of.
	Channels []policy.Channel
	// Verification asks for the codes that the carrier itself sends.
	Verification bool
	// Classes of voice. If empty: low risk, or for networks without low-risk numbers the
	// class of their numbers.
	Classes []policy.Class
	// Senders as a request would name them. Without any, what the account may
	// do is asked.
	Senders []string
	// Destinations: territories as a whole, and numbers as a request would write them.
	// Prefix rules count for the latter only, and a number has its own class.
	Territories []numbering.Territory
	Numbers     []string
	// Exactly asks for the reverse as well: that no territory is enabled in a class in
	// which it is not required. Only the classes that are given, if any, are checked.
	Exactly bool
	// Default asks, where Exactly does, about the accounts that the policy does
	// not name too: nothing that is not required is enabled for them either.
	Default bool
}

// Report says how far a policy meets a Requirement. What is only let through
// because the account is monitored, or the gate observes, is not enabled.
type Report struct {
	Policy string    `json:"policy"`
	At     time.Time `json:"at"`
	// Required is how many destinations are, counted by each account, channel,
	// class and sender.
	Required int `json:"required"`
	// Missing is what is required and not enabled.
	Missing []Finding `json:"missing"`
	// Excess is what is enabled and not required.
	Excess []Finding `json:"excess"`
}

// Finding is one destination that is not as required.
type Finding struct {
	// Carrier and id of the account there, the name of its own that the policy gives it,
	// and its label there.
	Carrier string `json:"carrier,omitempty"`
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
	Label   string `json:"label,omitempty"`
	Channel string `json:"channel"`
	Class   string `json:"class,omitempty"`
	Sender  string `json:"sender,omitempty"`
	// Destination is a territory's code, or a number as it was written.
	Destination string        `json:"destination"`
	Verdict     string        `json:"verdict"`
	Reason      policy.Reason `json:"reason"`
	Rule        string        `json:"rule,omitempty"`
}

// Met reports whether everything is as required.
func (r *Report) Met() bool { return len(r.Missing) == 0 && len(r.Excess) == 0 }

// Check asks, at a time, for all that is required: for each account, the gate that gateOf
// returns for its carrier; for accounts that the policy does not name, that of no carrier
// in particular. All of them judge by the same rules.
func (r *Requirement) Check(gateOf func(carrier string) *gate.Gate, at time.Time) *Report {
	rules := gateOf("").Rules().Snapshot
	report := &Report{Policy: rules.Revision(), At: at, Missing: []Finding{}, Excess: []Finding{}}
	for _, account := range r.Accounts {
		g := gateOf(account.Carrier)
		missing, excess := len(report.Missing), len(report.Excess)
		for _, channel := range r.channels(rules) {
			for _, sender := range r.senders() {
				r.check(g, report, &gate.Question{Account: account.ID, Channel: channel, Verification: r.Verification, Senders: sender, At: at})
			}
		}
		subject := rules.SubjectOf(account)
		for _, found := range [][]Finding{report.Missing[missing:], report.Excess[excess:]} {
			for i := range found {
				found[i].Carrier, found[i].Name, found[i].Label = account.Carrier, subject.Name(), subject.Label()
			}
		}
	}
	if r.Exactly && r.Default {
		for _, channel := range r.channels(rules) {
			r.checkExcess(gateOf(""), report, &gate.Question{Account: Unnamed, Channel: channel, Verification: r.Verification, At: at})
		}
	}
	return report
}

// channels are those to ask for.
func (r *Requirement) channels(rules *policy.Snapshot) []policy.Channel {
	if len(r.Channels) > 0 {
		return r.Channels
	}
	channels := []policy.Channel{policy.Messaging, policy.Voice}
	for channel := range rules.Apart().All() {
		channels = append(channels, channel)
	}
	return channels
}

// check asks for all destinations of one account, channel and sender.
func (r *Requirement) check(g *gate.Gate, report *Report, q *gate.Question) {
	required := policy.SetOf(r.Territories...)
	for t := range required.All() {
		for _, class := range r.classes(g, q.Channel, t) {
			report.Required++
			if v := g.JudgeTerritory(q, class, t); v.Outcome != policy.Allow {
				report.Missing = append(report.Missing, onTerritory(q, class, t, v))
			}
		}
	}
	for _, number := range r.Numbers {
		q := *q
		q.To, q.AnyHour = number, true
		report.Required++
		// What is not a number, or is cut off, is not enabled, though it carries no toll.
		if e := Explain(g, &q); e.Verdict != policy.Allow.String() && !e.Recorded || e.Reason == policy.NotANumber || e.Reason == policy.NoDestination {
			report.Missing = append(report.Missing, onNumber(&q, e))
		}
	}
	if !r.Exactly {
		return
	}
	r.checkExcess(g, report, q)
}

// checkExcess looks for territories that are enabled in a class in which they
// are not required.
func (r *Requirement) checkExcess(g *gate.Gate, report *Report, q *gate.Question) {
	required := policy.SetOf(r.Territories...)
	for _, class := range r.allowedClasses(q.Channel) {
		for t := range numbering.AllTerritories() {
			if required.Has(t) && slices.Contains(r.classes(g, q.Channel, t), class) {
				continue
			}
			if v := g.JudgeTerritory(q, class, t); v.Outcome == policy.Allow {
				report.Excess = append(report.Excess, onTerritory(q, class, t, v))
			}
		}
	}
}

func onTerritory(q *gate.Question, class policy.Class, t numbering.Territory, v policy.Verdict) Finding {
	f := Finding{
		Account:     q.Account,
		Channel:     channelName(q.Channel, q.Verification),
		Sender:      senderOf(q),
		Destination: t.String(),
		Verdict:     v.Outcome.String(),
		Reason:      v.Reason,
		Rule:        v.Rule,
	}
	if q.Channel == policy.Voice {
		f.Class = class.String()
	}
	return f
}

func onNumber(q *gate.Question, e *Explanation) Finding {
	return Finding{
		Account:     e.Account,
		Channel:     channelName(q.Channel, q.Verification),
		Class:       e.Class,
		Sender:      senderOf(q),
		Destination: q.To,
		Verdict:     e.Verdict,
		Reason:      e.Reason,
		Rule:        e.Rule,
	}
}

// senders lists the senders to ask for, one by one; a nil list asks for none in
// particular.
func (r *Requirement) senders() [][]string {
	if len(r.Senders) == 0 {
		return [][]string{nil}
	}
	var each [][]string
	for _, sender := range r.Senders {
		each = append(each, []string{sender})
	}
	return each
}

func senderOf(q *gate.Question) string {
	if len(q.Senders) == 0 {
		return ""
	}
	return q.Senders[0]
}

// classes are those in which a territory must be enabled. Messages have one.
func (r *Requirement) classes(g *gate.Gate, channel policy.Channel, t numbering.Territory) []policy.Class {
	switch {
	case channel != policy.Voice:
		return []policy.Class{policy.LowRisk}
	case len(r.Classes) > 0:
		return r.Classes
	default:
		return []policy.Class{usualClass(g.Rules().Plan, t)}
	}
}

// usualClass is the class that people mean by a territory alone: low risk, except for a
// network without low-risk numbers.
func usualClass(plan numbering.Plan, t numbering.Territory) policy.Class {
	code, isNetwork := strings.CutPrefix(t.String(), "+")
	if !isNetwork {
		return policy.LowRisk
	}
	if class := policy.ClassOf(plan.Lookup(code).Kinds); class != policy.LowRisk {
		return class
	}
	if special := policy.SpecialPrefixes(t); len(special) == 1 && special[0] == (numbering.Prefix{Digits: code, Exact: true}) {
		return policy.HighRiskSpecial
	}
	return policy.LowRisk
}

// allowedClasses are those in which nothing else may be enabled.
func (r *Requirement) allowedClasses(channel policy.Channel) []policy.Class {
	if channel != policy.Voice {
		return []policy.Class{policy.LowRisk}
	}
	return orAll(r.Classes, policy.ClassCount)
}

// orAll returns the list, or all values below the count if it is empty.
func orAll[T ~uint8](list []T, count T) []T {
	if len(list) > 0 {
		return list
	}
	for value := range count {
		list = append(list, value)
	}
	return list
}
