package policy_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/policy"
)

var stepOrder = []policy.StepName{
	policy.StepAccount, policy.StepDestination, policy.StepPrefix, policy.StepPanic, policy.StepUnsupported,
	policy.StepByRequest, policy.StepPermissionSet, policy.StepTrial, policy.StepSender, policy.StepExistence,
}

// reasonsOf says which step gives which reasons, and with which finding.
var reasonsOf = map[policy.StepName]map[policy.Finding][]policy.Reason{
	policy.StepAccount: {policy.Denies: {policy.CredentialUnknown, policy.CredentialForeign, policy.AccountSuspended, policy.AccountUnknown}},
	policy.StepPanic:   {policy.Denies: {policy.PanicClosed}},
	policy.StepDestination: {
		policy.Denies: {policy.DestinationUnreadable, policy.UnassignedCode},
		policy.Allows: {policy.NoDestination, policy.NotANumber, policy.EmergencyCall},
	},
	policy.StepPrefix:      {policy.Denies: {policy.PrefixBlocked}, policy.Allows: {policy.AllowRule}},
	policy.StepUnsupported: {policy.Denies: {policy.Unsupported}},
	policy.StepByRequest:   {policy.Denies: {policy.ByRequest}},
	policy.StepPermissionSet: {
		policy.Denies:  {policy.TerritoryNotEnabled, policy.ClassNotEnabled, policy.UnallocatedRange},
		policy.Records: {policy.UnallocatedRange},
		policy.Allows:  {policy.Enabled, policy.Opened},
	},
	policy.StepTrial:     {policy.Denies: {policy.TrialRestricted}},
	policy.StepSender:    {policy.Denies: {policy.SenderNotEnabled, policy.ServiceUnscoped}},
	policy.StepExistence: {policy.Denies: {policy.ImpossibleNumber}},
}

// TestExplainAgreesWithJudge holds what Explain says against the verdict, on
// random policies.
func TestExplainAgreesWithJudge(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range uint64(3_000) {
		g := generator{rand.New(rand.NewPCG(seed, i))}
		b := g.book()
		snapshot, err := policy.New(b.definition())
		if err != nil {
			t.Fatal(err)
		}
		for range sendsPerPolicy {
			in, now := g.intent(b), g.now()
			in.stored, in.control = false, ""
			verdict, steps := in.subject(snapshot).Explain(in.send(), now)
			problem := ""
			if judged := in.subject(snapshot).Judge(in.send(), now); verdict != judged {
				problem = fmt.Sprintf("Explain says %+v, Judge %+v", verdict, judged)
			} else {
				problem = disorder(verdict, steps)
			}
			if problem != "" {
				t.Fatalf("seed %d, policy %d: %s\n%s\nsend %+v\n%+v\n%s", seed, i, problem, b, in, verdict, table(steps))
			}
		}
	}
}

// disorder says what is wrong with the steps to a verdict, or "".
func disorder(v policy.Verdict, steps []policy.Step) string {
	var deciding []policy.Step
	place, number := 0, ""
	for i, s := range steps {
		at := slices.Index(stepOrder, s.Name)
		switch {
		case s.Text == "" || at < 0:
			return fmt.Sprintf("step %d says nothing", i)
		case s.Number != number && s.Name != policy.StepDestination:
			return fmt.Sprintf("step %d is about another number, which no destination step began", i)
		case at < place && s.Name != policy.StepDestination:
			return fmt.Sprintf("step %d comes after a later one", i)
		}
		place, number = at, s.Number
		if s.Decides {
			deciding = append(deciding, s)
		}
	}
	if len(deciding) != 1 {
		return fmt.Sprintf("%d steps decide", len(deciding))
	}
	d := deciding[0]
	if !slices.Contains(reasonsOf[d.Name][d.Outcome], v.Reason) {
		return fmt.Sprintf("the deciding step %s %s does not give %s", d.Name, d.Outcome, v.Reason)
	}
	if v.Outcome == policy.Deny && v.Reason != policy.AccountSuspended && v.Reason != policy.AccountUnknown {
		if last := steps[len(steps)-1]; last.Outcome != policy.Denies {
			return "what is denied for good goes on"
		}
	}
	owner := strings.Replace(d.Level, "parent ", "account ", 1)
	stated := v.Rule != "" && !strings.HasPrefix(v.Rule, "nothing stated")
	switch d.Name {
	case policy.StepPrefix, policy.StepPermissionSet, policy.StepTrial, policy.StepSender:
		if stated && !strings.HasPrefix(v.Rule, owner+" ") {
			return fmt.Sprintf("the rule %q decides, and the step says %q", v.Rule, d.Level)
		}
	}
	return ""
}

