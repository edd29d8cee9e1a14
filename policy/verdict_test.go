package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	company        = "AC11111111111111111111111111111111"
	sub            = "AC33333333333333333333333333333333"
	unnamedAccount = "AC99999999999999999999999999999999"
	service        = "MG33333333333333333333333333333333"
)

var (
	inUS       = number{digits: "14155550100", territories: []string{"US"}}
	inUS2      = number{digits: "14155550101", territories: []string{"US"}}
	inDE       = number{digits: "4915112345678", territories: []string{"DE"}}
	inSG       = number{digits: "6591234567", territories: []string{"SG"}}
	inIR       = number{digits: "989121234567", territories: []string{"IR"}}
	crimea     = number{digits: "79781234567", territories: []string{"RU"}}
	ruOrKZ     = number{digits: "7300555", territories: []string{"RU", "KZ"}, unlisted: true}
	tollFree   = number{digits: "18005550100", territories: []string{"US", "CA"}, any: true}
	unassigned = number{digits: "21055501000"}
	impossible = number{digits: "15551234567", territories: []string{"US", "AG"}, unlisted: true, impossible: true}
	premiumUS  = number{digits: "19005550100", territories: []string{"US"}, kinds: []numbering.Kind{numbering.PremiumRate}}
	fraudUS    = number{digits: "14155550666", territories: []string{"US"}, kinds: []numbering.Kind{numbering.RevenueShare}}
	// lowOrPremiumUS is in a new range under a prefix that holds both.
	lowOrPremiumUS = number{
		digits: "17125550100", territories: []string{"US"}, unlisted: true,
		kinds: []numbering.Kind{numbering.FixedLine, numbering.PremiumRate},
	}
)

// places enables the territories for messaging and low-risk voice.
func places(codes ...string) permits {
	return permits{messaging: codes, voice: [][]string{codes}}
}

func sms(numbers ...number) intent {
	return intent{account: company, channel: policy.Messaging, meaning: address.Numbers, numbers: numbers}
}

func call(numbers ...number) intent {
	in := sms(numbers...)
	in.channel = policy.Voice
	return in
}

func (in intent) to(m address.Meaning) intent     { in.meaning, in.numbers = m, nil; return in }
func (in intent) by(account string) intent        { in.account = account; return in }
func (in intent) under(credential string) intent  { in.credential = credential; return in }
func (in intent) with(token string) intent        { in.token = token; return in }
func (in intent) at(site string) intent           { in.site = site; return in }
func (in intent) through(c policy.Channel) intent { in.channel = c; return in }
func (in intent) from(senders ...string) intent   { in.senders = senders; return in }
func (in intent) verifies() intent                { in.verification = true; return in }
func (in intent) toStored() intent                { in.stored = true; return in }
func (in intent) toURL(url string) intent         { in.url = url; return in }
func (in intent) changes(control string) intent   { in.control = control; return in }
func block(prefix string) rule                    { return rule{block: true, prefix: prefix} }
func allow(prefix string) rule                    { return rule{prefix: prefix} }
func (r rule) only(channel string) rule           { r.channel = channel; return r }
func (r rule) but(prefixes ...string) rule        { r.except = prefixes; return r }
func (r rule) begins(t time.Time) rule            { r.from = t; return r }
func (r rule) ends(t time.Time) rule              { r.until = t; return r }
func one(a account, operator ...rule) book {
	return two(a, account{id: sub, parent: company}, operator...)
}
func two(a, child account, operator ...rule) book {
	a.id, child.id, child.parent = company, sub, company
	return book{rules: operator, accounts: []account{a, child}}
}

type sentence struct {
	says string
	book book
	in   intent
	want string // outcome and reason
}

// run holds Judge to the sentence, and the reference too.
func (s *sentence) run(t *testing.T) {
	t.Run(s.says, func(t *testing.T) {
		v := judge(t, s.book, s.in)
		if got := v.Outcome.String() + " " + string(v.Reason); got != s.want {
			t.Errorf("Judge says %s, want %s", got, s.want)
		}
		a := s.book.judge(s.in, noon)
		if got := a.outcome.String() + " " + string(a.reason); got != s.want {
			t.Errorf("the reference says %s, want %s", got, s.want)
		}
	})
}

