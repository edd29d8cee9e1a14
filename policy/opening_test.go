package policy_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/policy"
)

// opens is an opening that is in force at noon.
func opens(territory string) opening { return opening{territory: territory, until: noon.Add(1)} }

func (o opening) only(channel string) opening   { o.channel = channel; return o }
func (o opening) of(class policy.Class) opening { o.class = class; return o }
func (o opening) acknowledges() opening         { o.acknowledged = true; return o }
func (o opening) begins(t time.Time) opening    { o.from = t; return o }
func (o opening) ends(t time.Time) opening      { o.until = t; return o }
func opensPrefix(prefix string) opening         { return opening{prefix: prefix, until: noon.Add(1)} }

func TestOpenings(t *testing.T) {
	us, all := places("US"), places("*")
	acme := func(openings ...opening) account { return account{permits: us, openings: openings} }
	with := func(a account, edit func(*account)) account { edit(&a); return a }
	withSet := func(p permits, openings ...opening) account { return account{permits: p, openings: openings} }

	for _, s := range []sentence{
		{"an opening opens its territory", one(acme(opens("DE"))), sms(inDE), "allow opening"},
		{"an opening without a channel is for calls too", one(acme(opens("DE"))), call(inDE), "allow opening"},
		{"an opening for voice opens no messages", one(acme(opens("DE").only("voice"))), sms(inDE), "deny territory_not_enabled"},
		{"an opening for messaging is for all messages", one(acme(opens("DE").only("messaging"))), sms(inDE).through(policy.WhatsApp), "allow opening"},
		{"an opening for whatsapp is for no other message", one(acme(opens("DE").only("whatsapp"))), sms(inDE), "deny territory_not_enabled"},
		{"an opening opens no other territory", one(acme(opens("GB"))), sms(inDE), "deny territory_not_enabled"},
		{"what the set has needs no opening", one(acme(opens("US"))), sms(inUS), "allow enabled"},
		{"an opening is for verifications too", one(with(acme(opens("DE")), func(a *account) { a.verify = us })), sms(inDE).verifies(), "allow opening"},
		{"an opening opens what no set is stated for", one(account{openings: []opening{opens("DE")}}), sms(inDE), "allow opening"},

		{"an opening of a prefix opens its numbers", one(acme(opensPrefix("4915"))), sms(inDE), "allow opening"},
		{"an opening of a prefix opens no other number", one(acme(opensPrefix("4916"))), sms(inDE), "deny territory_not_enabled"},
		{"an opening of a prefix opens all territories of its numbers", one(acme(opensPrefix("7300"))), sms(ruOrKZ), "monitor unallocated_range"},

		{"an opening ends on the instant", one(acme(opens("DE").ends(noon))), sms(inDE), "deny territory_not_enabled"},
		{"an opening is in force until it ends", one(acme(opens("DE").ends(noon.Add(1)))), sms(inDE), "allow opening"},
		{"an opening begins on the instant", one(acme(opens("DE").begins(noon))), sms(inDE), "allow opening"},
		{"an opening is not in force before it begins", one(acme(opens("DE").begins(noon.Add(1)).ends(noon.Add(time.Hour)))), sms(inDE), "deny territory_not_enabled"},

		{"an opening opens low-risk calls only", one(acme(opens("DE"))), call(premiumUS), "deny class_not_enabled"},
		{"an opening of a class opens its calls", one(acme(opens("US").of(policy.HighRiskSpecial))), call(premiumUS), "allow opening"},
		{"an opening of a class opens no calls of another", one(acme(opens("DE").of(policy.HighRiskSpecial))), call(inDE), "deny class_not_enabled"},
		{"a number of two classes needs both", one(account{openings: []opening{opens("US").of(policy.HighRiskSpecial)}}), call(lowOrPremiumUS), "deny class_not_enabled"},
		{"set and opening together give what a number of two classes needs", one(acme(opens("US").of(policy.HighRiskSpecial))), call(lowOrPremiumUS), "monitor unallocated_range"},
		{"two openings together give it", one(account{openings: []opening{opens("US"), opens("US").of(policy.HighRiskSpecial)}}), call(lowOrPremiumUS), "monitor unallocated_range"},
		{"a number of two territories needs both", one(acme(opens("RU"))), sms(ruOrKZ), "deny territory_not_enabled"},
		{"two openings give what a number of two territories needs", one(acme(opens("RU"), opens("KZ"))), sms(ruOrKZ), "monitor unallocated_range"},
		{"of a number of several, one opened territory is enough", one(withSet(places("GB"), opens("CA"))), sms(tollFree), "allow opening"},

		{"an opening lifts no suspension", one(with(acme(opens("DE")), func(a *account) { a.suspended = true })), sms(inDE), "deny account_suspended"},
		{"an opening lifts no block of the operator's", one(acme(opens("DE")), block("4915")), sms(inDE), "deny prefix_blocked"},
		{"an opening lifts no block of the account's own", one(with(acme(opens("DE")), func(a *account) { a.rules = []rule{block("4915")} })), sms(inDE), "deny prefix_blocked"},
		{"an opening does not open what the carrier does not serve", one(acme(opens("IR").acknowledges())), sms(inIR), "deny unsupported"},
		{"an opening does not lift the limits of a trial", one(with(acme(opens("DE")), func(a *account) { a.trial, a.home = true, "US" })), sms(inDE), "deny trial_restricted"},
		{"an opening does not widen the set of a sender", one(with(acme(opens("DE")), func(a *account) { a.senders = []sender{{"acme", us}} })), sms(inDE).from("acme"), "deny sender_not_enabled"},
		{"an opening does not lift messaging_special", one(with(acme(opens("US")), func(a *account) { a.permits, a.messagingSpecial = permits{}, "deny" })), sms(premiumUS), "deny class_not_enabled"},
		{"an opening does not open unallocated ranges", one(with(acme(opensPrefix("7300")), func(a *account) { a.unallocated[policy.Messaging] = "deny" })), sms(ruOrKZ), "deny unallocated_range"},
		{"an allow rule comes before an opening", one(with(acme(opens("DE")), func(a *account) { a.rules = []rule{allow("4915")} })), sms(inDE), "allow allow_rule"},

		{"a parent's opening does not reach a child", two(acme(opens("DE")), account{}), sms(inDE).by(sub), "deny territory_not_enabled"},
		{"a parent's opening does not reach an unnamed child", one(acme(opens("DE"))), sms(inDE).by(unnamedAccount).under(company), "deny territory_not_enabled"},
		{"a child's opening adds to what it inherits", two(account{permits: us}, account{openings: []opening{opens("DE")}}), sms(inDE).by(sub), "allow opening"},

		{"an opening by itself is not an approval", one(withSet(all, opens("SG"))), call(inSG), "deny by_request"},
		{"an acknowledged opening is an approval", one(acme(opens("SG").acknowledges())), call(inSG), "allow opening"},
		{"an acknowledged opening approves what the set has", one(withSet(all, opens("SG").acknowledges())), call(inSG), "allow enabled"},
		{"an acknowledged opening that has ended is not an approval", one(withSet(all, opens("SG").acknowledges().ends(noon))), call(inSG), "deny by_request"},
		{"an acknowledged opening of another class is not an approval", one(withSet(all, opens("SG").acknowledges().of(policy.HighRiskSpecial))), call(inSG), "deny by_request"},
		{"an acknowledged opening for messages is not an approval", one(withSet(all, opens("SG").acknowledges().only("messaging"))), call(inSG), "deny by_request"},
		{"an acknowledged opening of a prefix approves its numbers", one(acme(opensPrefix("6591").acknowledges())), call(inSG), "allow opening"},
	} {
		s.run(t)
	}
}

