package permissions_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	acme  = "AC11111111111111111111111111111111"
	child = "AC22222222222222222222222222222222"
)

// subjectOf is an account by a policy.
func subjectOf(t *testing.T, d config.Document, id string) policy.Subject {
	t.Helper()
	compiled, err := config.Compile(configtest.AsWritten, config.Source{Document: d})
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: id})
}

// listOf is Twilio's list of a channel, of which some entries are open: "US", or "US special".
func listOf(channel policy.Channel, open ...string) (list permissions.List) {
	for _, c := range geo.Countries() {
		if c.Code == "" || c.On(channel) == nil {
			continue
		}
		e := permissions.Entry{Code: c.Code, Name: c.On(channel).Name}
		e.Open[policy.LowRisk] = slices.Contains(open, c.Code)
		e.Open[policy.HighRiskSpecial] = slices.Contains(open, c.Code+" special")
		list = append(list, e)
	}
	return list
}

func accountOf(messages, calls permissions.List) permissions.Account {
	a := permissions.Account{ID: acme}
	a.Lists[policy.Messaging], a.Lists[policy.Voice] = messages, calls
	return a
}

// asean are the members of a group, of which SG is open by request only.
var asean = []string{"BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"}

// told is a difference in a line.
func told(d *permissions.Difference) string {
	text := fmt.Sprintf("%s %s %s %s: %v", d.Direction, d.Channel, d.Class, d.Entry.Code, d.Territories)
	if len(d.Others) > 0 {
		text += fmt.Sprintf(" and not %v", d.Others)
	}
	return text
}

func TestDifferencesOfEntries(t *testing.T) {
	own := func(list permissions.List, code string) permissions.List {
		return append(list, permissions.Entry{Code: code, Name: code})
	}
	for _, test := range []struct {
		name            string
		channel         policy.Channel
		list            permissions.List
		messaging       []string
		low, special    []string
		approved        string
		want            []string
		unlisted, codes string
	}{
		{name: "the same", channel: policy.Voice, list: listOf(policy.Voice, "US", "DE special"), low: []string{"US", "CA"}, special: []string{"DE"}},
		{name: "an entry that the policy closes", channel: policy.Voice, list: listOf(policy.Voice, "FR"), want: []string{"wider voice low_risk FR: [FR]"}},
		{name: "an entry that the policy opens", channel: policy.Voice, list: listOf(policy.Voice), low: []string{"FR"}, want: []string{"narrower voice low_risk FR: [FR]"}},
		{name: "a part of an open entry", channel: policy.Voice, list: listOf(policy.Voice, "US"), low: []string{"US"}, want: []string{"wider voice low_risk US: [CA] and not [US]"}},
		{name: "a part of a closed entry", channel: policy.Voice, list: listOf(policy.Voice), low: []string{"CA"}, want: []string{"narrower voice low_risk US: [CA] and not [US]"}},
		{name: "a territory with an entry of its own is of no other one", channel: policy.Voice, list: own(listOf(policy.Voice, "US"), "CA"), low: []string{"US"}},
		{name: "another class", channel: policy.Voice, list: listOf(policy.Voice, "FR"), low: []string{"FR"}, special: []string{"FR"}, want: []string{"narrower voice high_risk_special FR: [FR]"}},
		{name: "messages have one class", channel: policy.Messaging, list: listOf(policy.Messaging, "FR special"), messaging: []string{"FR"}, want: []string{"narrower messaging low_risk FR: [FR]"}},
		{name: "what Twilio does not serve is neither", channel: policy.Messaging, list: listOf(policy.Messaging, "IR"), messaging: []string{"CU"}},
		{name: "what is by request, and not named", channel: policy.Voice, list: listOf(policy.Voice, asean...), low: []string{"ASEAN"}, want: []string{"wider voice low_risk SG: [SG]"}},
		{name: "what is by request, and approved", channel: policy.Voice, list: listOf(policy.Voice, asean...), low: []string{"ASEAN"}, approved: "SG"},
		{name: "an entry without a code", channel: policy.Voice, list: append(listOf(policy.Voice), permissions.Entry{Name: "US and Canada"}), codes: `"US and Canada"`},
		{name: "a code that no table has", channel: policy.Voice, list: own(listOf(policy.Voice), "ZZ"), codes: "ZZ"},
		{name: "a territory without an entry", channel: policy.Voice, list: listOf(policy.Voice, "US")[:3], low: []string{"FR"}, unlisted: "FR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			account := config.Account{ID: acme}
			account.Messaging = append(config.Territories{}, test.messaging...)
			account.Voice = &config.Voice{LowRisk: test.low, HighRiskSpecial: test.special}
			if test.approved != "" {
				account.Approved = []config.Approval{{Territory: config.Territory(test.approved), Channel: "voice", Reason: "ticket"}}
			}
			subject := subjectOf(t, config.Document{Accounts: []config.Account{account}}, acme)
			a := permissions.Account{ID: acme}
			a.Lists[test.channel] = test.list
			var got []string
			for _, d := range permissions.Compare(&a, test.channel, &subject) {
				got = append(got, told(&d))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("the differences are %q and not %q", got, test.want)
			}
			var unlisted []string
			for _, territory := range permissions.Unlisted(&a, test.channel, &subject) {
				unlisted = append(unlisted, territory.String())
			}
			if got := strings.Join(unlisted, " "); got != test.unlisted {
				t.Errorf("without an entry are %q and not %q", got, test.unlisted)
			}
			if got := strings.Join(a.Lists[test.channel].Unknown(test.channel), " "); got != test.codes {
				t.Errorf("unknown are %q and not %q", got, test.codes)
			}
		})
	}
}

