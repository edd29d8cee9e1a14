package policy_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// none is a list that is stated and empty.
var none = []string{}

func TestControl(t *testing.T) {
	may := func(control ...string) account { return account{control: control} }
	keys := func(in intent) intent { return in.changes("keys") }
	observed := func(b book) book { b.observe = true; return b }
	for _, s := range []sentence{
		{"an account that states nothing may change nothing", one(account{permits: places("*")}), keys(sms()), "deny control_denied"},
		{"an account may change what it is allowed to", one(may("risk_check", "keys")), keys(sms()), "allow control_allowed"},
		{"an account may change nothing else", one(may("risk_check")), keys(sms()), "deny control_denied"},
		{"a child may change what its parent may", one(may("keys")), keys(sms()).by(sub), "allow control_allowed"},
		{"a child's own list replaces its parent's", two(may("keys"), may("risk_check")), keys(sms()).by(sub), "deny control_denied"},
		{"none is a list of its own", two(may("keys"), account{control: none}), keys(sms()).by(sub), "deny control_denied"},
		{"a child's list is not its parent's", two(account{}, may("keys")), keys(sms()), "deny control_denied"},
		{"an unnamed child has its parent's list", one(may("keys")), keys(sms()).by(unnamedAccount).under(company), "allow control_allowed"},
		{"an unknown account may change nothing", one(may("keys")), keys(sms()).by(unnamedAccount), "deny control_denied"},
		{"a suspended account may change nothing", one(account{suspended: true, control: []string{"keys"}}), keys(sms()), "deny account_suspended"},
		{"the child of a suspended account may change nothing", two(account{suspended: true}, may("keys")), keys(sms()).by(sub), "deny account_suspended"},
		{"monitor changes nothing about it", one(account{monitor: true}), keys(sms()), "deny control_denied"},
		{"observe only records it", observed(one(account{})), keys(sms()), "monitor control_denied"},
	} {
		s.run(t)
	}
}

func TestStored(t *testing.T) {
	stored := func(choice string) account { return account{choices: choices{stored: choice}} }
	operator := func(choice string, b book) book { b.stored = choice; return b }
	to := sms().toStored()
	for _, s := range []sentence{
		{"who was stored before was judged then", one(account{}), to, "allow stored_target"},
		{"an account can deny it", one(stored("deny")), to, "deny stored_denied"},
		{"a child inherits that", one(stored("deny")), to.by(sub), "deny stored_denied"},
		{"a child may allow it", two(stored("deny"), stored("allow")), to.by(sub), "allow stored_target"},
		{"the operator can deny it", operator("deny", one(account{})), to.by(sub), "deny stored_denied"},
		{"an account may have what the operator denies", operator("deny", one(stored("allow"))), to, "allow stored_target"},
		{"an unnamed child inherits too", one(stored("deny")), to.by(unnamedAccount).under(company), "deny stored_denied"},
		{"an unknown account without a default is refused", one(account{}), to.by(unnamedAccount), "deny account_unknown"},
		{"a suspended account is refused", one(account{suspended: true, choices: choices{stored: "allow"}}), to, "deny account_suspended"},
		{"monitor only records it", one(account{monitor: true, choices: choices{stored: "deny"}}), to, "monitor stored_denied"},
	} {
		s.run(t)
	}
}

