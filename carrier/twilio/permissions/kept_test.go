package permissions_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// The account has France open at Twilio for calls and messages, and the policy permits neither.
func TestWhatTheGateLetsThroughIsNotClosed(t *testing.T) {
	now := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	const open = ", messaging: [FR], voice: {low_risk: [FR]}"
	for _, test := range []struct {
		name string
		// own and below are members of the account and of the subaccount.
		own, below, operator string
		// stored is when an opening ends that the policy does not have.
		stored string
		// inherits and unread are of the subaccount's calls, changed of its messages.
		inherits, unread, changed bool
		calls, messages           string
	}{
		{name: "nothing else permits it", inherits: true},
		{name: "the account's rule for a part", own: `, prefixes: [{allow: "+3312", reason: r}]`, calls: `+3312" allows a part of it`, messages: `+3312" allows a part of it`},
		{name: "a rule for one number", own: `, prefixes: [{allow: "+33123456789", reason: r, channel: voice}]`, calls: "allows a part of it"},
		{name: "a rule that has ended", own: `, prefixes: [{allow: "+3312", reason: r, until: 2026-11-29}]`},
		{name: "a rule that blocks", own: `, prefixes: [{block: "+3312", reason: r}]`},
		{name: "a rule for another territory", own: `, prefixes: [{allow: "+3212", reason: r}]`},
		{name: "the operator's rule", operator: "prefixes: [{allow: \"+3312\", reason: r}]\n", calls: "allows a part of it", messages: "allows a part of it"},
		{name: "an opening", own: `, openings: [{territory: FR, channel: voice, reason: r, until: 2026-12-04}]`, calls: "is in force"},
		{name: "an opening of a store", stored: "2026-12-04", calls: "the opening of +33 is kept until 2026-12-04T00:00:00Z", messages: "the opening of +33"},
		{name: "an opening of a store that is over", stored: "2026-11-30"},
		{name: "denials that are only recorded", own: ", monitor: true", calls: "denials are only recorded", messages: "denials are only recorded"},
		{name: "a subaccount that inherits, and whose policy permits it", below: open, inherits: true, calls: child + " may inherit it, for which the policy permits it", messages: child + " may inherit it"},
		{name: "a subaccount that does not inherit calls", below: open, messages: child + " may inherit it"},
		{name: "a subaccount whose messages were changed", below: open, changed: true},
		{name: "a subaccount that could not be read", below: open, unread: true, changed: true, calls: child + " may inherit it", messages: child + " may inherit it"},
		{name: "a rule of a subaccount that inherits", below: `, prefixes: [{allow: "+3312", reason: r, channel: voice}]`, inherits: true, calls: child + " may inherit it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "version: 1\n" + test.operator + "accounts:\n  - {id: " + acme + ", messaging: [US], voice: {low_risk: [US]}" + test.own +
				"}\n  - {id: " + child + ", parent: " + acme + test.below + "}\n"
			document, err := config.ParseFile("policy.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			compiled, err := config.Compile(configtest.AsWritten, document)
			if err != nil {
				t.Fatal(err)
			}
			snapshot, err := policy.New(compiled.Definition)
			if err != nil {
				t.Fatal(err)
			}
			subject := snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: acme})
			a := accountOf(listOf(policy.Messaging, "US", "FR"), listOf(policy.Voice, "US", "FR"))
			sub := accountOf(listOf(policy.Messaging, "US", "FR"), listOf(policy.Voice, "US", "FR"))
			if sub.Inherits = test.inherits; test.changed {
				sub.Lists[policy.Messaging] = listOf(policy.Messaging, "US")
			}
			below := permissions.Below{ID: child, Account: &sub}
			below.Subject = snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: child})
			permitted := permissions.Permitted{Subject: subject}
			if test.stored != "" {
				until, _ := time.Parse(time.DateOnly, test.stored)
				permitted.Openings = []policy.Opening{{Prefix: "33", Until: until}}
			}
			if test.unread {
				below.Account = nil
			}
			steps := plan(&a, &subject, permissions.Choices{Close: true})
			permissions.Keep(steps, &a, &permitted, []permissions.Below{below}, now)
			want := map[policy.Channel]string{policy.Voice: test.calls, policy.Messaging: test.messages}
			if len(steps) != 2 {
				t.Fatalf("the steps are %+v", steps)
			}
			for _, s := range steps {
				entries := permissions.Entries(steps, s.Channel)
				if kept := want[s.Channel]; (kept == "") != (s.Kept == "") || !strings.Contains(s.Kept, kept) || (kept == "") != (len(entries) == 1) {
					t.Errorf("%s is kept as %q and not %q, and written are %+v", s.Channel, s.Kept, kept, entries)
				}
			}
		})
	}
}