func TestADifferenceHasANumberOfItsTerritoryAndClass(t *testing.T) {
	for _, test := range []struct {
		territory string
		class     policy.Class
		prefix    string
	}{
		{"CA", policy.LowRisk, "1"}, {"GB", policy.LowRisk, "44"}, {"GB", policy.HighRiskSpecial, "44"}, {"+881", policy.HighRiskTollFraud, "881"},
	} {
		territory, _ := numbering.ParseTerritory(test.territory)
		d := permissions.Difference{Class: test.class, Territories: []numbering.Territory{territory}}
		example := d.Example()
		found := numbering.Extend(numbering.Default(), nil, numbering.DefaultTollFraud()).Lookup(example)
		if !strings.HasPrefix(example, test.prefix) || policy.ClassOf(found.Kinds) != test.class {
			t.Errorf("%s %s has %q, which is %+v", test.territory, test.class, example, found)
		}
	}
}

func TestWhatAPlanLeavesToBeChosen(t *testing.T) {
	for _, test := range []struct {
		name     string
		open     []string
		low      []string
		special  []string
		inherits bool
		choices  permissions.Choices
		want     string
	}{
		{name: "opens", low: []string{"FR"}, want: "opens FR"},
		{name: "closes nothing", open: []string{"FR"}, want: "FR needs close"},
		{name: "closes", open: []string{"FR"}, choices: permissions.Choices{Close: true}, want: "closes FR"},
		{name: "a part of an entry", low: []string{"US"}, want: "US needs widen"},
		{name: "a part of an entry, widened", low: []string{"US"}, choices: permissions.Choices{Widen: true}, want: "opens US"},
		{name: "a part of an entry that is open", open: []string{"US"}, low: []string{"US"}, choices: permissions.Choices{Close: true}},
		{name: "a class of high risk", special: []string{"FR"}, want: "FR needs acknowledge-high-risk"},
		{name: "a territory of high risk", low: []string{"LV"}, want: "LV needs acknowledge-high-risk"},
		{name: "a class of high risk, acknowledged", special: []string{"FR"}, choices: permissions.Choices{AcknowledgeHighRisk: true}, want: "opens FR"},
		{name: "closing what is of high risk", open: []string{"FR special"}, choices: permissions.Choices{Close: true}, want: "closes FR"},
		{name: "an account that inherits", low: []string{"FR"}, inherits: true, want: "FR needs end-inheritance"},
		{name: "an account that inherited", low: []string{"FR"}, inherits: true, choices: permissions.Choices{EndInheritance: true}, want: "opens FR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			account := config.Account{ID: acme}
			account.Voice = &config.Voice{LowRisk: test.low, HighRiskSpecial: test.special}
			subject := subjectOf(t, config.Document{Accounts: []config.Account{account}}, acme)
			a := accountOf(nil, listOf(policy.Voice, test.open...))
			a.Inherits = test.inherits
			var got []string
			for _, s := range permissions.Plan(&a, permissions.Compare(&a, policy.Voice, &subject), test.choices) {
				words := map[bool]string{true: "opens ", false: "closes "}[s.Opens()] + s.Entry.Code
				if s.Missing != "" {
					words = s.Entry.Code + " needs " + s.Missing
				}
				got = append(got, words)
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("the plan is %q and not %q", got, test.want)
			}
		})
	}
}

