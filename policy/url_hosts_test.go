package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

func TestURLHosts(t *testing.T) {
	hosts := func(list ...string) account { return account{urlHosts: append([]string{}, list...)} }
	operator := func(b book, list ...string) book { b.urlHosts = append([]string{}, list...); return b }
	good, evil := call().toURL("https://a.example/"), call().toURL("https://xa.example/")
	for _, s := range []sentence{
		{"where no one states any, any will do", one(account{}), evil, "allow "},
		{"a host that is listed is allowed", one(hosts("a.example")), good, "allow url_allowed"},
		{"any other is not", one(hosts("a.example")), evil, "deny url_host"},
		{"none is a list of its own", one(hosts()), good, "deny url_host"},
		{"a star is every host", one(hosts("*")), call().toURL("//a.example/"), "allow "},
		{"a child has its parent's", one(hosts("a.example")), evil.by(sub), "deny url_host"},
		{"a child's own list replaces its parent's", two(hosts("a.example"), hosts("xa.example")), evil.by(sub), "allow url_allowed"},
		{"a child may have any", two(hosts("a.example"), hosts("*")), evil.by(sub), "allow "},
		{"a child's list is not its parent's", two(account{}, hosts("a.example")), evil, "allow "},
		{"the operator's is in force for all", operator(one(account{}), "a.example"), evil.by(sub), "deny url_host"},
		{"an account's own replaces the operator's", operator(one(hosts("xa.example")), "a.example"), evil, "allow url_allowed"},
		{"an unnamed child has its parent's", one(hosts("a.example")), evil.by(unnamedAccount).under(company), "deny url_host"},
		{"an unknown account without a default is refused", operator(one(account{}), "a.example"), good.by(unnamedAccount), "deny account_unknown"},
		{"what is unidentified could be anyone's", one(hosts("a.example")), evil.by(""), "deny credential_unknown"},
		{"a suspended account is refused", one(account{suspended: true, urlHosts: []string{"a.example"}}), good, "deny account_suspended"},
		{"an allow rule does not lift it", operator(one(account{}, allow("1")), "a.example"), evil, "deny url_host"},
		{"monitor only records it", one(account{monitor: true, urlHosts: none}), good, "monitor url_host"},
		{"observe only records it", func() book { b := one(hosts()); b.observe = true; return b }(), good, "monitor url_host"},
	} {
		s.run(t)
	}
}

func TestWhereAURLLeads(t *testing.T) {
	list := []string{"hooks.example", "*.apps.example", "203.0.113.7", "port.example:8443", "*.port.example:8443", "under_score.example", "xn--mnchen-3ya.example", "localhost"}
	for address, want := range map[string]bool{
		"https://hooks.example":                                  true,
		"http://hooks.example/":                                  true,
		"HTTP://HOOKS.Example/A?b=c#d":                           true,
		"https://hooks.example:443/":                             true,
		"https://hooks.example:80/":                              true,
		"https://hooks.example?u=1":                              true,
		"https://hooks.example#u":                                true,
		"https://hooks.example/@evil.example":                    true,
		"https://hooks.example/?u=https://evil.example@x:y/":     true,
		"https://hooks.example/ü":                                true,
		"https://a.apps.example/":                                true,
		"https://a.b.apps.example/":                              true,
		"https://203.0.113.7/":                                   true,
		"https://port.example:8443/":                             true,
		"https://a.port.example:8443/":                           true,
		"https://under_score.example/":                           true,
		"https://xn--mnchen-3ya.example/":                        true,
		"http://localhost/":                                      true,
		"https://evil.example/":                                  false,
		"https://hooks.example.evil.example/":                    false,
		"https://xhooks.example/":                                false,
		"https://apps.example/":                                  false,
		"https://xapps.example/":                                 false,
		"https://.apps.example/":                                 false,
		"https://a..apps.example/":                               false,
		"https://hooks.example:8443/":                            false,
		"https://port.example/":                                  false,
		"https://port.example:443/":                              false,
		"https://hooks.example:/":                                false,
		"https://hooks.example:0443/":                            false,
		"https://hooks.example:+443/":                            false,
		"https://hooks.example:443:443/":                         false,
		"https://hooks.example:99999/":                           false,
		"https://hooks.example:0/":                               false,
		"https://hooks.example./":                                false,
		"https://hooks.example@evil.example/":                    false,
		"https://evil.example@hooks.example/":                    false,
		"https://:@hooks.example/":                               false,
		"https://hooks.example?@evil.example/":                   false,
		"https://hooks.example#@evil.example/":                   false,
		`https://hooks.example\@evil.example/`:                   false,
		`https://evil.example\@hooks.example/`:                   false,
		`https:\\hooks.example/`:                                 false,
		`https:/\hooks.example/`:                                 false,
		"https:hooks.example":                                    false,
		"https:/hooks.example":                                   false,
		"https:///hooks.example/":                                false,
		"https:////hooks.example/":                               false,
		"//hooks.example/":                                       false,
		"hooks.example":                                          false,
		"/next":                                                  false,
		"ftp://hooks.example/":                                   false,
		"javascript://hooks.example/":                            false,
		"wss://hooks.example/":                                   false,
		"sip://hooks.example/":                                   false,
		" https://hooks.example/":                                false,
		"https://hooks.example/ ":                                false,
		"https://hooks.example /":                                false,
		"https://hooks.example/\r\nx":                            false,
		"https://hooks\t.example/":                               false,
		"ht\ntps://hooks.example/":                               false,
		"https://hooks.example\x00.evil.example/":                false,
		"https://hooks.example%2eevil.example/":                  false,
		"https://%68ooks.example/":                               false,
		"https://hooks%00.example/":                              false,
		"https://hooks.example%2f@evil.example/":                 false,
		"https://hooks.example;evil.example/":                    false,
		"https://hooks.example,evil.example/":                    false,
		"https://hooks.example&evil.example/":                    false,
		"https://hooks。example/":                                 false,
		"https://ｈooks.example/":                                 false,
		"https://hooks.exampl\u0435/":                            false,
		"https://hooks.example?／@evil.example":                   false,
		"https://münchen.example/":                               false,
		"https://[::1]/":                                         false,
		"https://[::ffff:203.0.113.7]/":                          false,
		"https://3405803783/":                                    false,
		"https://0xcb007107/":                                    false,
		"https://0313.0.113.7/":                                  false,
		"https://203.0.113.07/":                                  false,
		"https://203.0.28935/":                                   false,
		"https://203.0.113.7./":                                  false,
		"https://203.0.113.0x7/":                                 false,
		"https://-hooks.example/":                                false,
		"https://" + strings.Repeat("a", 64) + ".apps.example/":  false,
		"https://" + strings.Repeat("a.", 130) + "apps.example/": false,
		"https://":                     false,
		"https:// ":                    false,
		"https://{{host}}/":            false,
		"ſttps://hooks.example/":       false,
		"https://\u212a.apps.example/": false, // the sign of Kelvin
		"https://hooks.example\u200b":  false,
	} {
		v := judge(t, one(account{urlHosts: list}), call().toURL(address))
		if got := v.Reason == policy.URLAllowed; got != want || !got && v.Reason != policy.URLHost {
			t.Errorf("%q: %s, want allowed %t", address, v.Reason, want)
		}
	}
	if v := judge(t, one(account{urlHosts: none}), call().toURL(" ")); v.Outcome != policy.Allow || v.Reason != "" {
		t.Errorf("a blank address is %s %s", v.Outcome, v.Reason)
	}
}