func TestVerdict(t *testing.T) {
	nothing := permits{}
	us, de, all := places("US"), places("DE"), places("*")
	hour := time.Hour

	withDefault := func(p permits, b book) book { b.def = &p; return b }
	byDefault := func(p permits) book { return withDefault(p, one(account{})) }
	observed := func(b book) book { b.observe = true; return b }
	unsupported := func(b book, c policy.Channel, codes ...string) book { b.unsupported[c] = codes; return b }
	byRequest := func(b book, codes ...string) book { b.byRequest = codes; return b }

	for _, s := range []sentence{
		// Step 1: suspension.
		{"a suspended account sends nothing", one(account{permits: all, suspended: true}), sms(inUS), "deny account_suspended"},
		{"the child of a suspended account sends nothing", two(account{suspended: true}, account{permits: all}), sms(inUS).by(sub), "deny account_suspended"},
		{"an unnamed child of a suspended account sends nothing", one(account{permits: all, suspended: true}), sms(inUS).by(unnamedAccount).under(company), "deny account_suspended"},
		{"the parent of a suspended account still sends", two(account{permits: all}, account{suspended: true}), sms(inUS), "allow enabled"},
		{"a suspension ends on the instant", one(account{permits: all, suspended: true, ends: noon}), sms(inUS), "allow enabled"},
		{"a suspension holds until it ends", one(account{permits: all, suspended: true, ends: noon.Add(1)}), sms(inUS), "deny account_suspended"},
		{"the child of an account whose suspension ended sends", two(account{suspended: true, ends: noon}, account{permits: all}), sms(inUS).by(sub), "allow enabled"},
		{"suspension comes even before a missing destination", one(account{suspended: true}), sms().to(address.Missing), "deny account_suspended"},
		{"suspension comes even before an address without toll", one(account{suspended: true}), sms().to(address.NotANumber), "deny account_suspended"},
		{"suspension comes before a block", one(account{suspended: true}, block("1")), sms(inUS), "deny account_suspended"},
		{"no allow lifts a suspension", one(account{suspended: true}, allow("1")), sms(inUS), "deny account_suspended"},

		// Before all steps: calls for help.
		{"a call for help passes where nothing is enabled", one(account{}), call().to(address.Emergency), "allow emergency"},
		{"a call for help passes from a suspended account", one(account{suspended: true}), call().to(address.Emergency), "allow emergency"},
		{"a call for help passes from the child of a suspended account", two(account{suspended: true}, account{}), call().by(sub).to(address.Emergency), "allow emergency"},
		{"a call for help passes from an unnamed account", one(account{}), call().by(unnamedAccount).to(address.Emergency), "allow emergency"},
		{"no block keeps from help", one(account{}, block("1"), block("4")), call().to(address.Emergency), "allow emergency"},
		{"a trial account may call for help", one(account{trial: true, home: "US"}), call().to(address.Emergency), "allow emergency"},
		{"a code read out is not a call for help", one(account{suspended: true}), call().verifies().to(address.Emergency), "deny account_suspended"},
		{"a code read out there costs no toll", one(account{}), call().verifies().to(address.Emergency), "allow emergency"},

		// Step 2: the destination.
		{"a missing destination is the carrier's to refuse", one(account{}), sms().to(address.Missing), "allow no_destination"},
		{"an address without toll is let through", one(account{}), call().to(address.NotANumber), "allow not_a_number"},
		{"what cannot be read is refused", one(account{permits: all}), sms().to(address.Unreadable), "deny destination_unreadable"},
		{"an unassigned calling code is refused", one(account{permits: all}), sms(unassigned), "deny unassigned_code"},
		{"no allow opens an unassigned calling code", one(account{permits: all}, allow("210")), sms(unassigned), "deny unassigned_code"},
		{"an unassigned calling code comes before a block", one(account{permits: all}, block("210")), sms(unassigned), "deny unassigned_code"},
		{"a number that cannot exist is refused as such where its territory is not enabled", one(account{permits: places("GB")}), sms(impossible), "deny impossible_number"},
		{"and where only one of its territories is", one(account{permits: us}), sms(impossible), "deny impossible_number"},
		{"where it is enabled, the carrier may know better", one(account{permits: all}), sms(impossible), "monitor unallocated_range"},
		{"unless unallocated ranges are denied", one(account{permits: all, choices: choices{unallocated: [policy.ChannelCount]string{policy.Messaging: "deny"}}}), sms(impossible), "deny impossible_number"},
		{"and as a toll-free one", one(account{permits: places("GB")}), call(number{digits: "18001550100", territories: []string{"US", "CA"}, any: true, unlisted: true, impossible: true}), "deny impossible_number"},
		{"an allow rule stands in for its territory too", one(account{permits: places("GB")}, allow("15551234567")), sms(impossible), "allow allow_rule"},
		{"a block is what is stated, and not what the number is", one(account{permits: all}, block("1555")), sms(impossible), "deny prefix_blocked"},
		{"it comes behind an unknown account", one(account{}), sms(impossible).by(unnamedAccount), "deny account_unknown"},
		{"beside a number that may exist, it is of its territories: enabled", one(account{permits: all}), sms(impossible, inUS), "allow enabled"},
		{"and not enabled", one(account{permits: us}), sms(impossible, inUS), "deny territory_not_enabled"},
		{"two that cannot exist", one(account{permits: us}), sms(impossible, impossible), "deny impossible_number"},

		// Step 3: prefixes.
		{"an operator's block denies what is enabled", one(account{permits: us}, block("1415")), sms(inUS), "deny prefix_blocked"},
		{"an account's own block denies what is enabled", one(account{permits: us, rules: []rule{block("1415")}}), sms(inUS), "deny prefix_blocked"},
		{"a block of another prefix denies nothing", one(account{permits: us}, block("1416")), sms(inUS), "allow enabled"},
		{"a block longer than the number denies nothing", one(account{permits: us}, block("141555501000")), sms(inUS), "allow enabled"},
		{"an account's allow does not open what the operator blocked", one(account{permits: us, rules: []rule{allow("14155550100")}}, block("1")), sms(inUS), "deny prefix_blocked"},
		{"a parent's allow does not open what the operator blocked", two(account{rules: []rule{allow("14155550100")}}, account{}, block("1")), sms(inUS).by(sub), "deny prefix_blocked"},
		{"an operator's allow does not open what the account blocked", one(account{permits: us, rules: []rule{block("1")}}, allow("14155550100")), sms(inUS), "deny prefix_blocked"},
		{"a child's allow does not open what its parent blocked", two(account{permits: us, rules: []rule{block("1")}}, account{rules: []rule{allow("14155550100")}}), sms(inUS).by(sub), "deny prefix_blocked"},
		{"a parent's block reaches a child that inherits", two(account{permits: us, rules: []rule{block("1")}}, account{}), sms(inUS).by(sub), "deny prefix_blocked"},
		{"a parent's block reaches a child that states its own set", two(account{rules: []rule{block("1")}}, account{permits: us}), sms(inUS).by(sub), "deny prefix_blocked"},
		{"a parent's block reaches an unnamed child", one(account{permits: us, rules: []rule{block("1")}}), sms(inUS).by(unnamedAccount).under(company), "deny prefix_blocked"},
		{"a child's block does not reach its parent", two(account{permits: us}, account{rules: []rule{block("1")}}), sms(inUS), "allow enabled"},
		{"the longest match decides: a block within an allow", one(account{}, allow("1"), block("1415")), sms(inUS), "deny prefix_blocked"},
		{"the longest match decides: an allow within a block", one(account{}, block("1"), allow("1415")), sms(inUS), "allow allow_rule"},
		{"the longest match decides in any order", one(account{}, allow("1415"), block("1")), sms(inUS), "allow allow_rule"},
		{"block beats allow at equal length", one(account{permits: us}, allow("1415"), block("1415")), sms(inUS), "deny prefix_blocked"},
		{"block beats allow at equal length in any order", one(account{permits: us}, block("1415"), allow("1415")), sms(inUS), "deny prefix_blocked"},
		{"an exception from a parent's block is one for a child with its own set too", two(account{rules: []rule{block("1"), allow("1415")}}, account{permits: us}), sms(inUS).by(sub), "allow enabled"},
		{"a full number allowed in a blocked country", one(account{}, block("1"), allow("14155550100")), sms(inUS), "allow allow_rule"},
		{"the neighbour of a full number allowed in a blocked country", one(account{permits: us}, block("1"), allow("14155550100")), sms(inUS2), "deny prefix_blocked"},
		{"a full number blocked in an enabled country", one(account{permits: us}, block("14155550100")), sms(inUS), "deny prefix_blocked"},
		{"a block for voice lets messages pass", one(account{permits: us}, block("1").only("voice")), sms(inUS), "allow enabled"},
		{"a block for voice stops calls", one(account{permits: us}, block("1").only("voice")), call(inUS), "deny prefix_blocked"},
		{"a block for no channel in particular stops both", one(account{permits: us}, block("1")), call(inUS), "deny prefix_blocked"},
		{"an allow for messaging opens no calls", one(account{}, allow("1").only("messaging")), call(inUS), "deny territory_not_enabled"},
		{"a longer rule for the other channel decides nothing", one(account{permits: us}, block("1"), allow("1415").only("voice")), sms(inUS), "deny prefix_blocked"},
		{"a rule that has not expired blocks", one(account{permits: us}, block("1").ends(noon.Add(1))), sms(inUS), "deny prefix_blocked"},
		{"a rule that has expired no longer blocks", one(account{permits: us}, block("1").ends(noon.Add(-hour))), sms(inUS), "allow enabled"},
		{"a rule expires on the instant", one(account{permits: us}, block("1").ends(noon)), sms(inUS), "allow enabled"},
		{"a rule begins on the instant", one(account{permits: us}, block("1").begins(noon)), sms(inUS), "deny prefix_blocked"},
		{"a rule does nothing a moment before it begins", one(account{permits: us}, block("1").begins(noon.Add(1))), sms(inUS), "allow enabled"},
		{"a rule applies between its beginning and its end", one(account{permits: us}, block("1").begins(noon.Add(-1)).ends(noon.Add(1))), sms(inUS), "deny prefix_blocked"},
		{"an allow that has not begun leaves the block in force", one(account{permits: us}, block("1"), allow("1415").begins(noon.Add(hour))), sms(inUS), "deny prefix_blocked"},
		{"a number under an exception is not blocked", one(account{permits: us}, block("1").but("1415")), sms(inUS), "allow enabled"},
		{"an exception opens nothing", one(account{}, block("1").but("1415")), sms(inUS), "deny territory_not_enabled"},
		{"a number beside an exception is blocked", one(account{permits: us}, block("1").but("1414", "14156", "1416")), sms(inUS), "deny prefix_blocked"},
		{"an exception leaves the number to a shorter block", one(account{permits: us}, block("1"), block("14").but("1415")), sms(inUS), "deny prefix_blocked"},
		{"an exception leaves the number to an equally long allow", one(account{}, block("1").but("1415"), allow("1")), sms(inUS), "allow allow_rule"},
		{"an exception of the operator's leaves the number to the account's block", one(account{permits: us, rules: []rule{block("14")}}, block("1").but("1415")), sms(inUS), "deny prefix_blocked"},
		{"an exception may be a whole number", one(account{permits: us}, block("1").but(inUS.digits)), sms(inUS), "allow enabled"},
		{"a number under an exception of an allow is not opened", one(account{}, allow("1").but("1415")), sms(inUS), "deny territory_not_enabled"},
		{"an allow that has expired no longer opens", one(account{}, allow("1").ends(noon)), sms(inUS), "deny territory_not_enabled"},
		{"an expired longer allow leaves the block in force", one(account{permits: us}, block("1"), allow("1415").ends(noon)), sms(inUS), "deny prefix_blocked"},
		{"an expired block leaves the equally long allow in force", one(account{}, block("1").ends(noon), allow("1")), sms(inUS), "allow allow_rule"},
		{"a block comes before unsupported", one(account{}, block("98")), sms(inIR), "deny prefix_blocked"},
		{"a block comes before by request", one(account{}, block("65")), call(inSG), "deny prefix_blocked"},

		// Step 4: unsupported and by request.
		{"an unsupported territory is refused though enabled", one(account{permits: all}), sms(inIR), "deny unsupported"},
		{"no operator's allow lifts unsupported", one(account{permits: all}, allow("989121234567")), sms(inIR), "deny unsupported"},
		{"no approval lifts unsupported", unsupported(one(account{permits: all, approved: []string{"IR"}}), policy.Voice, "IR"), call(inIR), "deny unsupported"},
		{"unsupported for messaging says nothing about voice", one(account{permits: all}), call(inIR), "allow enabled"},
		{"a list of unsupported territories replaces the built-in one", unsupported(one(account{permits: all}), policy.Messaging, "US"), sms(inIR), "allow enabled"},
		{"a stated list of unsupported territories is in force", unsupported(one(account{permits: all}), policy.Messaging, "US"), sms(inUS), "deny unsupported"},
		{"an empty list of unsupported territories replaces the built-in one", unsupported(one(account{permits: all}), policy.Messaging, []string{}...), sms(inIR), "allow enabled"},
		{"one unsupported territory among several is enough to refuse", unsupported(one(account{permits: all}), policy.Messaging, "KZ"), sms(ruOrKZ), "deny unsupported"},
		{"one unsupported territory of a toll-free number is not", unsupported(one(account{permits: all}), policy.Voice, "US"), call(tollFree), "allow enabled"},
		{"a toll-free number with all territories unsupported is refused", unsupported(one(account{permits: all}), policy.Voice, "US", "CA"), call(tollFree), "deny unsupported"},
		{"WhatsApp does not reach Crimea", one(account{permits: all}), sms(crimea).through(policy.WhatsApp), "deny unsupported"},
		{"an SMS reaches Crimea", one(account{permits: all}), sms(crimea), "allow enabled"},
		{"no operator's allow opens Crimea for WhatsApp", one(account{}, allow("79781234567")), sms(crimea).through(policy.WhatsApp), "deny unsupported"},
		{"WhatsApp's list stands though the territories' is restated", unsupported(one(account{permits: all}), policy.Messaging, "US"), sms(inIR).through(policy.WhatsApp), "deny unsupported"},
		{"a star is not an approval", one(account{permits: all}), call(inSG), "deny by_request"},
		{"by request is for voice only", one(account{permits: all}), sms(inSG), "allow enabled"},
		{"a territory named outright is approved", one(account{permits: places("SG")}), call(inSG), "allow enabled"},
		{"a territory named beside a star is approved", one(account{permits: places("*", "SG")}), call(inSG), "allow enabled"},
		{"a territory named in another class is approved", one(account{permits: permits{voice: [][]string{{"*"}, {"SG"}}}}), call(inSG), "allow enabled"},
		{"a territory named for messaging is not approved for voice", one(account{permits: permits{messaging: []string{"SG"}, voice: [][]string{{"*"}}}}), call(inSG), "deny by_request"},
		{"an approval on record is one", one(account{permits: all, approved: []string{"SG"}}), call(inSG), "allow enabled"},
		{"an approval of another territory is none", one(account{permits: all, approved: []string{"TW"}}), call(inSG), "deny by_request"},
		{"an approval enables nothing", one(account{permits: us, approved: []string{"SG"}}), call(inSG), "deny territory_not_enabled"},
		{"home is an approval", one(account{home: "SG"}), call(inSG), "allow enabled"},
		{"home is an approval beside a voice set of its own", one(account{home: "SG", permits: permits{voice: [][]string{{"*"}}}}), call(inSG), "allow enabled"},
		{"a parent's naming is not an approval for its child", two(account{permits: places("SG")}, account{}), call(inSG).by(sub), "deny by_request"},
		{"a parent's approval is none for its child", two(account{approved: []string{"SG"}}, account{permits: all}), call(inSG).by(sub), "deny by_request"},
		{"the default's naming is not an approval", byDefault(places("SG")), call(inSG), "deny by_request"},
		{"an operator's allow stands in for an approval", one(account{}, allow("65")), call(inSG), "allow allow_rule"},
		{"an account's allow does not stand in for an approval", one(account{permits: all, rules: []rule{allow("65")}}), call(inSG), "deny by_request"},
		{"a parent's allow does not stand in for an approval", two(account{permits: all, rules: []rule{allow("65")}}, account{}), call(inSG).by(sub), "deny by_request"},
		{"a list of territories by request replaces the built-in one", byRequest(one(account{permits: all}), "DE"), call(inSG), "allow enabled"},
		{"a stated list of territories by request is in force", byRequest(one(account{permits: all}), "DE"), call(inDE), "deny by_request"},
		{"unsupported comes before by request", unsupported(one(account{permits: all}), policy.Voice, "SG"), call(inSG), "deny unsupported"},

		// Step 5: the permission set.
		{"an enabled territory is allowed", one(account{permits: us}), sms(inUS), "allow enabled"},
		{"a territory that is not enabled is refused", one(account{permits: us}), sms(inDE), "deny territory_not_enabled"},
		{"a star enables every territory", one(account{permits: all}), sms(inDE), "allow enabled"},
		{"an account for which nothing is stated reaches nothing", one(account{}), sms(inUS), "deny territory_not_enabled"},
		{"messaging says nothing about voice", one(account{permits: permits{messaging: []string{"US"}}}), call(inUS), "deny territory_not_enabled"},
		{"a child inherits what it does not state", two(account{permits: us}, account{}), sms(inUS).by(sub), "allow enabled"},
		{"a child's own set replaces its parent's", two(account{permits: us}, account{permits: de}), sms(inUS).by(sub), "deny territory_not_enabled"},
		{"a child may have more than its parent", two(account{permits: us}, account{permits: de}), sms(inDE).by(sub), "allow enabled"},
		{"none is a statement and inherits nothing", two(account{permits: us}, account{permits: places([]string{}...)}), sms(inUS).by(sub), "deny territory_not_enabled"},
		{"a child inherits each channel alone", two(account{permits: us}, account{permits: permits{messaging: []string{"DE"}}}), call(inUS).by(sub), "allow enabled"},
		{"an account inherits the default", byDefault(us), sms(inUS), "allow enabled"},
		{"a child inherits the default through its parent", byDefault(us), sms(inUS).by(sub), "allow enabled"},
		{"a parent's set comes before the default", withDefault(de, two(account{permits: us}, account{})), sms(inUS).by(sub), "allow enabled"},
		{"an account's own set comes before the default", withDefault(de, one(account{permits: us})), sms(inDE), "deny territory_not_enabled"},
		{"a default that does not state the channel enables nothing", byDefault(permits{messaging: []string{"US"}}), call(inUS), "deny territory_not_enabled"},
		{"home is the set of a channel that is not stated", one(account{home: "DE"}), sms(inDE), "allow enabled"},
		{"home is all of that set", one(account{home: "DE"}), sms(inUS), "deny territory_not_enabled"},
		{"home by voice is low risk", one(account{home: "US"}), call(premiumUS), "deny class_not_enabled"},
		{"home gives way to what is stated", one(account{home: "DE", permits: us}), sms(inDE), "deny territory_not_enabled"},
		{"a child's home replaces its parent's set", two(account{permits: us}, account{home: "DE"}), sms(inUS).by(sub), "deny territory_not_enabled"},
		{"a child inherits its parent's home", two(account{home: "DE"}, account{}), sms(inDE).by(sub), "allow enabled"},
		{"an unlisted number needs all its territories", one(account{permits: places("RU")}), sms(ruOrKZ), "deny territory_not_enabled"},
		{"an unlisted number with all its territories is allowed", one(account{permits: places("KZ", "RU")}), sms(ruOrKZ), "monitor unallocated_range"},
		{"a toll-free number needs one of its territories", one(account{permits: places("CA")}), sms(tollFree), "allow enabled"},
		{"a toll-free number needs one of its territories at least", one(account{permits: de}), sms(tollFree), "deny territory_not_enabled"},
		{"a toll-free number needs one territory that passes every step", unsupported(one(account{permits: us}), policy.Voice, "US"), call(tollFree), "deny territory_not_enabled"},
		{"a premium number needs its class", one(account{permits: us}), call(premiumUS), "deny class_not_enabled"},
		{"a premium number with its class is allowed", one(account{permits: permits{voice: [][]string{nil, {"US"}}}}), call(premiumUS), "allow enabled"},
		{"one class stated leaves the others empty", one(account{permits: permits{voice: [][]string{nil, {"US"}}}}), call(inUS), "deny class_not_enabled"},
		{"a premium number in a territory of no class", one(account{permits: de}), call(premiumUS), "deny territory_not_enabled"},
		{"a revenue-share number needs the other high-risk class", one(account{permits: permits{voice: [][]string{{"US"}, {"US"}}}}), call(fraudUS), "deny class_not_enabled"},
		{"a revenue-share number with its class is allowed", one(account{permits: permits{voice: [][]string{nil, nil, {"US"}}}}), call(fraudUS), "allow enabled"},
		{"a number of uncertain class needs every class", one(account{permits: us}), call(lowOrPremiumUS), "deny class_not_enabled"},
		{"a number of uncertain class with every class is allowed", one(account{permits: permits{voice: [][]string{{"US"}, {"US"}}}}), call(lowOrPremiumUS), "monitor unallocated_range"},
		{"messaging has no classes", one(account{permits: us}), sms(premiumUS), "allow enabled"},
		{"an operator's allow stands in for the territory", one(account{}, allow("49")), sms(inDE), "allow allow_rule"},
		{"an account's allow stands in for the territory", one(account{rules: []rule{allow("49")}}), sms(inDE), "allow allow_rule"},
		{"an allow stands in for the class", one(account{permits: us}, allow("1900")), call(premiumUS), "allow allow_rule"},
		{"a parent's allow reaches a child that inherits the channel", two(account{permits: us, rules: []rule{allow("49")}}, account{}), sms(inDE).by(sub), "allow allow_rule"},
		{"a parent's allow reaches a child that inherits the default", two(account{rules: []rule{allow("49")}}, account{}), sms(inDE).by(sub), "allow allow_rule"},
		{"a parent's allow reaches an unnamed child", one(account{rules: []rule{allow("49")}}), sms(inDE).by(unnamedAccount).under(company), "allow allow_rule"},
		{"a parent's allow does not reach a child that states the channel", two(account{rules: []rule{allow("49")}}, account{permits: us}), sms(inDE).by(sub), "deny territory_not_enabled"},
		{"a parent's allow does not reach a child with a home", two(account{rules: []rule{allow("49")}}, account{home: "US"}), sms(inDE).by(sub), "deny territory_not_enabled"},
		{"a parent's allow reaches the channel that the child does not state", two(account{rules: []rule{allow("49")}}, account{permits: permits{voice: [][]string{{"US"}}}}), sms(inDE).by(sub), "allow allow_rule"},
		{"an operator's allow reaches a child that states the channel", two(account{}, account{permits: us}, allow("49")), sms(inDE).by(sub), "allow allow_rule"},

		// Who pays.
		{"an unknown account without a default is refused", one(account{permits: all}), sms(inUS).by(unnamedAccount), "deny account_unknown"},
		{"no allow lets an unknown account in", one(account{}, allow("1")), sms(inUS).by(unnamedAccount), "deny account_unknown"},
		{"an unknown account without a default may miss the destination", one(account{}), sms().by(unnamedAccount).to(address.Missing), "allow no_destination"},
		{"an unknown account without a default may reach what costs nothing", one(account{}), sms().by(unnamedAccount).to(address.NotANumber), "allow not_a_number"},
		{"an unknown account is unknown before its destination is unreadable", one(account{}), sms().by(unnamedAccount).to(address.Unreadable), "deny account_unknown"},
		{"an unknown account is unknown before a block", one(account{}, block("1")), sms(inUS).by(unnamedAccount), "deny account_unknown"},
		{"an unknown account gets the default", byDefault(us), sms(inUS).by(unnamedAccount), "allow enabled"},
		{"an unknown account gets no more than the default", byDefault(us), sms(inDE).by(unnamedAccount), "deny territory_not_enabled"},
		{"an unknown account under an unknown credential is unknown", one(account{permits: all}), sms(inUS).by(unnamedAccount).under("AC88888888888888888888888888888888"), "deny account_unknown"},
		{"an unnamed account under a known credential is its child", one(account{permits: us}), sms(inUS).by(unnamedAccount).under(company), "allow enabled"},
		{"a send without account is its credential's", one(account{permits: us}), sms(inUS).by("").under(company), "allow enabled"},
		{"the credential of another account changes nothing for a named one", two(account{permits: us}, account{permits: de}), sms(inUS).by(sub).under(company), "deny territory_not_enabled"},
		{"an unnamed child of a subaccount inherits what the subaccount inherits", two(account{permits: us}, account{}), sms(inUS).by(unnamedAccount).under(sub), "allow enabled"},

		// Trial.
		{"a trial account reaches home", one(account{home: "DE", trial: true}), sms(inDE), "allow enabled"},
		{"a trial account reaches no more than home", one(account{home: "DE", trial: true, permits: all}), sms(inUS), "deny trial_restricted"},
		{"a trial account without a home reaches nothing", one(account{trial: true, permits: all}), sms(inUS), "deny trial_restricted"},
		{"a trial account is first refused what is not enabled", one(account{home: "DE", trial: true}), sms(inUS), "deny territory_not_enabled"},
		{"a trial account calls a verified number", one(account{home: "DE", trial: true, verified: []string{inDE.digits}}), call(inDE), "allow enabled"},
		{"a trial account calls no other number", one(account{home: "DE", trial: true, verified: []string{"49301234567"}}), call(inDE), "deny trial_restricted"},
		{"a trial account calls no verified number abroad", one(account{home: "DE", trial: true, permits: all, verified: []string{inUS.digits}}), call(inUS), "deny trial_restricted"},
		{"a trial account calls no premium number", one(account{home: "US", trial: true, permits: permits{voice: [][]string{{"*"}, {"*"}}}, verified: []string{premiumUS.digits}}), call(premiumUS), "deny trial_restricted"},
		{"a trial account writes to no premium number", one(account{home: "US", trial: true}), sms(premiumUS), "deny trial_restricted"},
		{"no operator's allow lifts a trial", one(account{home: "DE", trial: true}, allow("1")), sms(inUS), "deny trial_restricted"},
		{"a trial account reaches a toll-free number at home", one(account{home: "CA", trial: true}), sms(tollFree), "allow enabled"},
		{"a trial account reaches no number that may be abroad", one(account{home: "RU", trial: true, permits: all}), sms(ruOrKZ), "deny trial_restricted"},
		{"a parent's trial is not its child's", two(account{home: "DE", trial: true}, account{permits: us}), sms(inUS).by(sub), "allow enabled"},

		// Step 6: senders.
		{"a sender without sets of its own narrows nothing", one(account{permits: all}), sms(inDE).from("acme"), "allow enabled"},
		{"a sender's set narrows", one(account{permits: all, senders: []sender{{"acme", us}}}), sms(inDE).from("acme"), "deny sender_not_enabled"},
		{"a sender's set lets through what it has", one(account{permits: all, senders: []sender{{"acme", us}}}), sms(inUS).from("acme"), "allow enabled"},
		{"a sender's set never widens", one(account{permits: us, senders: []sender{{"acme", all}}}), sms(inDE).from("acme"), "deny territory_not_enabled"},
		{"a sender's set of the other channel narrows nothing", one(account{permits: all, senders: []sender{{"acme", permits{voice: [][]string{{"US"}}}}}}), sms(inDE).from("acme"), "allow enabled"},
		{"a sender's none lets nothing through", one(account{permits: all, senders: []sender{{"acme", permits{messaging: []string{}}}}}), sms(inUS).from("acme"), "deny sender_not_enabled"},
		{"a sender's set has classes", one(account{permits: permits{voice: [][]string{{"*"}, {"*"}}}, senders: []sender{{"acme", us}}}), call(premiumUS).from("acme"), "deny sender_not_enabled"},
		{"every sender that is named must have it", one(account{permits: all, senders: []sender{{"acme", all}, {"mg1", us}}}), sms(inDE).from("acme", "mg1"), "deny sender_not_enabled"},
		{"every sender that is named must have it, in any order", one(account{permits: all, senders: []sender{{"acme", all}, {"mg1", us}}}), sms(inDE).from("mg1", "acme"), "deny sender_not_enabled"},
		{"a sender that is not named narrows nothing", one(account{permits: all, senders: []sender{{"mg1", us}}}), sms(inDE).from("acme"), "allow enabled"},
		{"no operator's allow lifts a sender's set", one(account{senders: []sender{{"acme", us}}}, allow("49")), sms(inDE).from("acme"), "deny sender_not_enabled"},
		{"a child has its parent's senders", two(account{senders: []sender{{"acme", us}}}, account{permits: all}), sms(inDE).by(sub).from("acme"), "deny sender_not_enabled"},
		{"a child's entry hides its parent's", two(account{senders: []sender{{"acme", us}}}, account{permits: all, senders: []sender{{"acme", de}}}), sms(inDE).by(sub).from("acme"), "allow enabled"},
		{"a child's entry hides its parent's for both channels", two(account{senders: []sender{{"acme", us}}}, account{permits: all, senders: []sender{{"acme", permits{voice: [][]string{{"*"}}}}}}), sms(inDE).by(sub).from("acme"), "allow enabled"},
		{"an unnamed child has its parent's senders", one(account{permits: all, senders: []sender{{"acme", us}}}), sms(inDE).by(unnamedAccount).under(company).from("acme"), "deny sender_not_enabled"},
		{"a trial comes before a sender", one(account{trial: true, permits: all, senders: []sender{{"acme", nothing}, {"mg1", us}}}), sms(inDE).from("mg1"), "deny trial_restricted"},

		// Several numbers.
		{"every number must be allowed", one(account{permits: us}), sms(inUS, inDE), "deny territory_not_enabled"},
		{"several numbers that are allowed are allowed", one(account{permits: all}), sms(inUS, inDE), "allow enabled"},
		{"the first refused number is named", one(account{permits: us}, block("1")), sms(inDE, inUS), "deny territory_not_enabled"},
		{"the first refused number is named, not the first number", one(account{permits: us}, block("49")), sms(inUS, inDE, inIR), "deny prefix_blocked"},

		// Monitor and observe.
		{"monitor records a territory and lets it through", one(account{permits: us, monitor: true}), sms(inDE), "monitor territory_not_enabled"},
		{"monitor records a class and lets it through", one(account{permits: us, monitor: true}), call(premiumUS), "monitor class_not_enabled"},
		{"monitor records what cannot be read and lets it through", one(account{monitor: true}), sms().to(address.Unreadable), "monitor destination_unreadable"},
		{"monitor records a number that cannot exist and lets it through", one(account{permits: us, monitor: true}), sms(impossible), "monitor impossible_number"},
		{"monitor records an unassigned code and lets it through", one(account{monitor: true}), sms(unassigned), "monitor unassigned_code"},
		{"monitor records unsupported and lets it through", one(account{monitor: true}), sms(inIR), "monitor unsupported"},
		{"monitor records by request and lets it through", one(account{monitor: true}), call(inSG), "monitor by_request"},
		{"monitor records a trial and lets it through", one(account{monitor: true, trial: true, permits: all}), sms(inUS), "monitor trial_restricted"},
		{"monitor records a sender and lets it through", one(account{monitor: true, permits: all, senders: []sender{{"acme", us}}}), sms(inDE).from("acme"), "monitor sender_not_enabled"},
		{"monitor still enforces a prefix block", one(account{permits: us, monitor: true}, block("1")), sms(inUS), "deny prefix_blocked"},
		{"monitor still enforces a suspension", one(account{suspended: true, monitor: true}), sms(inUS), "deny account_suspended"},
		{"monitor enforces on the instant that it ends", one(account{permits: us, monitor: true, ends: noon}), sms(inDE), "deny territory_not_enabled"},
		{"monitor records until it ends", one(account{permits: us, monitor: true, ends: noon.Add(1)}), sms(inDE), "monitor territory_not_enabled"},
		{"monitor that ended is not an unnamed child's", one(account{monitor: true, ends: noon}), sms(inUS).by(unnamedAccount).under(company), "deny territory_not_enabled"},
		{"observe enforces on the instant that it ends", book{observe: true, ends: noon, accounts: one(account{permits: us}).accounts}, sms(inDE), "deny territory_not_enabled"},
		{"monitor leaves an allow alone", one(account{permits: us, monitor: true}), sms(inUS), "allow enabled"},
		{"a parent's monitor is not its child's", two(account{monitor: true}, account{}), sms(inUS).by(sub), "deny territory_not_enabled"},
		{"a parent's monitor is an unnamed child's", one(account{monitor: true}), sms(inUS).by(unnamedAccount).under(company), "monitor territory_not_enabled"},
		{"a block on one number outranks what is recorded about another", one(account{permits: us, monitor: true}, block("1")), sms(inDE, inUS), "deny prefix_blocked"},
		{"what is recorded about a number outranks one that is allowed", one(account{permits: us, monitor: true}), sms(inUS, inDE), "monitor territory_not_enabled"},
		{"the first of several recorded numbers is named", one(account{permits: us, monitor: true}), sms(inUS, inIR, inDE), "monitor unsupported"},
		{"observe refuses no territory", observed(one(account{permits: us})), sms(inDE), "monitor territory_not_enabled"},
		{"observe refuses no blocked prefix", observed(one(account{permits: us}, block("1"))), sms(inUS), "monitor prefix_blocked"},
		{"observe refuses no suspended account", observed(one(account{suspended: true})), sms(inUS), "monitor account_suspended"},
		{"observe refuses no unknown account", observed(one(account{})), sms(inUS).by(unnamedAccount), "monitor account_unknown"},
		{"observe leaves an allow alone", observed(one(account{permits: us})), sms(inUS), "allow enabled"},
		{"observe names what would have been refused", observed(one(account{permits: us, monitor: true}, block("1"))), sms(inDE, inUS), "monitor prefix_blocked"},
	} {
		s.run(t)
	}
}