// TestRemovingAnOpeningNeverAllowsMore holds on random policies, as does that an opening
// outside its time changes nothing.
func TestRemovingAnOpeningNeverAllowsMore(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	idle, mattered := 0, 0
	for i := range uint64(4_000) {
		g := generator{rand.New(rand.NewPCG(seed, i))}
		b := g.book()
		k := g.IntN(len(b.accounts))
		if len(b.accounts[k].openings) == 0 {
			continue
		}
		less := b
		less.accounts = append([]account(nil), b.accounts...)
		o := b.accounts[k].openings[0]
		less.accounts[k].openings = b.accounts[k].openings[1:]
		with, without := compiled(t, b), compiled(t, less)
		for range sendsPerPolicy {
			in, now := g.intent(b), g.now()
			v, w := ask(with, in, now), ask(without, in, now)
			if w.Severity() < v.Severity() {
				t.Fatalf("seed %d, policy %d: without the opening %+v of account %d %+v, with it %+v\n%s\n%+v", seed, i, o, k, w, v, b, in)
			}
			switch outside := now.Before(o.from) || !now.Before(o.until); {
			case outside && v != w:
				t.Fatalf("seed %d, policy %d: the opening %+v is not in force at %s, and changes %+v to %+v", seed, i, o, now, w, v)
			case outside:
				idle++
			case v != w:
				mattered++
			}
		}
	}
	if idle == 0 || mattered == 0 {
		t.Errorf("%d sends met an opening outside its time, and %d one that mattered", idle, mattered)
	}
}

