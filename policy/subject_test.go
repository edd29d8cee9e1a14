package policy_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	key           = "SK22222222222222222222222222222222"
	childsKey     = "SK33333333333333333333333333333333"
	unknownKey    = "SK99999999999999999999999999999999"
	client        = "OQ22222222222222222222222222222222"
	unknownClient = "OQ99999999999999999999999999999999"
	another       = "AC77777777777777777777777777777777"
)

func TestWhoseItIs(t *testing.T) {
	token, childsToken := policy.TokenDigest("a.b.c"), policy.TokenDigest("d.e.f")
	us := places("US")
	tree := func(parent, child account) book {
		parent.credentials, child.credentials = []string{key, client, token}, []string{childsKey, childsToken}
		b := two(parent, child)
		b.accounts = append(b.accounts, account{id: another, permits: places("DE")})
		return b
	}
	family := tree(account{permits: us}, account{permits: places("GB")})
	withDefault := family
	withDefault.def = &us
	suspended := tree(account{permits: us, suspended: true}, account{})
	monitored := tree(account{permits: us, monitor: true}, account{monitor: true})
	observed := family
	observed.observe = true
	none := sms(inUS).by("")

	for _, s := range []sentence{
		// The path's account decides.
		{"an account under itself", family, sms(inUS).under(company), "allow enabled"},
		{"an account under its key", family, sms(inUS).under(key), "allow enabled"},
		{"an account under its OAuth client", family, sms(inUS).under(client), "allow enabled"},
		{"an account under its token", family, sms(inUS).with(token), "allow enabled"},
		{"an account under a key that is not known", family, sms(inUS).under(unknownKey), "allow enabled"},
		{"an account under a client that is not known", family, sms(inUS).under(unknownClient), "allow enabled"},
		{"an account under an account that the policy does not name", family, sms(inUS).under(unnamedAccount), "allow enabled"},
		{"an account without a credential", family, sms(inUS), "allow enabled"},
		{"a child under its parent is judged as the child", family, sms(inUS).by(sub).under(company), "deny territory_not_enabled"},
		{"a child under its parent's key is the carrier's to refuse", family, sms(inUS).by(sub).under(key), "deny territory_not_enabled"},
		{"the site's account does not matter where there is one in the path", family, sms(inUS).by(sub).at(company), "deny territory_not_enabled"},

		// A credential of another tree.
		{"a parent under its child", family, sms(inUS).under(sub), "deny credential_foreign"},
		{"a parent under its child's key", family, sms(inUS).under(childsKey), "deny credential_foreign"},
		{"a parent under its child's token", family, sms(inUS).with(childsToken), "deny credential_foreign"},
		{"an account under another", family, sms(inUS).under(another), "deny credential_foreign"},
		{"another under a key", family, sms(inDE).by(another).under(key), "deny credential_foreign"},
		{"a suspended account under another", suspended, sms(inUS).under(another), "deny credential_foreign"},
		{"a monitored account under another", monitored, sms(inUS).under(another), "deny credential_foreign"},
		{"observed, an account under another", observed, sms(inUS).under(another), "monitor credential_foreign"},
		{"a change of protection under another", family, sms().under(another).changes("keys"), "deny credential_foreign"},
		{"a stored target under another", family, sms().under(another).toStored(), "deny credential_foreign"},
		{"a missing destination under another", family, sms().under(another), "deny credential_foreign"},

		// An account that the policy does not name.
		{"an unnamed account under an account", family, sms(inUS).by(unnamedAccount).under(company), "allow enabled"},
		{"an unnamed account under a token", family, sms(inUS).by(unnamedAccount).with(token), "allow enabled"},
		{"an unnamed account under an unknown key", family, sms(inUS).by(unnamedAccount).under(unknownKey), "deny account_unknown"},
		{"an unnamed account under an unknown key has the default", withDefault, sms(inUS).by(unnamedAccount).under(unknownKey), "allow enabled"},

		// No account in the path.
		{"a request of an account", family, none.under(company), "allow enabled"},
		{"a request of a child", family, none.under(sub), "deny territory_not_enabled"},
		{"a request of a key", family, none.under(key), "allow enabled"},
		{"a request of a client", family, none.under(client), "allow enabled"},
		{"a request of a token", family, none.with(token), "allow enabled"},
		{"a token counts more than its client", family, none.under(client).with(childsToken), "deny territory_not_enabled"},
		{"a request of an account that the policy does not name", family, none.under(unnamedAccount), "deny account_unknown"},
		{"a request of an account that the policy does not name has the default", withDefault, none.under(unnamedAccount), "allow enabled"},
		{"a request of an unknown key", family, none.under(unknownKey), "deny credential_unknown"},
		{"a request of an unknown key has no default", withDefault, none.under(unknownKey), "deny credential_unknown"},
		{"a request of an unknown client", withDefault, none.under(unknownClient).with(policy.TokenDigest("x")), "deny credential_unknown"},
		{"a request of a user who is not an account", withDefault, none.under("someone"), "deny credential_unknown"},
		{"a request without a credential", withDefault, none, "deny credential_unknown"},
		{"observed, a request without a credential", observed, none, "monitor credential_unknown"},

		// The site's account.
		{"an unknown key at a site with an account", family, none.under(unknownKey).at(company), "allow enabled"},
		{"an unknown client at a site with an account", family, none.under(unknownClient).at(sub), "deny territory_not_enabled"},
		{"no credential at a site with an account", family, none.at(company), "allow enabled"},
		{"an account at a site of another", family, none.under(sub).at(company), "deny territory_not_enabled"},
		{"a known key at a site of another", family, none.under(childsKey).at(company), "deny territory_not_enabled"},
		{"an account that the policy does not name at a site with an account", family, none.under(unnamedAccount).at(company), "deny account_unknown"},
		{"a site whose account is not named", family, none.under(unknownKey).at(unnamedAccount), "deny account_unknown"},
	} {
		s.run(t)
	}
}

// A digest is what sha256sum prints.
func TestTheDigestOfATokenIsWhatOtherToolsCompute(t *testing.T) {
	const want = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, appendix B.1
	if got := policy.TokenDigest("abc"); got != want {
		t.Errorf("got %s", got)
	}
	for _, spelling := range []string{want, strings.ToUpper(want)} {
		if got, ok := policy.ParseTokenDigest(spelling); !ok || got != want {
			t.Errorf("%s is read as %q", spelling, got)
		}
	}
	for _, other := range []string{want[1:], want + "0", " " + want, want[:len(want)-1] + "g", want[len("sha256:"):]} {
		if got, ok := policy.ParseTokenDigest(other); ok {
			t.Errorf("%q is read as %q", other, got)
		}
	}
}

func TestTwoAccountsCannotHaveOneCredential(t *testing.T) {
	for _, credential := range []string{key, client, policy.TokenDigest("a.b.c")} {
		b := two(account{credentials: []string{credential}}, account{credentials: []string{credential}})
		if _, err := policy.New(b.definition()); err == nil || !strings.Contains(err.Error(), "belongs to both") {
			t.Errorf("%s: %v", credential, err)
		}
	}
}