func TestClassOfEachKind(t *testing.T) {
	for kind := range numbering.UnknownKind + 1 {
		want := policy.LowRisk
		switch kind {
		case numbering.PremiumRate, numbering.SharedCost, numbering.PersonalNumber, numbering.Pager, numbering.Voicemail:
			want = policy.HighRiskSpecial
		case numbering.RevenueShare:
			want = policy.HighRiskTollFraud
		}
		for class := range policy.ClassCount {
			voice := make([][]string, policy.ClassCount)
			voice[class] = []string{"US"}
			n := inUS
			n.kinds = []numbering.Kind{kind}
			v := judge(t, one(account{permits: permits{voice: voice}}), call(n))
			if allowed := v.Outcome == policy.Allow; allowed != (class == want) || v.Class != want {
				t.Errorf("%s with only %s enabled: %+v", kind, class, v)
			}
		}
	}
}

func judge(t *testing.T, b book, in intent) policy.Verdict {
	t.Helper()
	snapshot, err := policy.New(b.definition())
	if err != nil {
		t.Fatal(err)
	}
	return ask(snapshot, in, noon)
}

func TestVerdictNamesWhatDecided(t *testing.T) {
	us := places("US")
	for _, test := range []struct {
		says      string
		book      book
		in        intent
		territory string
		class     policy.Class
		unlisted  bool
		rule      []string // words that the rule's description has
	}{
		{"the operator's block", one(account{permits: us}, block("1"), block("1415")), sms(inUS), "US", 0, false, []string{"block", "+1415"}},
		{"the parent's block", two(account{rules: []rule{block("1415")}}, account{permits: us}), sms(inUS).by(sub), "US", 0, false, []string{company, "block", "+1415"}},
		{"the account's allow", one(account{rules: []rule{allow("49")}}), sms(inDE), "DE", 0, false, []string{company, "allow", "+49"}},
		{"the set in force", two(account{permits: us}, account{}), sms(inUS).by(sub), "US", 0, false, []string{company, "messaging"}},
		{"the sender that lacks the territory", one(account{permits: places("*"), senders: []sender{{"acme", us}}}), sms(inDE).from("acme"), "DE", 0, false, []string{"acme"}},
		{"the territory that is missing", one(account{permits: places("RU")}), sms(ruOrKZ), "KZ", 0, true, nil},
		{"the territory that was enough", one(account{permits: places("CA")}), sms(tollFree), "CA", 0, false, nil},
		{"the refused one of several numbers", one(account{permits: us}), sms(inUS, inDE), "DE", 0, false, nil},
		{"the class of a call", one(account{permits: us}), call(premiumUS), "US", policy.HighRiskSpecial, false, nil},
		{"the class that is missing", one(account{permits: permits{voice: [][]string{nil, {"US"}}}}), call(lowOrPremiumUS), "US", policy.LowRisk, true, nil},
		{"the riskiest class of what is allowed", one(account{permits: permits{voice: [][]string{{"US"}, {"US"}}}}), call(lowOrPremiumUS), "US", policy.HighRiskSpecial, true, nil},
		{"no class of a message", one(account{permits: us}), sms(premiumUS), "US", 0, false, nil},
		{"the class that messages are denied for", one(account{permits: us, choices: choices{messagingSpecial: "deny"}}), sms(premiumUS).by(sub), "US", policy.HighRiskSpecial, false, []string{"account " + company + " messaging_special deny"}},
		{"the riskiest class that a message may be denied for", operatorDeniesSpecial(one(account{permits: us})), sms(lowOrPremiumUS), "US", policy.HighRiskSpecial, true, []string{"operator messaging_special deny"}},
		{"a range known for fraud", operatorDeniesSpecial(one(account{permits: us})), sms(fraudUS), "US", policy.HighRiskTollFraud, false, []string{"operator messaging_special deny"}},
		{"the set for verifications", one(account{permits: us, verify: us}), sms(inUS).verifies(), "US", 0, false, []string{company, "verify messaging"}},
		{"the service without a set", one(account{choices: choices{unscopedService: "deny"}}, allow("1900")), call(premiumUS).from(service), "US", policy.HighRiskSpecial, false, []string{company, "unscoped_service"}},
		{"no territory of a suspended account", one(account{suspended: true}), sms(inUS), "", 0, false, []string{company}},
	} {
		t.Run(test.says, func(t *testing.T) {
			v := judge(t, test.book, test.in)
			if v.Territory.String() != test.territory || v.Class != test.class || v.Unlisted != test.unlisted {
				t.Errorf("got %+v (%s)", v, v.Territory)
			}
			for _, word := range test.rule {
				if !strings.Contains(v.Rule, word) {
					t.Errorf("rule %q does not name %q", v.Rule, word)
				}
			}
		})
	}
}