// random makes an account, of whose entries about one in n is open in each class.
func random(r *rand.Rand, n int) permissions.Account {
	a := accountOf(listOf(policy.Messaging), listOf(policy.Voice))
	for _, channel := range geo.Channels {
		for i := range a.Lists[channel] {
			open := &a.Lists[channel][i].Open
			open[policy.LowRisk] = r.IntN(n) == 0
			if channel == policy.Voice {
				open[policy.HighRiskSpecial], open[policy.HighRiskTollFraud] = r.IntN(n) == 0, r.IntN(n) == 0
			}
		}
	}
	return a
}

// randomPolicy permits an account about one in n territories in each class.
func randomPolicy(r *rand.Rand, n int) (config.Document, [policy.ChannelCount][policy.ClassCount]map[string]bool) {
	var permitted [policy.ChannelCount][policy.ClassCount]map[string]bool
	some := func(channel policy.Channel, class policy.Class) config.Territories {
		codes, set := config.Territories{}, make(map[string]bool)
		for t := range numbering.AllTerritories() {
			if r.IntN(n) == 0 {
				codes, set[t.String()] = append(codes, t.String()), true
			}
		}
		permitted[channel][class] = set
		return codes
	}
	account := config.Account{ID: acme}
	account.Messaging = some(policy.Messaging, policy.LowRisk)
	account.Voice = &config.Voice{
		LowRisk: some(policy.Voice, policy.LowRisk), HighRiskSpecial: some(policy.Voice, policy.HighRiskSpecial),
		HighRiskTollFraud: some(policy.Voice, policy.HighRiskTollFraud),
	}
	none := &config.Unsupported{Messaging: config.Territories{}}
	return config.Document{Accounts: []config.Account{account}, Unsupported: none, ByRequest: &config.ByRequest{Voice: config.Territories{}}}, permitted
}

