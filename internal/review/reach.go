package review

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// ReachQuery asks which accounts reach a territory.
type ReachQuery struct {
	// The code of the territory.
	Territory string `json:"territory"`
	// `messaging`, `voice`, `whatsapp` or `rcs`.
	Channel string `json:"channel"`
	// Whether the carrier itself would send a code.
	Verification bool `json:"verification,omitempty"`
	// When, as a date or an RFC 3339 time. Default: now.
	At string `json:"at,omitempty"`
}

// Reachers are the accounts that reach a territory.
type Reachers struct {
	Territory string    `json:"territory"`
	Channel   string    `json:"channel"`
	Policy    string    `json:"policy"`
	At        time.Time `json:"at"`
	// Asked is how many accounts the policy names.
	Asked    int       `json:"asked"`
	Accounts []Reacher `json:"accounts"`
}

// Reacher is one way in which an account reaches a territory.
type Reacher struct {
	Carrier string `json:"carrier,omitempty"`
	// Account by its id at the carrier, or Unnamed for those that the policy does not name.
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
	Label   string `json:"label,omitempty"`
	// Class of risk that it reaches; of messages there is one.
	Class string `json:"class,omitempty"`
	// By is whose permission set it is, "own", "parent" or "default", "opening" for an opening
	// of the account's own, or "allow_rule" for a rule that opens a part of the territory.
	By   string `json:"by"`
	Rule string `json:"rule"`
	// Monitored says that the account reaches all else too: denials are recorded only.
	Monitored bool `json:"monitored,omitempty"`
}

// The ways in which an account reaches a territory.
var byHolder = [...]string{policy.ItsOwn: "own", policy.ItsParent: "parent", policy.TheDefault: "default"}

const (
	byAllowRule = "allow_rule"
	byOpening   = "opening"
)

// byPart has the ways that a reason tells of.
var byPart = map[policy.Reason]string{policy.AllowRule: byAllowRule, policy.Opened: byOpening}

// oneTerritory reads a territory where a group of them, or several, cannot be asked about.
func oneTerritory(text string) (numbering.Territory, error) {
	text = strings.TrimSpace(text)
	if t, ok := numbering.ParseTerritory(text); ok {
		return t, nil
	}
	if group, ok := numbering.ParseGroup(text); ok {
		return 0, fmt.Errorf("%s is a group of territories: ask about one of them, such as %s", group.Name, group.Members()[0])
	}
	if strings.Contains(text, ",") || suggest.IsAll(text) || text == "*" {
		return 0, fmt.Errorf("%q is not one territory: ask about each by itself", text)
	}
	return 0, fmt.Errorf("unknown territory %q%s", text, suggest.TerritoryHint(text))
}

// CheckTerritory says what is wrong with the territory, nil if nothing is.
func (q *ReachQuery) CheckTerritory() error {
	_, err := oneTerritory(q.Territory)
	return err
}

// Reachers answers which accounts of a policy reach a territory.
func (q *ReachQuery) Reachers(side *Side) (*Reachers, error) {
	t, err := oneTerritory(q.Territory)
	if err != nil {
		return nil, err
	}
	channel, ok := policy.ParseChannel(q.Channel)
	if !ok {
		return nil, fmt.Errorf("unknown channel %q%s", q.Channel, config.DidYouMean(q.Channel, policy.ChannelNames))
	}
	at, err := ParseAt(q.At)
	if err != nil {
		return nil, err
	}
	send := policy.Send{Channel: channel, Verification: q.Verification}
	definition := &side.Compiled.Definition
	r := &Reachers{
		Territory: t.String(), Channel: channelName(channel, q.Verification), Policy: side.Snapshot.Revision(), At: at,
		Asked: len(definition.Accounts), Accounts: []Reacher{},
	}
	examples := examplesOf(definition, t)
	for i := range definition.Accounts {
		a := &definition.Accounts[i]
		for _, id := range a.At {
			of := Reacher{Carrier: id.Carrier, Account: id.ID, Name: side.Snapshot.OwnName(id), Label: a.Label, Monitored: a.Monitor.Holds(at) || definition.Observe.Holds(at)}
			r.add(of, side, side.Snapshot.SubjectOf(id), &send, t, examples)
		}
	}
	r.add(Reacher{Account: Unnamed, Monitored: definition.Observe.Holds(at)}, side, side.Snapshot.SubjectOf(unnamed), &send, t, examples)
	return r, nil
}

// examples are numbers of a territory that rules and openings of a policy are about, one a
// prefix: of those that allow or open a part of it, and of those that block it as a whole.
type examples struct{ allowed, blocked []string }

