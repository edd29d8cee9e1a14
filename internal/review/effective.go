package review

import (
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Effective is where an account may send by a channel, and by which rule.
type Effective struct {
	// Account by its id at the carrier, the name of its own that the policy gives it, and its
	// label there.
	Account      string `json:"account"`
	Name         string `json:"name,omitempty"`
	Label        string `json:"label,omitempty"`
	Channel      string `json:"channel"`
	Verification bool   `json:"verification,omitempty"`
	// Policy is the revision of the policy that was asked.
	Policy string    `json:"policy"`
	At     time.Time `json:"at"`
	// Monitored says that all else is let through, too, and only recorded.
	Monitored bool `json:"monitored,omitempty"`
	// Closed is why no territory is open, and ClosedBy the rule, if there is one reason.
	Closed   policy.Reason `json:"closed,omitempty"`
	ClosedBy string        `json:"closed_by,omitempty"`
	// Territories that are open as a whole, by their codes; a prefix may decide otherwise.
	Territories []OpenTerritory `json:"territories"`
	// Prefixes are those that rules block or allow and that openings open.
	Prefixes []DecidedPrefix `json:"prefixes"`
}

// OpenTerritory is a territory that an account reaches.
type OpenTerritory struct {
	Territory     string `json:"territory"`
	TerritoryName string `json:"territory_name"`
	// Class of the calls; messages have none.
	Class string `json:"class,omitempty"`
	// By is whose permission set opens it: "own", "parent" or "default"; or "opening".
	By   string `json:"by"`
	Rule string `json:"rule"`
	// Until is when the opening ends.
	Until time.Time `json:"until,omitzero"`
}

// DecidedPrefix is a prefix whose numbers a rule or an opening decides about.
type DecidedPrefix struct {
	Prefix string `json:"prefix"`
	// Except are longer prefixes that it does not decide about.
	Except []string `json:"except,omitempty"`
	// Effect is "block" or "allow" for a rule, or "opening".
	Effect string    `json:"effect"`
	Rule   string    `json:"rule"`
	Reason string    `json:"reason,omitempty"`
	Class  string    `json:"class,omitempty"`
	Until  time.Time `json:"until,omitzero"`
	// Territories with numbers under the prefix.
	Territories []string `json:"territories"`
}

// EffectiveQuery asks where an account may send.
type EffectiveQuery struct {
	Account policy.CarrierAccount
	Send    policy.Send
	// Class of calls that is asked about; nil is all.
	Class *policy.Class
	At    time.Time
}

// Effective answers where an account may send by some rules. They need no definition.
func (q *EffectiveQuery) Effective(rules *gate.Rules) *Effective {
	subject := rules.Snapshot.SubjectOf(q.Account)
	e := &Effective{
		Account: subject.Account(), Name: subject.Name(), Label: subject.Label(),
		Channel: q.Send.Channel.String(), Verification: q.Send.Verification,
		Policy: rules.Snapshot.Revision(), At: q.At, Monitored: subject.IsMonitored(q.At),
		Territories: []OpenTerritory{}, Prefixes: []DecidedPrefix{},
	}
	decided := subject.RulesInForce(q.Send, q.At)
	e.addTerritories(q, &subject, q.blocked(rules, &subject, decided))
	for i := range decided {
		e.addRule(&decided[i])
	}
	for _, o := range subject.OpeningsInForce(q.Send.Channel, q.At) {
		e.addOpening(q, &o)
	}
	return e
}

// blocked are the territories all of whose numbers a rule blocks.
func (q *EffectiveQuery) blocked(rules *gate.Rules, subject *policy.Subject, decided []policy.RuleInForce) (blocked policy.Set) {
	r := Reachers{At: q.At}
	for i := range decided {
		if !decided[i].Rule.Block {
			continue
		}
		for _, reach := range reachOf(&decided[i].Rule) {
			if reach.Whole && r.judge(&Side{Plan: rules.Plan}, subject, q.Send, reach.Example).Reason == policy.PrefixBlocked {
				blocked.Add(reach.Territory)
			}
		}
	}
	return blocked
}

// addTerritories adds the territories that are open as a whole.
func (e *Effective) addTerritories(q *EffectiveQuery, subject *policy.Subject, blocked policy.Set) {
	basis, openings := subject.Basis(q.Send, q.At), subject.OpeningsInForce(q.Send.Channel, q.At)
	holder, _ := basis.Holder()
	var denials []policy.Verdict
	for class := range classes(q.Send.Channel) {
		if q.Class != nil && class != *q.Class {
			continue
		}
		for t := range numbering.AllTerritories() {
			v := subject.JudgeTerritory(q.Send, class, t, q.At)
			if v.Outcome != policy.Allow {
				denials = append(denials, v)
				continue
			}
			if blocked.Has(t) {
				continue
			}
			open := OpenTerritory{Territory: t.String(), TerritoryName: t.Name(), By: byHolder[holder], Rule: v.Rule}
			if q.Send.Channel == policy.Voice {
				open.Class = class.String()
			}
			if v.Reason == policy.Opened {
				open.By = byOpening
				if i := slices.IndexFunc(openings, func(o policy.OpeningInForce) bool { return o.Words == v.Rule }); i >= 0 {
					open.Until = openings[i].Opening.Until
				}
			}
			e.Territories = append(e.Territories, open)
		}
	}
	other := func(v policy.Verdict) bool { return v.Reason != denials[0].Reason || v.Rule != denials[0].Rule }
	if len(e.Territories) == 0 && len(denials) > 0 && !slices.ContainsFunc(denials, other) {
		e.Closed, e.ClosedBy = denials[0].Reason, denials[0].Rule
	}
}

// addRule adds the prefix of a rule.
func (e *Effective) addRule(r *policy.RuleInForce) {
	p := DecidedPrefix{Prefix: "+" + r.Rule.Prefix, Effect: "allow", Rule: r.Words, Reason: r.Rule.Reason, Until: r.Rule.Until}
	if r.Rule.Block {
		p.Effect = "block"
	}
	for _, except := range r.Rule.Except {
		p.Except = append(p.Except, "+"+except)
	}
	p.Territories = reached(reachOf(&r.Rule))
	e.Prefixes = append(e.Prefixes, p)
}

// addOpening adds the prefix of an opening. One of a territory is among the territories.
func (e *Effective) addOpening(q *EffectiveQuery, o *policy.OpeningInForce) {
	if o.Opening.Prefix == "" || q.Class != nil && o.Opening.Class != *q.Class {
		return
	}
	p := DecidedPrefix{Prefix: "+" + o.Opening.Prefix, Effect: byOpening, Rule: o.Words, Reason: o.Opening.Reason, Until: o.Opening.Until}
	if q.Send.Channel == policy.Voice {
		p.Class = o.Opening.Class.String()
	}
	p.Territories = reached(numbering.ReachOf(o.Opening.Prefix))
	e.Prefixes = append(e.Prefixes, p)
}

func reached(list []numbering.Reach) []string {
	territories := make([]string, 0, len(list))
	for _, reach := range list {
		territories = append(territories, reach.Territory.String())
	}
	return territories
}