// The model asks of each territory by itself.
func TestDifferencesAreThoseOfEachTerritory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	notServed := []string{"IR", "SY", "CU"}
	for range 50 {
		a := random(r, 2+r.IntN(4))
		d, permitted := randomPolicy(r, 2+r.IntN(4))
		subject := subjectOf(t, d, acme)
		for _, channel := range geo.Channels {
			want, got := map[string]bool{}, map[string]bool{}
			for _, c := range geo.Countries() {
				at := slices.IndexFunc(a.Lists[channel], func(e permissions.Entry) bool { return e.Code == c.Code && c.Code != "" })
				if at < 0 {
					continue
				}
				for class, set := range permitted[channel] {
					for _, territory := range c.On(channel).Territories {
						code, open := territory.String(), a.Lists[channel][at].Open[class]
						if set != nil && set[code] != open && (channel == policy.Voice || !slices.Contains(notServed, code)) {
							want[fmt.Sprint(open, policy.Class(class), c.Code, code)] = true
						}
					}
				}
			}
			for _, d := range permissions.Compare(&a, channel, &subject) {
				for _, territory := range d.Territories {
					got[fmt.Sprint(d.Direction == permissions.Wider, d.Class, d.Entry.Code, territory)] = true
				}
			}
			for difference := range want {
				if !got[difference] {
					t.Fatalf("%s: %s is not among the differences", channel, difference)
				}
			}
			if len(got) != len(want) || len(want) == 0 {
				t.Fatalf("%s: there are %d differences and not %d", channel, len(got), len(want))
			}
		}
	}
}

// follow makes the entries of a plan those of an account.
func follow(a *permissions.Account, steps []permissions.Step) permissions.Account {
	after := *a
	for _, channel := range geo.Channels {
		after.Lists[channel] = slices.Clone(a.Lists[channel])
		for _, e := range permissions.Entries(steps, channel) {
			i := slices.IndexFunc(after.Lists[channel], func(other permissions.Entry) bool { return other.Code == e.Code })
			after.Lists[channel][i] = e
		}
	}
	return after
}

func plan(a *permissions.Account, subject *policy.Subject, c permissions.Choices) (steps []permissions.Step) {
	for _, channel := range geo.Channels {
		steps = append(steps, permissions.Plan(a, permissions.Compare(a, channel, subject), c)...)
	}
	return steps
}

func TestAPlanWithoutChoicesOnlyOpensWhatIsPermitted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		a := random(r, 2+r.IntN(4))
		d, _ := randomPolicy(r, 2+r.IntN(4))
		subject := subjectOf(t, d, acme)
		steps := plan(&a, &subject, permissions.Choices{})
		after := follow(&a, steps)
		if left := permissions.NotDone(steps, &after); len(left) > 0 {
			t.Fatalf("%d steps are not done", len(left))
		}
		for _, channel := range geo.Channels {
			wide := make(map[string]bool) // before
			for _, d := range permissions.Compare(&a, channel, &subject) {
				wide[told(&d)] = d.Direction == permissions.Wider
			}
			for _, d := range permissions.Compare(&after, channel, &subject) {
				if d.Direction == permissions.Wider && !wide[told(&d)] {
					t.Fatalf("it opened what the policy closes: %s", told(&d))
				}
			}
			for i, e := range after.Lists[channel] {
				for class, was := range a.Lists[channel][i].Open {
					if was && !e.Open[class] {
						t.Fatalf("%s: it closed %s", channel, e.Code)
					}
				}
			}
		}
	}
}

func TestAStepIsDoneIfAllEntriesOfItsCountryShowIt(t *testing.T) {
	entry := func(open bool) permissions.Entry {
		e := permissions.Entry{Code: "DO"}
		e.Open[policy.LowRisk] = open
		return e
	}
	steps := []permissions.Step{{Difference: permissions.Difference{Direction: permissions.Narrower, Channel: policy.Messaging, Entry: entry(false)}}}
	for _, test := range []struct {
		name string
		list permissions.List
		left int
	}{
		{"open", permissions.List{entry(true)}, 0},
		{"open for all prefixes", permissions.List{entry(true), entry(true)}, 0},
		{"open for some prefixes", permissions.List{entry(true), entry(false)}, 1},
		{"closed", permissions.List{entry(false)}, 1},
		{"no longer listed", permissions.List{{Code: "DE"}}, 1},
	} {
		after := accountOf(test.list, nil)
		if left := permissions.NotDone(steps, &after); len(left) != test.left {
			t.Errorf("%s: %d are left", test.name, len(left))
		}
	}
}

