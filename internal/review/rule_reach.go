package review

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// RuleReach is what a prefix rule covers, and whom it concerns.
type RuleReach struct {
	// Rule in words, as in the logs: "operator block +1".
	Rule string `json:"rule"`
	// Account whose rule it is, as the policy calls it; empty for the operator's.
	Account string `json:"account,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Place
	// Territories with listed numbers that begin with the prefix.
	Territories []ReachedTerritory `json:"territories"`
	// Accounts of the policy for which the rule makes a difference: a block closes, or an
	// allow opens, the example of a territory here.
	Accounts int `json:"accounts"`
	// Unnamed says that it makes one for accounts that the policy does not name.
	Unnamed bool `json:"unnamed"`
	// Wide says that the rule covers more than its author may mean.
	Wide bool `json:"wide"`

	block bool
	// examples are those of the territories.
	examples []address.Number
}

// ReachedTerritory is a territory that a prefix rule covers, in part or whole.
type ReachedTerritory struct {
	Code string `json:"code"`
	Name string `json:"name"`
	// Example is a number that the rule covers, with "+", and Class its own.
	Example string `json:"example"`
	Class   string `json:"class"`
	// Whole says that all listed numbers of the territory begin with the prefix.
	Whole bool `json:"whole"`
	// Shared says that the numbers belong to all the territories here.
	Shared bool `json:"shared,omitempty"`
}

// ruleReach says what a rule of an owner covers: "operator", or "account" and its ID.
func ruleReach(owner string, rule *policy.Rule, plan numbering.Plan) RuleReach {
	r := RuleReach{
		Rule:        rule.WordsOf(owner),
		Reason:      rule.Reason,
		Territories: []ReachedTerritory{},
		block:       rule.Block,
	}
	for _, reach := range reachOf(rule) {
		example := address.Number{Digits: reach.Example, Assignment: plan.Lookup(reach.Example)}
		r.examples = append(r.examples, example)
		r.Territories = append(r.Territories, ReachedTerritory{
			Code:    reach.Territory.String(),
			Name:    reach.Territory.Name(),
			Example: "+" + reach.Example,
			Class:   policy.ClassOf(example.Assignment.Kinds).String(),
			Whole:   reach.Whole,
			Shared:  reach.Shared,
		})
	}
	r.Wide = r.isWide()
	return r
}

// isWide reports whether a rule covers numbers of several territories that are theirs
// alone, or allows all numbers of one. To block all of one is a decision that its prefix
// shows.
func (r *RuleReach) isWide() bool {
	switch len(r.Territories) {
	case 0:
		return false
	case 1:
		return !r.block && r.Territories[0].Whole
	}
	return !r.Territories[0].Shared
}

// population is the accounts of a policy, for asking whom a rule concerns. Accounts that are
// judged alike are asked once. Whether rules or none decide, most have their sets in common.
type population struct {
	plan    numbering.Plan
	now     time.Time
	members []*member
	// ofAccount are the accounts that a rule of an account may reach: itself and its
	// subaccounts.
	ofAccount map[string][]*member
	unnamed   member
}

// member is accounts that are judged alike: one that has rules, or a parent that has, or
// all that depend on the same.
type member struct {
	subject policy.Subject
	count   int
	// enabled are the territories that it reaches where no rule decides.
	enabled [policy.ChannelCount]*enabledSets
}

// enabledSets are the territories of a channel, class by class.
type enabledSets [policy.ClassCount]policy.Set

func newPopulation(side *Side, now time.Time) *population {
	p := &population{plan: side.Plan, now: now, ofAccount: make(map[string][]*member)}
	accounts := side.Compiled.Definition.Accounts
	hasRules := make(map[string]bool)
	for i := range accounts {
		hasRules[accounts[i].ID] = len(accounts[i].Rules) > 0
	}
	known := make(map[channelBasis]*enabledSets)
	alike := make(map[[policy.ChannelCount]*enabledSets]*member)
	for i := range accounts {
		a := &accounts[i]
		if len(a.At) == 0 {
			continue
		}
		m := p.newMember(side.Snapshot.SubjectOf(a.At[0]), known)
		if hasRules[a.ID] || hasRules[a.Parent] {
			p.members = append(p.members, m)
			p.ofAccount[a.ID] = append(p.ofAccount[a.ID], m)
			p.ofAccount[a.Parent] = append(p.ofAccount[a.Parent], m)
			continue
		}
		if first := alike[m.enabled]; first != nil {
			first.count++
			continue
		}
		alike[m.enabled] = m
		p.members = append(p.members, m)
	}
	p.unnamed = *p.newMember(side.Snapshot.SubjectOf(unnamed), known)
	return p
}

// channelBasis is what the territories depend on that an account reaches by a channel.
type channelBasis struct {
	channel policy.Channel
	policy.Basis
}

// newMember is one account. Where another has the same basis, both have the same sets.
func (p *population) newMember(subject policy.Subject, known map[channelBasis]*enabledSets) *member {
	m := &member{subject: subject, count: 1}
	for channel := range policy.ChannelCount {
		send := policy.Send{Channel: channel}
		basis := channelBasis{channel, subject.Basis(send, p.now)}
		if known[basis] == nil {
			known[basis] = new(enabledSets)
			for class := range policy.ClassCount {
				known[basis][class] = subject.Enabled(send, class, p.now)
			}
		}
		m.enabled[channel] = known[basis]
	}
	return m
}

// count counts the accounts that a rule concerns.
func (p *population) count(r *RuleReach, rule *policy.Rule, account string) {
	r.Accounts, r.Unnamed = 0, false
	members := p.members
	if account != "" {
		members = p.ofAccount[account]
	} else {
		r.Unnamed = p.concerns(r, rule, &p.unnamed)
	}
	for _, m := range members {
		if p.concerns(r, rule, m) {
			r.Accounts += m.count
		}
	}
}

// concerns reports whether a rule decides for an account about one of its examples, and
// what no rule names would be decided otherwise.
func (p *population) concerns(r *RuleReach, rule *policy.Rule, m *member) bool {
	for channel := range policy.ChannelCount {
		if rule.Channel != nil && !rule.Channel.Covers(channel) {
			continue
		}
		for i := range r.examples {
			example := &r.examples[i]
			// The sets say for most accounts that the rule makes no difference.
			if m.reaches(channel, &example.Assignment) == r.block && p.decides(r, channel, example, &m.subject) {
				return true
			}
		}
	}
	return false
}

// reaches reports whether an account may reach a number where no rule decides.
func (m *member) reaches(channel policy.Channel, assignment *numbering.Assignment) (enabled bool) {
	set := &m.enabled[channel][policy.ClassOf(assignment.Kinds)]
	for _, t := range assignment.Territories {
		enabled = set.Has(t)
		if enabled == assignment.Any { // one is enough, or one that is missing is
			break
		}
	}
	return enabled
}

// decides reports whether a rule decides for an account about a number.
func (p *population) decides(r *RuleReach, channel policy.Channel, number *address.Number, subject *policy.Subject) bool {
	send := policy.Send{Channel: channel, Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(*number)}}
	verdict := subject.Judge(&send, p.now)
	reason := policy.AllowRule
	if r.block {
		reason = policy.PrefixBlocked
	}
	return verdict.Reason == reason && verdict.Rule == r.Rule
}

// rulesOf yields the rules of a definition with whose they are: the index of the account,
// -1 for the operator.
func rulesOf(d *policy.Definition, yield func(account, index int, rule *policy.Rule)) {
	for i := range d.Rules {
		yield(-1, i, &d.Rules[i])
	}
	for k := range d.Accounts {
		for i := range d.Accounts[k].Rules {
			yield(k, i, &d.Accounts[k].Rules[i])
		}
	}
}

// measurer measures rules of one policy. Whom they concern is found out when that is first
// asked.
type measurer struct {
	side       *Side
	now        time.Time
	population *population
}

// measure says what a rule covers, and if it is wide or all are asked for, whom it concerns.
func (m *measurer) measure(account string, rule *policy.Rule, all bool) RuleReach {
	owner := "operator"
	if account != "" {
		owner = "account " + account
	}
	r := ruleReach(owner, rule, m.side.Plan)
	r.Account = account
	if !r.Wide && !all {
		return r
	}
	if m.population == nil {
		m.population = newPopulation(m.side, m.now)
	}
	m.population.count(&r, rule, account)
	return r
}

// Rules measures the rules of a policy at a time: all of them, or only those that are wide.
func (s *Reviewed) Rules(now time.Time, all bool) []RuleReach {
	m := measurer{side: &s.Side, now: now}
	list := []RuleReach{}
	definition := &s.Compiled.Definition
	rulesOf(definition, func(account, index int, rule *policy.Rule) {
		id, path := "", pathOf("prefixes", index)
		if account >= 0 {
			id, path = definition.Accounts[account].ID, pathOf("accounts", account)+"."+path
		}
		if r := m.measure(id, rule, all); r.Wide || all {
			r.Place = s.place(path)
			list = append(list, r)
		}
	})
	return list
}