func TestUnscopedService(t *testing.T) {
	unscoped := func(choice string, a account) account { a.unscopedService = choice; return a }
	operator := func(choice string, b book) book { b.unscopedService = choice; return b }
	us, all := places("US"), places("*")
	scoped := account{permits: all, senders: []sender{{service, us}}}
	text := sms(inUS).from(service)
	for _, s := range []sentence{
		{"a service may what its account may", one(account{permits: all}), text, "allow enabled"},
		{"a service without a set can be denied", one(unscoped("deny", account{permits: all})), text, "deny service_unscoped"},
		{"a child inherits that", one(unscoped("deny", account{permits: all})), text.by(sub), "deny service_unscoped"},
		{"a child may allow it", two(unscoped("deny", account{permits: all}), unscoped("allow", account{})), text.by(sub), "allow enabled"},
		{"the operator can deny it", operator("deny", one(account{permits: all})), text, "deny service_unscoped"},
		{"an account may have what the operator denies", operator("deny", one(unscoped("allow", account{permits: all}))), text, "allow enabled"},
		{"a service with a set is not without", one(unscoped("deny", scoped)), text, "allow enabled"},
		{"a service with a set is held to it", one(unscoped("deny", scoped)), sms(inDE).from(service), "deny sender_not_enabled"},
		{"the parent's set is one for its children", one(unscoped("deny", scoped)), text.by(sub), "allow enabled"},
		{"a set for the other channel is none", one(unscoped("deny", account{permits: all, senders: []sender{{service, permits{voice: [][]string{{"US"}}}}}})), text, "deny service_unscoped"},
		{"a child that names the service again has not its parent's set", two(unscoped("deny", scoped), account{senders: []sender{{service, permits{}}}}), text.by(sub), "deny service_unscoped"},
		{"a number needs no set", one(unscoped("deny", account{permits: all})), sms(inUS).from("+14155550199"), "allow enabled"},
		{"a name needs no set", one(unscoped("deny", account{permits: all})), sms(inUS).from("mgm"), "allow enabled"},
		{"another thing of the carrier's needs no set", one(unscoped("deny", account{permits: all})), sms(inUS).from("va33333333333333333333333333333333"), "allow enabled"},
		{"one service among other senders is enough", one(unscoped("deny", account{permits: all})), sms(inUS).from("+14155550199", service), "deny service_unscoped"},
		{"the permission set comes first", one(unscoped("deny", account{})), text, "deny territory_not_enabled"},
		{"no allow stands in for a set", one(unscoped("deny", account{}), allow("1415")), text, "deny service_unscoped"},
		{"monitor only records it", one(unscoped("deny", account{permits: all, monitor: true})), text, "monitor service_unscoped"},
	} {
		s.run(t)
	}
}

func TestUnallocatedRanges(t *testing.T) {
	both := func(choice string) choices {
		return choices{unallocated: [policy.ChannelCount]string{choice, choice}}
	}
	states := func(choice string, a account) account { a.choices = both(choice); return a }
	operator := func(choice string, b book) book { b.choices = both(choice); return b }
	de, all := places("DE"), places("*")
	free := number{digits: "4999999999", territories: []string{"DE"}, unlisted: true}
	either := number{digits: "18225550100", territories: []string{"US", "CA"}, any: true, unlisted: true}
	text := sms(free)
	for _, s := range []sentence{
		{"where nothing is stated it is recorded", one(account{permits: de}), text, "monitor unallocated_range"},
		{"a call too", one(account{permits: all}), call(free), "monitor unallocated_range"},
		{"not of a number in a range that is assigned", one(states("deny", account{permits: de})), sms(inDE), "allow enabled"},
		{"an account can deny it", one(states("deny", account{permits: de})), text, "deny unallocated_range"},
		{"and allow it", one(states("allow", account{permits: de})), text, "allow enabled"},
		{"on one channel", one(account{permits: all, choices: choices{unallocated: [policy.ChannelCount]string{policy.Messaging: "deny"}}}), text, "deny unallocated_range"},
		{"and not on the other", one(account{permits: all, choices: choices{unallocated: [policy.ChannelCount]string{policy.Messaging: "deny"}}}), call(free), "monitor unallocated_range"},
		{"a child inherits that", one(states("deny", account{permits: de})), text.by(sub), "deny unallocated_range"},
		{"a child with a set of its own inherits it too", two(states("deny", account{}), account{permits: de}), text.by(sub), "deny unallocated_range"},
		{"a child may have what its parent may not", two(states("deny", account{permits: de}), states("monitor", account{})), text.by(sub), "monitor unallocated_range"},
		{"the operator can deny it", operator("deny", one(account{permits: de})), text.by(sub), "deny unallocated_range"},
		{"an account may have what the operator denies", operator("deny", one(states("allow", account{permits: de}))), text, "allow enabled"},
		{"a star does not lift it", one(states("deny", account{permits: all})), text, "deny unallocated_range"},
		{"an allow rule does", one(states("deny", account{rules: []rule{allow("4999")}})), text, "allow allow_rule"},
		{"and takes it out of the record", one(account{rules: []rule{allow("4999")}}), text, "allow allow_rule"},
		{"a block comes before", one(account{permits: de}, block("4999")), text, "deny prefix_blocked"},
		{"a territory that is not enabled comes before", one(account{permits: places("US")}), text, "deny territory_not_enabled"},
		{"a sender that may not comes behind", one(account{permits: de, senders: []sender{{"acme", places("US")}}}), text.from("acme"), "deny sender_not_enabled"},
		{"a denial of it comes before the sender's", one(states("deny", account{permits: de, senders: []sender{{"acme", places("US")}}})), text.from("acme"), "deny unallocated_range"},
		{"a monitored account's denial is recorded", one(states("deny", account{permits: de, monitor: true})), text, "monitor unallocated_range"},
		{"one of two territories is enough", one(account{permits: places("CA")}), sms(either), "monitor unallocated_range"},
		{"the first of them", one(account{permits: places("US")}), sms(either), "monitor unallocated_range"},
		{"of two numbers, the one that is refused counts", one(account{permits: de}), sms(free, inUS), "deny territory_not_enabled"},
		{"of two numbers, the one that would be refused counts", one(account{permits: de, monitor: true}), sms(free, inUS), "monitor territory_not_enabled"},
		{"a code is a message too", one(states("deny", account{permits: de})), text.verifies(), "deny unallocated_range"},
	} {
		s.run(t)
	}
}

