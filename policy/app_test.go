package policy_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// WhatsApp and RCS have sets of their own where some are stated, and go by that for
// messaging otherwise.
func TestMessagesByAnApp(t *testing.T) {
	us, de, all := places("US"), places("DE"), places("*")
	chat := func(p permits, codes ...string) permits { p.whatsApp = codes; return p }
	rcs := func(p permits, codes ...string) permits { p.rcs = codes; return p }
	by := func(c policy.Channel, n ...number) intent { return sms(n...).through(c) }
	wa, rich := policy.WhatsApp, policy.RCS
	opens := func(channel string) rule { return allow("49").only(channel) }
	closes := func(channel string) rule { return block("1415").only(channel) }
	def := func(p permits, b book) book { b.def = &p; return b }
	for _, s := range []sentence{
		{"WhatsApp goes by messaging where nothing else is stated", one(account{permits: us}), by(wa, inUS), "allow enabled"},
		{"and no further", one(account{permits: us}), by(wa, inDE), "deny territory_not_enabled"},
		{"RCS does as well", one(account{permits: us}), by(rich, inDE), "deny territory_not_enabled"},
		{"a set of its own is in force", one(account{permits: chat(us, "DE")}), by(wa, inDE), "allow enabled"},
		{"it alone is", one(account{permits: chat(us, "DE")}), by(wa, inUS), "deny territory_not_enabled"},
		{"it is in force for no other message", one(account{permits: chat(us, "DE")}), sms(inDE), "deny territory_not_enabled"},
		{"nor for RCS", one(account{permits: chat(us, "DE")}), by(rich, inDE), "deny territory_not_enabled"},
		{"nor for calls", one(account{permits: chat(us, "DE")}), call(inDE), "deny territory_not_enabled"},
		{"RCS has its own", one(account{permits: rcs(us, "DE")}), by(rich, inDE), "allow enabled"},
		{"none is a set", one(account{permits: chat(us, none...)}), by(wa, inUS), "deny territory_not_enabled"},
		{"a child inherits its parent's", two(account{permits: chat(us, "DE")}, account{}), by(wa, inDE).by(sub), "allow enabled"},
		{"a parent's comes before the child's messaging", two(account{permits: chat(us, "DE")}, account{permits: us}), by(wa, inUS).by(sub), "deny territory_not_enabled"},
		{"the default's comes before every messaging", def(chat(us, "DE"), two(account{permits: us}, account{permits: us})), by(wa, inUS).by(sub), "deny territory_not_enabled"},
		{"an unknown account has the default's", def(chat(us, "DE"), one(account{})), by(wa, inDE).by(unnamedAccount), "allow enabled"},

		{"home is for them too", one(account{home: "DE"}), by(wa, inDE), "allow enabled"},
		{"with a home they go by messaging", one(account{home: "DE", permits: permits{messaging: []string{"US"}}}), by(wa, inUS), "allow enabled"},
		{"a home comes before the default's set", def(chat(us, "US"), one(account{home: "DE"})), by(wa, inUS), "deny territory_not_enabled"},
		{"a home gives way to the account's own", one(account{home: "DE", permits: chat(permits{}, "US")}), by(wa, inDE), "deny territory_not_enabled"},
		{"a parent's home does not come before the child's messaging", two(account{home: "DE"}, account{permits: us}), by(wa, inUS).by(sub), "allow enabled"},

		{"a rule for messaging is for all messages", one(account{permits: us}, closes("messaging")), by(wa, inUS), "deny prefix_blocked"},
		{"it opens all of them", one(account{permits: us}, opens("messaging")), by(rich, inDE), "allow allow_rule"},
		{"a rule for WhatsApp closes it", one(account{permits: us}, closes("whatsapp")), by(wa, inUS), "deny prefix_blocked"},
		{"and no SMS", one(account{permits: us}, closes("whatsapp")), sms(inUS), "allow enabled"},
		{"nor RCS", one(account{permits: us}, closes("whatsapp")), by(rich, inUS), "allow enabled"},
		{"a rule for WhatsApp opens it", one(account{permits: us}, opens("whatsapp")), by(wa, inDE), "allow allow_rule"},
		{"and no SMS by it", one(account{permits: us}, opens("whatsapp")), sms(inDE), "deny territory_not_enabled"},
		{"a parent's allow reaches a child whose set is not its own", two(account{permits: chat(us, "US"), rules: []rule{opens("whatsapp")}}, account{permits: us}), by(wa, inDE).by(sub), "allow allow_rule"},
		{"it reaches no child with a set of its own", two(account{rules: []rule{opens("whatsapp")}}, account{permits: chat(us, "US")}), by(wa, inDE).by(sub), "deny territory_not_enabled"},

		{"what messages do not reach, WhatsApp does not", one(account{permits: all}), by(wa, inIR), "deny unsupported"},
		{"a list of its own takes the place of the carrier's", unserved(one(account{permits: all}), wa, none...), by(wa, inIR), "allow enabled"},
		{"and of its prefixes", unserved(one(account{permits: all}), wa, none...), by(wa, crimea), "allow enabled"},
		{"the list is in force", unserved(one(account{permits: all}), wa, "DE"), by(wa, inDE), "deny unsupported"},
		{"for nothing else", unserved(one(account{permits: all}), wa, "DE"), sms(inDE), "allow enabled"},
		{"RCS has no prefixes", one(account{permits: all}), by(rich, crimea), "allow enabled"},
		{"a stated list for messages is for both", unserved(one(account{permits: all}), policy.Messaging, "DE"), by(rich, inDE), "deny unsupported"},

		{"a sender's set narrows", one(account{permits: all, senders: []sender{{"acme", chat(all, "US")}}}), by(wa, inDE).from("acme"), "deny sender_not_enabled"},
		{"its messaging does where that is all it states", one(account{permits: all, senders: []sender{{"acme", us}}}), by(wa, inDE).from("acme"), "deny sender_not_enabled"},
		{"its own set takes the place of that", one(account{permits: all, senders: []sender{{"acme", chat(us, "DE")}}}), by(wa, inDE).from("acme"), "allow enabled"},
		{"a set for WhatsApp narrows no SMS", one(account{permits: all, senders: []sender{{"acme", chat(permits{}, "US")}}}), sms(inDE).from("acme"), "allow enabled"},
		{"a trial stays at home", one(account{home: "US", trial: true, permits: chat(us, "DE")}), by(wa, inDE), "deny trial_restricted"},

		{"a code by WhatsApp has a set of its own", one(account{permits: us, verify: chat(us, "DE")}), by(wa, inDE).verifies(), "allow enabled"},
		{"it goes by the codes by messaging otherwise", one(account{permits: chat(us, "US"), verify: de}), by(wa, inDE).verifies(), "allow enabled"},
		{"and then as other messages by WhatsApp", one(account{permits: chat(us, "DE")}), by(wa, inDE).verifies(), "allow enabled"},
	} {
		s.run(t)
	}
}

