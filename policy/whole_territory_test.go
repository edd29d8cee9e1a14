package policy_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestJudgeTerritory(t *testing.T) {
	us, all := places("US"), places("*")
	for _, c := range []struct {
		says  string
		book  book
		in    intent
		class policy.Class
		code  string
		want  string
	}{
		{"a territory that is enabled", one(account{permits: us}), sms(), 0, "US", "allow enabled"},
		{"a territory that is not", one(account{permits: us}), sms(), 0, "DE", "deny territory_not_enabled"},
		{"a class that is not", one(account{permits: us}), call(), policy.HighRiskTollFraud, "US", "deny class_not_enabled"},
		{"a block of some numbers closes no territory", one(account{permits: us}, block("1")), sms(), 0, "US", "allow enabled"},
		{"an allow of some numbers opens none", one(account{}, allow("1")), sms(), 0, "US", "deny territory_not_enabled"},
		{"a child inherits", one(account{permits: us}), sms().by(sub), 0, "US", "allow enabled"},
		{"an unknown account is denied", one(account{permits: us}), sms().by(unnamedAccount), 0, "US", "deny account_unknown"},
		{"what the carrier does not serve", one(account{permits: all}), sms(), 0, "IR", "deny unsupported"},
		{"what it opens by request", one(account{permits: all}), call(), 0, "SG", "deny by_request"},
		{"a trial calls no territory", one(account{home: "US", trial: true}), call(), 0, "US", "deny trial_restricted"},
		{"a trial sends messages at home", one(account{home: "US", trial: true}), sms(), 0, "US", "allow enabled"},
		{"a sender that lacks it", one(account{permits: all, senders: []sender{{"acme", us}}}), sms().from("acme"), 0, "DE", "deny sender_not_enabled"},
		{"a set for verifications", one(account{verify: us}), sms().verifies(), 0, "US", "allow enabled"},
		{"a service without a set", one(account{permits: all, choices: choices{unscopedService: "deny"}}), sms().from(service), 0, "US", "deny service_unscoped"},
		{"a class that messages are denied", one(account{permits: us, choices: choices{messagingSpecial: "deny"}}), sms(), policy.HighRiskSpecial, "US", "deny class_not_enabled"},
		{"a class that they are not", one(account{permits: us, choices: choices{messagingSpecial: "deny"}}), sms(), policy.LowRisk, "US", "allow enabled"},
		{"a monitored account", one(account{monitor: true}), sms(), 0, "US", "monitor territory_not_enabled"},
	} {
		t.Run(c.says, func(t *testing.T) {
			snapshot, err := policy.New(c.book.definition())
			if err != nil {
				t.Fatal(err)
			}
			v := c.in.subject(snapshot).JudgeTerritory(*c.in.send(), c.class, territory(c.code), noon)
			if got := v.Outcome.String() + " " + string(v.Reason); got != c.want || v.Territory != 0 && v.Territory != territory(c.code) {
				t.Errorf("got %s %s, want %s", got, v.Territory, c.want)
			}
		})
	}
}

// TestEqualBasesEnableTheSame holds Enabled against JudgeTerritory, and both
// against Basis, on random policies.
func TestEqualBasesEnableTheSame(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range uint64(40) {
		g := generator{rand.New(rand.NewPCG(seed, i))}
		b := g.book()
		b.unsupported, b.byRequest = [policy.ChannelCount][]string{}, nil
		observed := b
		observed.observe = false
		type basis struct {
			policy.Basis
			policy.Channel
		}
		known := map[basis][policy.ClassCount]policy.Set{}
		for _, b := range []book{observed, mutated(g, observed)} {
			snapshot, err := policy.New(b.definition())
			if err != nil {
				t.Fatal(err)
			}
			for _, account := range []string{g.idOf(b.accounts[0], ""), g.idOf(b.accounts[len(b.accounts)-1], ""), unnamedAccount, ""} {
				for _, sender := range append(worldSenders, "") {
					channel := policy.Channel(g.IntN(int(policy.ChannelCount)))
					subject := snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: account})
					send := policy.Send{Channel: channel, Senders: []string{sender}, Verification: g.one(2)}
					var sets [policy.ClassCount]policy.Set
					for class := range policy.ClassCount {
						sets[class] = subject.Enabled(send, class, noon)
						for place := range numbering.AllTerritories() {
							v := subject.JudgeTerritory(send, class, place, noon)
							if (v.Outcome == policy.Allow) != sets[class].Has(place) {
								t.Fatalf("seed %d, policy %d: %s of %s is %v, but Enabled says %t", seed, i, place, account, v, sets[class].Has(place))
							}
						}
					}
					basis := basis{subject.Basis(send, noon), channel}
					if before, ok := known[basis]; ok && before != sets {
						t.Fatalf("seed %d, policy %d: account %s, sender %s has a basis that enabled something else\n%s", seed, i, account, sender, b)
					}
					known[basis] = sets
				}
			}
		}
	}
}