func TestARecordOfAnUnallocatedRangeIsNotADenial(t *testing.T) {
	free := number{digits: "4999999999", territories: []string{"DE"}, unlisted: true}
	for _, c := range []struct {
		says     string
		choice   string
		recorded bool
		rule     string
	}{
		{"where nothing is stated", "", true, "built in unallocated messaging monitor"},
		{"where monitoring is stated", "monitor", true, "account " + company + " unallocated messaging monitor"},
		{"where a denial is not enforced", "deny", false, "account " + company + " unallocated messaging deny"},
	} {
		t.Run(c.says, func(t *testing.T) {
			b := one(account{permits: places("DE"), monitor: true, choices: choices{unallocated: [policy.ChannelCount]string{policy.Messaging: c.choice}}})
			snapshot, err := policy.New(b.definition())
			if err != nil {
				t.Fatal(err)
			}
			v := ask(snapshot, sms(free), noon)
			if v.Outcome != policy.Monitor || v.Recorded != c.recorded || v.Rule != c.rule || v.Territory.String() != "DE" || !v.Unlisted {
				t.Errorf("got %+v", v)
			}
		})
	}
}

func TestMessagingSpecial(t *testing.T) {
	special := func(choice string, a account) account { a.messagingSpecial = choice; return a }
	operator := func(choice string, b book) book { b.messagingSpecial = choice; return b }
	us, all := places("US"), places("*")
	text := sms(premiumUS)
	shared := number{digits: "7300555", territories: []string{"RU", "KZ"}, kinds: premiumUS.kinds}
	either := number{digits: "18005550100", territories: []string{"US", "CA"}, any: true, kinds: premiumUS.kinds}
	for _, s := range []sentence{
		{"a message may go to a premium number", one(account{permits: us}), text, "allow enabled"},
		{"an account can deny it", one(special("deny", account{permits: us})), text, "deny class_not_enabled"},
		{"a star does not lift it", one(special("deny", account{permits: all})), text, "deny class_not_enabled"},
		{"home does not lift it", one(special("deny", account{home: "US"})), text, "deny class_not_enabled"},
		{"a child inherits that", one(special("deny", account{permits: us})), text.by(sub), "deny class_not_enabled"},
		{"a child with a set of its own inherits it too", two(special("deny", account{}), account{permits: us}), text.by(sub), "deny class_not_enabled"},
		{"a child may allow it", two(special("deny", account{permits: us}), special("allow", account{})), text.by(sub), "allow enabled"},
		{"an unnamed child inherits it", one(special("deny", account{permits: us})), text.by(unnamedAccount).under(company), "deny class_not_enabled"},
		{"the operator can deny it", operator("deny", one(account{permits: us})), text.by(sub), "deny class_not_enabled"},
		{"the operator denies it to unknown accounts", func() book { b := operator("deny", one(account{})); b.def = &us; return b }(), text.by(unnamedAccount), "deny class_not_enabled"},
		{"an account may have what the operator denies", operator("deny", one(special("allow", account{permits: us}))), text, "allow enabled"},
		{"an ordinary number is not special", one(special("deny", account{permits: us})), sms(inUS), "allow enabled"},
		{"a toll-free number is not special", one(special("deny", account{permits: us})), sms(tollFree), "allow enabled"},
		{"a range known for fraud is special", one(special("deny", account{permits: us})), sms(fraudUS), "deny class_not_enabled"},
		{"what may be special is", one(special("deny", account{permits: us})), sms(lowOrPremiumUS), "deny class_not_enabled"},
		{"one special number among several is enough", one(special("deny", account{permits: us})), sms(inUS, premiumUS), "deny class_not_enabled"},
		{"a message by WhatsApp is one", one(special("deny", account{permits: us})), text.through(policy.WhatsApp), "deny class_not_enabled"},
		{"a verification by SMS is one", one(special("deny", account{verify: us})), text.verifies(), "deny class_not_enabled"},
		{"a call is none", one(special("deny", account{permits: permits{voice: [][]string{{"US"}, {"US"}}}})), call(premiumUS), "allow enabled"},
		{"a verification by call is none", one(special("deny", account{permits: permits{voice: [][]string{{"US"}, {"US"}}}})), call(premiumUS).verifies(), "allow enabled"},
		{"the territory comes first", one(special("deny", account{permits: places("DE")})), text, "deny territory_not_enabled"},
		{"every territory comes first", one(special("deny", account{permits: places("RU")})), sms(shared), "deny territory_not_enabled"},
		{"where one territory is enough, the first is named", one(special("deny", account{permits: places("CA")})), sms(either), "deny territory_not_enabled"},
		{"an allow stands in for it", one(special("deny", account{}), allow("1900")), text, "allow allow_rule"},
		{"a block comes before it", one(special("deny", account{permits: us}), block("1900")), text, "deny prefix_blocked"},
		{"a trial is held to its own limits", one(account{home: "US", trial: true}), text, "deny trial_restricted"},
		{"it comes before those of a trial", one(special("deny", account{home: "US", trial: true})), text, "deny class_not_enabled"},
		{"it comes before the senders", one(special("deny", account{permits: us, senders: []sender{{"acme", places("CA")}}})), text.from("acme"), "deny class_not_enabled"},
		{"monitor only records it", one(special("deny", account{permits: us, monitor: true})), text, "monitor class_not_enabled"},
		{"a suspended account is refused", one(special("allow", account{permits: us, suspended: true})), text, "deny account_suspended"},
	} {
		s.run(t)
	}
}