// A channel is apart only where something is stated of it alone.
func TestAChannelIsApartWhereSomethingIsStatedOfIt(t *testing.T) {
	us := places("US")
	chat := permits{whatsApp: []string{"US"}}
	for says, c := range map[string]struct {
		book book
		want bool
	}{
		"nothing":                      {one(account{permits: us, home: "US"}, block("1"), block("1").only("messaging")), false},
		"a list for messages":          {unserved(one(account{permits: us}), policy.Messaging, "US"), false},
		"a set for RCS":                {one(account{permits: permits{rcs: []string{"US"}}}), false},
		"an account's set":             {one(account{permits: chat}), true},
		"a set for codes":              {one(account{verify: chat}), true},
		"a sender's set":               {one(account{senders: []sender{{"acme", chat}}}), true},
		"a rule of the operator":       {one(account{}, block("1").only("whatsapp")), true},
		"a rule of an account":         {one(account{rules: []rule{allow("1").only("whatsapp")}}), true},
		"a list of its own":            {unserved(one(account{}), policy.WhatsApp, none...), true},
		"the default's":                {func() book { b := one(account{}); b.def = &chat; return b }(), true},
		"the default's set for codes":  {func() book { b := one(account{}); b.verify = chat; return b }(), true},
		"a list of its own for RCS is": {unserved(one(account{}), policy.RCS, none...), false},
	} {
		snapshot, err := policy.New(c.book.definition())
		if err != nil {
			t.Fatal(err)
		}
		if got := snapshot.Apart().Has(policy.WhatsApp); got != c.want {
			t.Errorf("%s: WhatsApp is apart: %t", says, got)
		}
	}
}

// unserved is a policy that states which territories the carrier does not serve.
func unserved(b book, c policy.Channel, codes ...string) book { b.unsupported[c] = codes; return b }