func operatorDeniesSpecial(b book) book { b.messagingSpecial = "deny"; return b }

// Logs name the class of every call to a number, and of a message only where it
// is denied for it.
func TestWhichVerdictsHaveAClass(t *testing.T) {
	b := operatorDeniesSpecial(one(account{permits: places("US"), rules: []rule{allow("1712")}}))
	for _, c := range []struct {
		says string
		in   intent
		want string
	}{
		{"a message that is denied for its class", sms(premiumUS), "high_risk_special"},
		{"a message that is denied for its territory", sms(inDE), ""},
		{"a message that is allowed", sms(inUS), ""},
		{"a message that a rule allows", sms(lowOrPremiumUS), ""},
		{"a call that is denied for its class", call(premiumUS), "high_risk_special"},
		{"a call that is denied for its territory", call(inDE), "low_risk"},
		{"a call that is allowed", call(inUS), "low_risk"},
		{"a call to no number", call().to(address.NotANumber), ""},
	} {
		if v := judge(t, b, c.in); v.ClassName(c.in.channel) != c.want {
			t.Errorf("%s: got %q, want %q", c.says, v.ClassName(c.in.channel), c.want)
		}
	}
}

func TestNewRefusesReferencesThatLeadNowhere(t *testing.T) {
	for says, d := range map[string]policy.Definition{
		"a parent that is not defined":       {Accounts: []policy.Account{{ID: sub, Parent: company}}},
		"a parent of itself":                 {Accounts: []policy.Account{{ID: sub, Parent: sub}}},
		"a ring of parents":                  {Accounts: []policy.Account{{ID: sub, Parent: company}, {ID: company, Parent: sub}}},
		"an account that is already defined": {Accounts: []policy.Account{{ID: sub}, {ID: sub}}},
	} {
		if _, err := policy.New(d); err == nil {
			t.Errorf("%s is accepted", says)
		}
	}
}