func examplesOf(d *policy.Definition, t numbering.Territory) (e examples) {
	type prefix struct {
		numbers string
		block   bool
	}
	seen := make(map[prefix]bool)
	rulesOf(d, func(_, _ int, rule *policy.Rule) {
		key := prefix{rule.Prefix + exceptions(*rule), rule.Block}
		if seen[key] {
			return
		}
		seen[key] = true
		for _, reach := range reachOf(rule) {
			switch {
			case reach.Territory != t:
			case !rule.Block:
				e.allowed = append(e.allowed, reach.Example)
			case reach.Whole:
				e.blocked = append(e.blocked, reach.Example)
			}
		}
	})
	e.allowed = append(e.allowed, openedExamples(d, t)...)
	return e
}

// openedExamples are numbers of a territory under the prefixes that openings open.
func openedExamples(d *policy.Definition, t numbering.Territory) (examples []string) {
	seen := make(map[string]bool)
	for i := range d.Accounts {
		for k := range d.Accounts[i].Openings {
			prefix := d.Accounts[i].Openings[k].Prefix
			if prefix == "" || seen[prefix] {
				continue
			}
			seen[prefix] = true
			for _, reach := range numbering.ReachOf(prefix) {
				if reach.Territory == t {
					examples = append(examples, reach.Example)
				}
			}
		}
	}
	return examples
}

// judge is the verdict on an example.
func (r *Reachers) judge(side *Side, subject *policy.Subject, send policy.Send, digits string) policy.Verdict {
	number := address.Number{Digits: digits, Assignment: side.Plan.Lookup(digits)}
	send.Destination = address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(number)}
	return subject.Judge(&send, r.At)
}

// isBlocked reports whether a rule blocks the territory as a whole for an account.
func (r *Reachers) isBlocked(side *Side, subject *policy.Subject, send *policy.Send, e *examples) bool {
	return slices.ContainsFunc(e.blocked, func(digits string) bool {
		return r.judge(side, subject, *send, digits).Reason == policy.PrefixBlocked
	})
}

// add adds the ways in which an account reaches a territory.
func (r *Reachers) add(of Reacher, side *Side, subject policy.Subject, send *policy.Send, t numbering.Territory, e examples) {
	basis, blocked := subject.Basis(*send, r.At), r.isBlocked(side, &subject, send, &e)
	told := make(map[string]bool) // the rules and openings that were named
	for class := range classes(send.Channel) {
		v := subject.JudgeTerritory(*send, class, t, r.At)
		if blocked || v.Outcome != policy.Allow {
			continue
		}
		holder, _ := basis.Holder()
		of.By, of.Rule = byHolder[holder], v.Rule
		if v.Reason == policy.Opened {
			of.By, told[v.Rule] = byOpening, true
		}
		if of.Class = ""; send.Channel == policy.Voice {
			of.Class = class.String()
		}
		r.Accounts = append(r.Accounts, of)
	}
	for _, digits := range e.allowed {
		v := r.judge(side, &subject, *send, digits)
		if v.Outcome != policy.Allow || byPart[v.Reason] == "" || told[v.Rule] {
			continue
		}
		told[v.Rule] = true
		of.By, of.Rule = byPart[v.Reason], v.Rule
		if of.Class = ""; send.Channel == policy.Voice {
			of.Class = v.Class.String()
		}
		r.Accounts = append(r.Accounts, of)
	}
}

// WriteReachers writes for people which accounts reach a territory.
func WriteReachers(w io.Writer, r *Reachers) error {
	var p page
	named, unnamed := make(map[string]bool), false
	for i := range r.Accounts {
		if a := &r.Accounts[i]; a.Account == Unnamed {
			unnamed = true
		} else {
			named[a.Carrier+" "+a.Account] = true
		}
	}
	switch {
	case len(r.Accounts) == 0:
		p.line("NO ACCOUNT reaches %s by %s, of %d", withName(r.Territory), r.Channel, r.Asked)
	case unnamed:
		p.line("%s by %s: %s, and those that the policy does not name", withName(r.Territory), r.Channel, accountsText(len(named)))
	default:
		p.line("%s by %s: %s", withName(r.Territory), r.Channel, accountsText(len(named)))
	}
	p.line("  %s, policy %s", when(r.At), r.Policy)
	last := ""
	for i := range r.Accounts {
		a := &r.Accounts[i]
		if heading := a.Carrier + " " + a.Account; heading != last {
			last = heading
			p.line("")
			p.wrapped("", a.heading())
		}
		p.line("  %s", strings.Join(strings.Fields(a.Class+" "+a.words()), " "))
	}
	return p.writeTo(w)
}

// heading names the account.
func (a *Reacher) heading() string {
	if a.Account == Unnamed {
		return "accounts that the policy does not name"
	}
	return whose(a.Account, a.Name, a.Label)
}

// words say by what the account reaches the territory.
func (a *Reacher) words() string {
	words := map[string]string{
		"own":       "by its own set",
		"parent":    "by its parent's set",
		"default":   "by the default",
		byAllowRule: "in part, by a rule",
		byOpening:   "for a time, by an opening",
	}[a.By]
	return words + " (" + a.Rule + ")"
}