func compiled(t *testing.T, b book) *policy.Snapshot {
	t.Helper()
	snapshot, err := policy.New(b.definition())
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func TestTheRuleOfAnOpeningNamesIt(t *testing.T) {
	b := one(account{openings: []opening{opens("US").only("voice").of(policy.HighRiskSpecial)}})
	if got, want := judge(t, b, call(premiumUS)).Rule, "account "+company+" opening US voice high_risk_special"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAnOpeningIsPartOfWhatATerritoryDependsOn holds Basis and Enabled to openings.
func TestAnOpeningIsPartOfWhatATerritoryDependsOn(t *testing.T) {
	snapshot := compiled(t, one(account{openings: []opening{opens("DE").only("voice").begins(noon)}}))
	subject := snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: company})
	before := noon.Add(-1)
	for _, c := range []struct {
		says    string
		channel policy.Channel
		want    policy.Set
		differs bool
	}{
		{"of the channel", policy.Voice, setOf([]string{"DE"}), true},
		{"of another channel", policy.Messaging, policy.Set{}, false},
	} {
		send := policy.Send{Channel: c.channel}
		if got := subject.Enabled(send, policy.LowRisk, noon); got != c.want {
			t.Errorf("%s: enabled are %s, want %s", c.says, &got, &c.want)
		}
		if got := subject.Basis(send, noon) != subject.Basis(send, before); got != c.differs {
			t.Errorf("%s: the basis differs before the opening: %t, want %t", c.says, got, c.differs)
		}
	}
}

func TestTheStepsOfOpeningsReadAsSentences(t *testing.T) {
	friday := noon.AddDate(0, 0, 4)
	terms := func(d *policy.Definition, o policy.Opening) {
		o.Reason, o.Ticket = "launch in Germany", "OPS-812"
		d.Accounts[0].Openings = []policy.Opening{o}
	}
	for _, c := range []struct {
		says    string
		set     permits
		opening policy.Opening
		in      intent
	}{
		{"an opening", places("US"), policy.Opening{Territory: territory("DE"), Until: friday}, sms(inDE)},
		{"an opening of a prefix", places("US"), policy.Opening{Prefix: "4915", Until: friday}, call(inDE)},
		{"an opening that has ended", places("US"), policy.Opening{Territory: territory("DE"), Until: noon}, sms(inDE)},
		{"an opening that has not begun", places("US"), policy.Opening{Territory: territory("DE"), From: noon.Add(time.Hour), Until: friday}, sms(inDE)},
		{"an opening of another class", places("DE"), policy.Opening{Territory: territory("US"), Until: friday}, call(premiumUS)},
		{"an acknowledged opening", places("US"), policy.Opening{Territory: territory("SG"), Acknowledged: true, Until: friday}, call(inSG)},
		{"an opening that acknowledges nothing", places("*"), policy.Opening{Territory: territory("SG"), Until: friday}, call(inSG)},
	} {
		t.Run(c.says, func(t *testing.T) {
			b := one(account{permits: c.set})
			d := b.definition()
			terms(&d, c.opening)
			snapshot, err := policy.New(d)
			if err != nil {
				t.Fatal(err)
			}
			verdict, steps := c.in.subject(snapshot).Explain(c.in.send(), noon)
			if problem := disorder(verdict, steps); problem != "" {
				t.Error(problem)
			}
			got := fmt.Sprintf("%s %s %s\n%s", verdict.Outcome, verdict.Reason, verdict.Territory, table(steps))
			harness.Golden(t, filepath.Join("testdata", "steps", strings.ReplaceAll(c.says, " ", "_")+".golden"), got)
		})
	}
}