func TestAPlanWithAllChoicesLeavesOnlyWhatTwilioCannotSay(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	all := permissions.Choices{Close: true, Widen: true, AcknowledgeHighRisk: true, EndInheritance: true}
	for range 50 {
		a := random(r, 2+r.IntN(4))
		d, _ := randomPolicy(r, 2+r.IntN(4))
		subject := subjectOf(t, d, acme)
		steps := plan(&a, &subject, all)
		if len(steps) == 0 || len(permissions.NotDone(steps, &a)) != len(steps) {
			t.Fatalf("of %d steps, some are done before", len(steps))
		}
		after := follow(&a, steps)
		for _, channel := range geo.Channels {
			for _, d := range permissions.Compare(&after, channel, &subject) {
				if !d.IsForced() {
					t.Fatalf("there is left %s", told(&d))
				}
			}
		}
	}
}

func TestAnImportedPolicyPermitsTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		parent, sub := random(r, 2+r.IntN(4)), random(r, 2+r.IntN(4))
		sub.ID, sub.Parent = child, acme
		if sub.Inherits = r.IntN(2) == 0; sub.Inherits {
			sub.Lists[policy.Voice] = parent.Lists[policy.Voice]
		}
		if r.IntN(2) == 0 {
			sub.Lists[policy.Messaging] = parent.Lists[policy.Messaging]
		}
		document, notes := permissions.Document([]permissions.Account{parent, sub})
		if stated := document.Accounts[1].Voice != nil; stated == sub.Inherits || len(notes) == 0 {
			t.Fatalf("the subaccount is %+v, %q", document.Accounts[1], notes)
		}
		for _, a := range []*permissions.Account{&parent, &sub} {
			subject := subjectOf(t, document, a.ID)
			for _, channel := range geo.Channels {
				for _, d := range permissions.Compare(a, channel, &subject) {
					t.Fatalf("account %s is not as it was: %s", a.ID, told(&d))
				}
			}
		}
	}
}

func TestWhatAnImportNotes(t *testing.T) {
	a := accountOf(append(listOf(policy.Messaging, "FR"), permissions.Entry{Code: "ZZ"}), listOf(policy.Voice, "US", "GB special"))
	a.Parent, a.Inherits, a.Label = child, true, "Acme \"{env.HOME}\"\n\x1b[31m"
	document, notes := permissions.Document([]permissions.Account{a})
	want := []string{
		"account " + acme + " is a subaccount of " + child + ", which is not here: what it inherits is stated as its own",
		"account " + acme + ": Twilio has entries for messaging whose territories are not known, and which are left out: ZZ",
		"Twilio has one entry for several territories, each of which is permitted here: GB (voice) is GB GG IM JE, US (voice) is CA US",
		"Twilio's permissions for messages do not hold for WhatsApp, those of a policy do: state whatsapp where it should be wider",
	}
	if !slices.Equal(notes, want) {
		t.Errorf("the notes are %q", notes)
	}
	got := document.Accounts[0]
	if got.Parent != "" || got.Voice == nil || got.Label != "Acme '(env.HOME)' [31m" {
		t.Errorf("the account is %+v", got)
	}
	short := accountOf(listOf(policy.Messaging)[1:], listOf(policy.Voice)[:100])
	first := listOf(policy.Messaging)[0].Code
	all := len(listOf(policy.Voice))
	_, notes = permissions.Document([]permissions.Account{short})
	if notes[0] != "account "+acme+": Twilio's list for messaging does not have "+first+", which are not permitted here" ||
		!strings.HasSuffix(notes[1], fmt.Sprintf(" and %d more, which are not permitted here", all-110)) {
		t.Errorf("the notes are %q", notes)
	}
	a.Parent = "" // as where an API key may not ask for the account
	if _, notes = permissions.Document([]permissions.Account{a}); notes[0] != "account "+acme+": its calls inherit from an account that is not known, and are stated as its own" {
		t.Errorf("the notes are %q", notes)
	}
}