// What an account names outright opens what is opened by request: two bases that
// differ in nothing else do differ.
func TestBasesDifferInWhatIsNamedOutright(t *testing.T) {
	all, andSG := places("*"), places("*", "SG")
	for says, c := range map[string]struct {
		in        intent
		one, more account
		differ    bool
	}{
		"a call":                 {call(), account{permits: all}, account{permits: andSG}, true},
		"a message":              {sms(), account{permits: all}, account{permits: andSG}, false},
		"a verification by call": {call().verifies(), account{verify: all}, account{verify: andSG}, true},
		"a verification by what is named for calls": {call().verifies(), account{verify: all, permits: all}, account{verify: all, permits: andSG}, true},
		"a call by what is named for verifications": {call(), account{verify: all, permits: all}, account{verify: andSG, permits: all}, false},
	} {
		basis := func(a account) policy.Basis {
			b := one(a)
			snapshot, err := policy.New(b.definition())
			if err != nil {
				t.Fatal(err)
			}
			return c.in.subject(snapshot).Basis(*c.in.send(), noon)
		}
		if differ := basis(c.one) != basis(c.more); differ != c.differ {
			t.Errorf("%s: bases differ: %t", says, differ)
		}
	}
}

// mutated is another policy over the same accounts.
func mutated(g generator, b book) book {
	accounts := make([]account, len(b.accounts))
	for i, a := range b.accounts {
		accounts[i] = g.account(i, a.parent)
		accounts[i].id, accounts[i].at, accounts[i].credentials = a.id, a.at, a.credentials
		switch g.IntN(5) {
		case 0:
			accounts[i] = a
		case 1:
			accounts[i] = a
			accounts[i].home = pick(g, []string{"", "US", "SG", "SO"})
		case 2:
			// The same territories, of which one is named outright.
			accounts[i] = a
			accounts[i].voice = [][]string{[]string{"*", "SG"}[:1+g.IntN(2)]}
		case 3:
			accounts[i] = a
			accounts[i].messagingSpecial = pick(g, []string{"allow", "deny"})
		}
	}
	b.accounts = accounts
	return b
}

// TestJudgingAllocatesNothing: a trace that is not asked for costs nothing.
func TestJudgingAllocatesNothing(t *testing.T) {
	b := two(account{permits: places("US", "RU", "KZ"), senders: []sender{{"acme", places("US")}}}, account{}, block("1415"))
	b.choices = choices{unscopedService: "deny", messagingSpecial: "deny"}
	snapshot, err := policy.New(b.definition())
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]intent{
		"a blocked number":          sms(inUS),
		"one of several":            sms(tollFree).by(sub),
		"all of several":            sms(ruOrKZ),
		"a sender":                  call(tollFree).from("acme", "other"),
		"a prefix WhatsApp reaches": sms(ruOrKZ).through(policy.WhatsApp),
		"by request":                call(inSG),
		"a verification":            sms(tollFree).verifies().by(sub),
		"a service without a set":   sms(tollFree).from(service),
		"a special number":          sms(premiumUS),
		"unreadable":                sms().to(address.Unreadable),
	} {
		send := in.send()
		judge := func() {
			subject := snapshot.Subject(in.claim())
			subject.Judge(send, noon)
		}
		if n := testing.AllocsPerRun(100, judge); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkEnabled(b *testing.B) {
	snapshot, err := policy.New(policy.Definition{Accounts: []policy.Account{{ID: company, At: []policy.CarrierAccount{{Carrier: "twilio", ID: company}}, Permissions: places("US").permissions()}}})
	if err != nil {
		b.Fatal(err)
	}
	subject := snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: company})
	b.ReportAllocs()
	for b.Loop() {
		subject.Enabled(policy.Send{Channel: policy.Voice}, policy.LowRisk, noon)
	}
}