func TestWhatIsAHost(t *testing.T) {
	for text, want := range map[string]string{
		"Hooks.Example":         "hooks.example",
		"*.Hooks.Example:8443":  "*.hooks.example:8443",
		"203.0.113.7":           "203.0.113.7",
		"localhost":             "localhost",
		"*":                     "*",
		"":                      "",
		"https://hooks.example": "",
		"hooks.example/":        "",
		"user@hooks.example":    "",
		"hooks.example.":        "",
		"hooks.*":               "",
		"*hooks.example":        "",
		"*.*.example":           "",
		"*.":                    "",
		"*.203.0.113.7":         "",
		"*:8443":                "",
		"münchen.example":       "",
		"hooks.example:":        "",
		"hooks.example:0":       "",
		"hooks.example:65536":   "",
		"[::1]":                 "",
		"::1":                   "",
		"0x7f.1":                "",
		"127.1":                 "",
		"a b":                   "",
	} {
		if got, err := policy.ParseURLHost(text); got != want || (err != nil) != (want == "") {
			t.Errorf("%q is %q, %v, want %q", text, got, err, want)
		}
	}
	if _, err := policy.New(policy.Definition{URLHosts: []string{"hooks.example/"}}); err == nil {
		t.Error("a list with a path in it compiles")
	}
}

func TestRulesOfURLs(t *testing.T) {
	b := one(account{urlHosts: none})
	if v := judge(t, b, call().toURL("https://a.example/").by(sub)); v.Rule != "account "+company+" url_hosts" {
		t.Errorf("got %q", v.Rule)
	}
	b = one(account{})
	b.urlHosts = none
	if v := judge(t, b, call().toURL("https://a.example/")); v.Rule != "operator url_hosts" {
		t.Errorf("got %q", v.Rule)
	}
}

// Accounts that may call and have no list are listed, and no others.
func TestWhoseVoiceIsOpen(t *testing.T) {
	calls := permits{voice: [][]string{nil, {"US"}}}
	for says, c := range map[string]struct {
		book book
		want []string
	}{
		"no account may call":                {one(account{permits: permits{messaging: []string{"US"}}}), nil},
		"none is not a territory":            {one(account{permits: permits{voice: [][]string{}}}), nil},
		"an account and its child may":       {one(account{permits: calls}), []string{company, sub}},
		"a child may not":                    {two(account{permits: calls}, account{permits: permits{voice: [][]string{}}}), []string{company}},
		"a list closes it for both":          {one(account{permits: calls, urlHosts: none}), nil},
		"a star closes it on purpose":        {one(account{permits: calls, urlHosts: []string{"*"}}), nil},
		"the operator's list closes it":      {func() book { b := one(account{permits: calls}); b.urlHosts = none; return b }(), nil},
		"the default opens it for the rest":  {func() book { b := one(account{urlHosts: none}); b.def = &calls; return b }(), []string{""}},
		"at home, one may call":              {one(account{home: "US"}), []string{company, sub}},
		"an opening for calls opens it":      {one(account{openings: []opening{opens("US")}}), []string{company}},
		"an opening for messages does not":   {one(account{openings: []opening{opens("US").only("messaging")}}), nil},
		"verifications alone lead to no URL": {one(account{verify: calls}), nil},
	} {
		snapshot, err := policy.New(c.book.definition())
		if err != nil {
			t.Fatal(err)
		}
		if got := snapshot.OpenVoice(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", says, got, c.want)
		}
	}
}
