package policy_test

import "testing"

func TestVerification(t *testing.T) {
	us, de, all := places("US"), places("DE"), places("*")
	def := func(def, verify permits, b book) book { b.def, b.verify = &def, verify; return b }
	code := func(n ...number) intent { return sms(n...).verifies() }
	codeByCall := func(n ...number) intent { return call(n...).verifies() }
	verifying := account{permits: de, verify: us}
	for _, s := range []sentence{
		{"an account's own set for verifications is in force", one(verifying), code(inUS), "allow enabled"},
		{"it alone is", one(verifying), code(inDE), "deny territory_not_enabled"},
		{"it is in force for nothing else", one(verifying), sms(inUS), "deny territory_not_enabled"},
		{"by call too", one(verifying), codeByCall(inUS), "allow enabled"},
		{"each channel by itself", one(account{permits: de, verify: permits{messaging: []string{"US"}}}), codeByCall(inDE), "allow enabled"},
		{"none is a set", one(account{permits: us, verify: permits{messaging: none}}), code(inUS), "deny territory_not_enabled"},
		{"where no one states one, the ordinary set is in force", one(account{permits: de}), code(inDE), "allow enabled"},
		{"a child inherits its parent's", one(verifying), code(inUS).by(sub), "allow enabled"},
		{"a child's own comes before its parent's", two(verifying, account{verify: de}), code(inDE).by(sub), "allow enabled"},
		{"a parent's comes before the child's ordinary set", two(verifying, account{permits: all}), code(inDE).by(sub), "deny territory_not_enabled"},
		{"the default's comes before every ordinary set", def(us, us, two(account{permits: de}, account{permits: de})), code(inDE).by(sub), "deny territory_not_enabled"},
		{"a parent's comes before the default's", def(us, us, one(account{verify: de})), code(inDE).by(sub), "allow enabled"},
		{"an unknown account has the default's", def(us, de, one(account{})), code(inDE).by(unnamedAccount), "allow enabled"},
		{"an unknown account without a default has none", func() book { b := one(account{}); b.verify = us; return b }(), code(inUS).by(unnamedAccount), "deny account_unknown"},
		{"an unnamed child has its parent's", one(verifying), code(inUS).by(unnamedAccount).under(company), "allow enabled"},
		{"home is not a set for verifications", def(us, us, one(account{home: "DE"})), code(inDE), "deny territory_not_enabled"},
		{"home is in force where no one states one", one(account{home: "DE"}), code(inDE), "allow enabled"},
		{"a class is one", one(account{permits: all, verify: permits{voice: [][]string{{"US"}}}}), codeByCall(premiumUS), "deny class_not_enabled"},

		{"a block denies them too", one(account{verify: us}, block("1415")), code(inUS), "deny prefix_blocked"},
		{"what the carrier does not serve, too", one(account{verify: all}), code(inIR), "deny unsupported"},
		{"an allow stands in for the set", one(account{verify: us}, allow("49")), code(inDE), "allow allow_rule"},
		{"a parent's allow reaches a child that inherits the set", two(account{verify: us, rules: []rule{allow("49")}}, account{}), code(inDE).by(sub), "allow allow_rule"},
		{"even one with an ordinary set, which is not in force", two(account{verify: us, rules: []rule{allow("49")}}, account{permits: us}), code(inDE).by(sub), "allow allow_rule"},
		{"it reaches no child with a set for verifications", two(account{rules: []rule{allow("49")}}, account{verify: us}), code(inDE).by(sub), "deny territory_not_enabled"},
		{"it reaches no child whose ordinary set is in force", two(account{rules: []rule{allow("49")}}, account{permits: us}), code(inDE).by(sub), "deny territory_not_enabled"},
		{"an allow of other sends still reaches them", two(account{rules: []rule{allow("49")}}, account{verify: us}), sms(inDE).by(sub), "allow allow_rule"},
		{"a star is not an approval", one(account{verify: all}), codeByCall(inSG), "deny by_request"},
		{"what is named for verifications is approved for them", one(account{verify: places("SG")}), codeByCall(inSG), "allow enabled"},
		{"and for nothing else", one(account{permits: all, verify: places("SG")}), call(inSG), "deny by_request"},
		{"what is named for calls is approved for verifications", one(account{permits: places("SG"), verify: all}), codeByCall(inSG), "allow enabled"},
		{"a parent's naming is not an approval", one(account{verify: places("SG")}), codeByCall(inSG).by(sub), "deny by_request"},
		{"a trial stays at home", one(account{home: "US", trial: true, verify: all}), code(inDE), "deny trial_restricted"},
		{"a sender is held to its set", one(account{verify: all, senders: []sender{{"acme", us}}}), code(inDE).from("acme"), "deny sender_not_enabled"},
		{"monitor only records", one(account{verify: us, monitor: true}), code(inDE), "monitor territory_not_enabled"},
	} {
		s.run(t)
	}
}