func TestRulesOfWhatHasNoDestination(t *testing.T) {
	denied := one(account{choices: choices{stored: "deny", unscopedService: "deny"}, permits: places("*"), control: []string{"keys"}})
	byOperator := one(account{permits: places("*")})
	byOperator.choices = choices{stored: "deny", unscopedService: "deny"}
	for _, c := range []struct {
		book book
		in   intent
		want string
	}{
		{denied, sms().changes("keys").by(sub), "account " + company + " control keys"},
		{denied, sms().changes("accounts").by(sub), "account " + sub + " needs control accounts"},
		{denied, sms().changes("accounts").by(unnamedAccount), "needs control accounts"},
		{denied, sms().toStored().by(sub), "account " + company + " stored deny"},
		{byOperator, sms().toStored(), "operator stored deny"},
		{denied, sms(inUS).from(service), "account " + company + " unscoped_service deny"},
		{byOperator, sms(inUS).from(service), "operator unscoped_service deny"},
	} {
		if v := judge(t, c.book, c.in); v.Rule != c.want {
			t.Errorf("got %q, want %q", v.Rule, c.want)
		}
	}
}

func TestSendersMatterWhereAVerdictCanDependOnThem(t *testing.T) {
	denies := policy.Choices{UnscopedService: policy.Denied}
	for says, c := range map[string]struct {
		definition policy.Definition
		want       bool
	}{
		"no level says anything of senders": {policy.Definition{Accounts: []policy.Account{{ID: company}}}, false},
		"an account has a sender":           {policy.Definition{Accounts: []policy.Account{{ID: company, Senders: []policy.Sender{{ID: "acme"}}}}}, true},
		"an account denies services":        {policy.Definition{Accounts: []policy.Account{{ID: company, Choices: denies}}}, true},
		"the operator denies services":      {policy.Definition{Choices: denies}, true},
		"a choice about another thing":      {policy.Definition{Choices: policy.Choices{Stored: policy.Denied}}, false},
		"services are allowed in so words":  {policy.Definition{Choices: policy.Choices{UnscopedService: policy.Allowed}}, false},
	} {
		snapshot, err := policy.New(c.definition)
		if err != nil {
			t.Fatal(err)
		}
		if got := snapshot.SendersMatter(); got != c.want {
			t.Errorf("%s: %t", says, got)
		}
	}
}