func TestWhatIsClosedWithoutAStepIsFound(t *testing.T) {
	before := append(listOf(policy.Voice, "US", "FR", "FR special", "DE"), permissions.Entry{Code: "FR"})
	after := append(listOf(policy.Voice, "FR"), permissions.Entry{Code: "FR"})
	step := permissions.Step{Difference: permissions.Difference{Direction: permissions.Wider, Channel: policy.Voice, Entry: permissions.Entry{Code: "DE"}}}
	for _, test := range []struct {
		name  string
		steps []permissions.Step
		want  string
	}{
		{"one that a step closes is not", []permissions.Step{step}, "US"},
		{"one that no step closes", nil, "DE US"},
		{"nor one that is left", []permissions.Step{{Difference: step.Difference, Missing: permissions.MissingClose}}, "DE US"},
	} {
		got := permissions.Lost(test.steps, policy.Voice, before, after)
		want := strings.Fields(test.want)
		for _, code := range want {
			if !strings.Contains(strings.Join(got, " "), code) {
				t.Errorf("%s: %q lacks %s", test.name, got, code)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %q and not %q", test.name, got, want)
		}
	}
	if got := permissions.Differing(listOf(policy.Voice, "US", "FR"), listOf(policy.Voice, "US", "DE")); len(got) != 2 || got[0].Code == "US" || got[1].Code == "US" {
		t.Errorf("the entries that differ are %+v", got)
	}
}

// Each write is of all classes and by code, so that it would close or open those of another entry.
func TestACallIsNotWrittenWhereItsCountryIsListedTwice(t *testing.T) {
	for name, test := range map[string]struct {
		again permissions.Entry
		want  int
	}{
		"with other permissions": {permissions.Entry{Code: "FR", Open: [policy.ClassCount]bool{policy.HighRiskSpecial: true}}, 0},
		"with the same":          {permissions.Entry{Code: "FR"}, 1},
	} {
		account := config.Account{ID: acme}
		account.Voice = &config.Voice{LowRisk: config.Territories{"FR"}}
		subject := subjectOf(t, config.Document{Accounts: []config.Account{account}}, acme)
		a := accountOf(nil, append(listOf(policy.Voice), test.again))
		steps := plan(&a, &subject, permissions.Choices{})
		if got := permissions.Entries(steps, policy.Voice); len(got) != test.want || len(steps) == 0 {
			t.Errorf("%s: written are %+v", name, got)
		}
	}
}

// What an imported policy says of a number is what the carrier's entry does.
func TestAnImportedPolicyJudgesNumbersAsTheCarrier(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	plan := numbering.Extend(numbering.Default(), nil, numbering.DefaultTollFraud())
	for range 3 {
		a := random(r, 2+r.IntN(4))
		document, _ := permissions.Document([]permissions.Account{a})
		text, err := config.WriteYAML(&document)
		if err != nil {
			t.Fatal(err)
		}
		read, err := config.ParseFile("policy.yaml", text)
		if err != nil {
			t.Fatal(err)
		}
		subject, judged := subjectOf(t, read.Document, acme), 0
		for _, channel := range geo.Channels {
			for _, e := range a.Lists[channel] {
				for class := range policy.ClassCount {
					judged += judgeExamples(t, plan, &subject, channel, class, e)
				}
			}
		}
		if judged < 500 {
			t.Fatalf("only %d numbers were judged", judged)
		}
	}
}

// judgeExamples judges a number of each territory of an entry, and returns how many there are.
func judgeExamples(t *testing.T, plan numbering.Plan, subject *policy.Subject, channel policy.Channel, class policy.Class, e permissions.Entry) (n int) {
	t.Helper()
	country := geo.Countries()[slices.IndexFunc(geo.Countries(), func(c geo.Country) bool { return c.Code == e.Code })]
	for _, territory := range country.On(channel).Territories {
		d := permissions.Difference{Class: class, Territories: []numbering.Territory{territory}}
		digits := d.Example()
		if prefixes := policy.ClassPrefixes(class, territory); digits == "" && len(prefixes) > 0 {
			t.Errorf("%s %s has no number under %v", territory, class, prefixes)
		}
		if digits == "" || channel != policy.Voice && class != policy.LowRisk || !subject.MayState(channel, territory) && !e.Open[class] {
			continue
		}
		number := address.Number{Digits: digits, Assignment: plan.Lookup(digits)}
		send := policy.Send{Channel: channel, Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(number)}}
		v := subject.Judge(&send, time.Now())
		unsupported := geo.Restrictions().Unsupported[channel]
		if allowed := v.Outcome == policy.Allow; allowed != (e.Open[class] && !unsupported.Has(territory)) {
			t.Errorf("%s %s %s: +%s is %v: %s %s", channel, class, e.Code, digits, v.Outcome, v.Reason, v.Rule)
		}
		n++
	}
	return n
}