func table(steps []policy.Step) string {
	var b strings.Builder
	for _, s := range steps {
		mark := ' '
		if s.Decides {
			mark = '>'
		}
		fmt.Fprintf(&b, "%c %-15s %-15s %s\n", mark, s.Name, s.Outcome, strings.TrimSpace(s.Level+" "+s.Text))
	}
	return b.String()
}

// TestTheStepsReadAsSentences holds the words of every kind of step.
func TestTheStepsReadAsSentences(t *testing.T) {
	us, few, all := places("US"), places("US", "CA", "GB"), places("*")
	channel := policy.Voice
	free := number{digits: "4999999999", territories: []string{"DE"}, unlisted: true}
	deniesUnallocated := choices{unallocated: [policy.ChannelCount]string{policy.Messaging: "deny"}}
	named := func(b book, edit func(d *policy.Definition)) policy.Definition {
		d := b.definition()
		for i := range d.Accounts {
			d.Accounts[i].Label = []string{"Acme", "Acme Brazil"}[i]
		}
		if edit != nil {
			edit(&d)
		}
		return d
	}
	for _, c := range []struct {
		says       string
		definition policy.Definition
		in         intent
	}{
		{"a territory that is not enabled", named(one(account{permits: few}), nil), sms(inDE)},
		{"a territory that is enabled", named(one(account{permits: few}), nil), sms(inUS)},
		{"a child that inherits", named(one(account{permits: few}), nil), sms(inDE).by(sub)},
		{"an unknown account without a default", named(one(account{permits: few}), nil), sms(inDE).by(unnamedAccount)},
		{"an unknown account under the default", named(func() book { b := one(account{}); b.def = &us; return b }(), nil), sms(inDE).by(unnamedAccount)},
		{"no account at all", named(one(account{permits: few}), nil), sms(inDE).by("")},
		{"no account at a site that has one", named(func() book { b := one(account{}); b.def = &us; return b }(), nil), sms(inDE).by("").at(unnamedAccount)},
		{"a credential of another tree", named(one(account{permits: few}), nil), sms(inDE).under(sub)},
		{"an unnamed child by its credential", named(one(account{permits: few, monitor: true}), nil), sms(inDE).by(unnamedAccount).under(company)},
		{"no level states the channel", named(one(account{}), nil), sms(inDE)},
		{"all territories", named(one(account{permits: all}), nil), call(inDE)},
		{"a class that is not enabled", named(one(account{permits: us}), nil), call(premiumUS)},
		{"a range of two classes", named(one(account{permits: permits{voice: [][]string{{"US"}, {"US", "CA"}}}}), nil), call(lowOrPremiumUS)},
		{"a number that belongs to one of two", named(one(account{permits: places("CA")}), nil), sms(tollFree)},
		{"a number that belongs to both of two", named(one(account{permits: places("RU", "KZ", "US")}), nil), sms(ruOrKZ)},
		{"two numbers of which the second is not enabled", named(one(account{permits: us}), nil), sms(inUS, inDE)},
		{"a block with its reason and end", named(one(account{permits: all}), func(d *policy.Definition) {
			d.Rules = []policy.Rule{{Block: true, Prefix: "4915", Reason: "pumping, incident 4711", Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}}
		}), sms(inDE)},
		{"a block that ended and one for calls only", named(one(account{permits: all}), func(d *policy.Definition) {
			d.Rules = []policy.Rule{{Block: true, Prefix: "4915", Reason: "pumping", Until: noon}}
			d.Accounts[0].Rules = []policy.Rule{{Block: true, Prefix: "49", Channel: &channel, Reason: "no calls"}}
		}), sms(inDE)},
		{"a block that excepts the number", named(one(account{permits: all}), func(d *policy.Definition) {
			d.Rules = []policy.Rule{{Block: true, Prefix: "49", Reason: "pumping", Except: []string{"49160", "4915"}}}
		}), sms(inDE)},
		{"a block of messages that excepts the number of an app", named(one(account{permits: all}), func(d *policy.Definition) {
			messages := policy.Messaging
			d.Rules = []policy.Rule{{Block: true, Prefix: "49", Channel: &messages, Reason: "pumping", Except: []string{"4915"}}}
		}), sms(inDE).through(policy.WhatsApp)},
		{"a block that begins later", named(one(account{permits: all}), func(d *policy.Definition) {
			d.Rules = []policy.Rule{{Block: true, Prefix: "4915", Reason: "pumping", From: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}}
		}), sms(inDE)},
		{"an allow rule", named(one(account{rules: []rule{allow("4915")}}), nil), sms(inDE)},
		{"an allow rule that does not reach a child", named(two(account{rules: []rule{allow("4915")}}, account{permits: us}), nil), sms(inDE).by(sub)},
		{"a territory that the carrier does not serve", named(one(account{permits: all}), nil), sms(inIR)},
		{"a prefix that WhatsApp does not serve", named(one(account{permits: all}), nil), sms(crimea).through(policy.WhatsApp)},
		{"a territory opened on request", named(one(account{permits: all}), nil), call(inSG)},
		{"a territory approved on record", named(one(account{permits: all, approved: []string{"SG"}}), nil), call(inSG)},
		{"a territory named outright", named(one(account{permits: places("SG")}), nil), call(inSG)},
		{"an operator's allow in place of an approval", named(one(account{}, allow("65")), nil), call(inSG)},
		{"a trial away from home", named(one(account{permits: all, home: "US", trial: true}), nil), sms(inDE)},
		{"a trial that calls who was verified", named(one(account{home: "US", trial: true, verified: []string{inUS.digits}}), nil), call(inUS)},
		{"senders", named(one(account{permits: all, senders: []sender{{"acme", us}, {"+14155550199", permits{voice: [][]string{{"US"}}}}}}), nil), sms(inDE).from("+14155550198", "+14155550199", "acme")},
		{"a verification by a set of its own", named(two(account{verify: us}, account{permits: few}), nil), sms(inDE).by(sub).verifies()},
		{"a verification by the default's set", named(func() book { b := one(account{permits: few}); b.verify = us; return b }(), nil), call(inUS).by(sub).verifies()},
		{"a verification as all other messages", named(one(account{permits: few}), nil), sms(inUS).verifies()},
		{"a service without a set", named(one(account{permits: all, choices: choices{unscopedService: "deny"}}), nil), sms(inDE).by(sub).from("acme", service)},
		{"a service without a set where the operator denies such", named(func() book { b := one(account{permits: all}); b.unscopedService = "deny"; return b }(), nil), sms(inDE).from(service)},
		{"a message to a premium number", named(one(account{permits: all, choices: choices{messagingSpecial: "deny"}}), nil), sms(premiumUS).by(sub)},
		{"a message to what may be a premium number", named(operatorDeniesSpecial(one(account{permits: all})), nil), sms(lowOrPremiumUS)},
		{"a range that no plan has assigned", named(one(account{permits: all}), nil), sms(free).by(sub)},
		{"such a range where an account denies it", named(one(account{permits: all, choices: deniesUnallocated}), nil), sms(free).by(sub)},
		{"such a range where the operator allows it", named(func() book { b := one(account{permits: all}); b.unallocated[policy.Messaging] = "allow"; return b }(), nil), sms(free)},
		{"such a range from a sender that may not", named(one(account{permits: all, senders: []sender{{"acme", us}}}), nil), sms(free).from("acme")},
		{"a suspended parent", named(one(account{permits: all, suspended: true}), nil), sms(inDE).by(sub)},
		{"an unassigned calling code", named(one(account{permits: all}), nil), sms(unassigned)},
		{"a number that cannot exist", named(one(account{permits: us}), nil), sms(impossible)},
		{"a number that cannot exist beside one that may", named(one(account{permits: all}), nil), sms(impossible, inUS)},
		{"an address without toll", named(one(account{}), nil), sms().to(address.NotANumber)},
		{"no destination", named(one(account{}), nil), sms().to(address.Missing)},
		{"an unreadable destination", named(one(account{}), nil), sms().to(address.Unreadable)},
		{"a suspension with its reason and end", named(one(account{permits: all}), func(d *policy.Definition) {
			d.Accounts[0].Suspended = policy.Switch{On: true, Reason: "unpaid", Until: noon.AddDate(0, 1, 0)}
		}), sms(inDE)},
		{"what ended", named(one(account{permits: all}), func(d *policy.Definition) {
			ended := policy.Switch{On: true, Reason: "first week", Until: noon}
			d.Observe, d.Accounts[0].Suspended, d.Accounts[0].Monitor = ended, ended, ended
		}), sms(inDE)},
		{"a gate that observes", named(one(account{}), func(d *policy.Definition) { d.Observe.On = true }), sms(inDE)},
	} {
		t.Run(c.says, func(t *testing.T) {
			snapshot, err := policy.New(c.definition)
			if err != nil {
				t.Fatal(err)
			}
			verdict, steps := c.in.subject(snapshot).Explain(c.in.send(), noon)
			if problem := disorder(verdict, steps); problem != "" {
				t.Error(problem)
			}
			got := fmt.Sprintf("%s %s %s\n%s", verdict.Outcome, verdict.Reason, verdict.Territory, table(steps))
			file := filepath.Join("testdata", "steps", strings.ReplaceAll(c.says, " ", "_")+".golden")
			harness.Golden(t, file, got)
		})
	}
}
