package caddymodule_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
)

// A broker that could give a credential away, or that cannot work, does not start.
func TestABrokerThatCannotBeTrustedDoesNotStart(t *testing.T) {
	byProxy(t)
	s := newBrokerServer(t)
	good := exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")
	literal := func(text string) string { return strings.Replace(good, "{file."+s.secret+"}", text, 1) }
	site := "\n}\n" // the end of the site
	file := func(text string) string {
		name := t.TempDir() + "/" + "secret"
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return "{file." + name + "}"
	}
	inProxy := func(line string) string {
		return strings.Replace(good, "reverse_proxy {http.tollgate.upstream} {", "reverse_proxy {http.tollgate.upstream} {\n"+line, 1)
	}
	abroad := func(transport string) string {
		without := strings.Replace(good, "upstream "+s.upstream.address, "", 1)
		return strings.Replace(without, "compression off", "compression off\n"+transport, 1)
	}
	t.Setenv("TOLLGATE_TEST_USER", unnamed)
	t.Setenv("TOLLGATE_TEST_WRONG", hush)
	for name, c := range map[string]struct{ caddyfile, want string }{
		"without a block":               {strings.Replace(good, s.brokerBlock(), "", 1), "add a broker block to the global tollgate block"},
		"with an account of the site":   {strings.Replace(good, "broker\n\t\t}\n", "broker\n\t\t\taccount "+acme+"\n\t\t}\n", 1), "account must not be used with broker"},
		"with a credential check":       {strings.Replace(good, "broker\n\t\t}\n", "broker\n\t\t\tcredential_check off\n\t\t}\n", 1), "credential_check must not be used with broker"},
		"with an upstream beside":       {strings.Replace(good, "reverse_proxy {http.tollgate.upstream} {", "reverse_proxy {http.tollgate.upstream} 127.0.0.1:1 {", 1), "must forward to {http.tollgate.upstream} alone"},
		"with upstreams that come":      {strings.Replace(good, "reverse_proxy {http.tollgate.upstream} {", "reverse_proxy {\n\t\t\tdynamic a example.com 80", 1), "must forward to {http.tollgate.upstream} alone"},
		"with a proxy for errors":       {strings.TrimSuffix(good, site) + "\n\thandle_errors {\n\t\treverse_proxy 127.0.0.1:1\n\t}" + site, "must not handle requests that a gate has judged"},
		"with two accounts of one user": {strings.Replace(good, "\n\t\t\tcredential "+acme+" "+acme, "\n\t\t\tcredential "+unnamed+" SK33333333333333333333333333333333 {file."+s.secret+"}\n\t\t\tcredential "+acme+" sk33333333333333333333333333333333", 1), "have the same user"},
		"with a secret from a pipe":     {literal(pipe(t)), "is not a regular file"},
		"with templates":                {strings.Replace(good, "\n\t\treverse_proxy", "\n\t\ttemplates\n\t\treverse_proxy", 1), "templates must not stand between"},
		"with a credential put in":      {inProxy("header_up Authorization x"), "must not change the header Auth"},
		"with a credential added":       {inProxy("header_up +authorization x"), "must not change the header Auth"},
		"with a credential taken out":   {inProxy("header_up -Auth*"), "must not change the header Auth"},
		"with a credential replaced":    {inProxy("header_up Authorization a b"), "must not change the header Auth"},
		"with a credential before":      {strings.Replace(good, "\n\t\treverse_proxy", "\n\t\trequest_header Authorization x\n\t\treverse_proxy", 1), "must not change the header Auth"},
		"with Caddy's own transport":    {strings.Replace(good, "transport tollgate", "transport http", 1), "needs transport tollgate in place of transport http"},
		"in the clear":                  {abroad(""), "needs tls in its transport tollgate"},
		"to an unverified host":         {abroad("tls\n tls_insecure_skip_verify"), "needs tls in its transport tollgate"},
		"in the clear at one port":      {abroad("tls\n tls_except_ports 443"), "needs tls in its transport tollgate"},
		"without its key file":          {strings.Replace(good, s.keys, s.keys+".none", 1), "reading the key file"},
		"without its secret":            {strings.Replace(good, s.secret, s.secret+".none", 1), "reading the secret of account " + acme},
		"with an empty secret":          {literal(file("\n")), "reading the secret of account " + acme},
		"with a secret of two lines":    {literal(file(hush + "\n" + hush)), "the secret of account " + acme + " is empty or malformed"},
		"with another account's token":  {strings.Replace(good, acme+" "+acme, acme+" {env.TOLLGATE_TEST_USER}", 1), "is another account: one credential serves one account"},
		"with a user that is none":      {strings.Replace(good, acme+" "+acme, acme+" {env.TOLLGATE_TEST_WRONG}", 1), "is neither an account (AC and 32 hexadecimal digits) nor an API key (SK and 32 hexadecimal digits)"},
		"with an account that is none":  {strings.Replace(good, acme+" "+acme, "{env.TOLLGATE_TEST_WRONG} "+acme, 1), "the account of credential 1 is not an account"},
		"with a variable that is unset": {strings.Replace(good, acme+" "+acme, acme+" {env.TOLLGATE_TEST_UNSET}", 1), "reading the user of account " + acme},
		"with two credentials":          {strings.Replace(good, "\n\t\t\tcredential", "\n\t\t\tcredential "+acme+" SK33333333333333333333333333333333 {env.HOME}\n\t\t\tcredential", 1), "has two credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := adapt(c.caddyfile)
			if err == nil {
				err = caddy.Load(text, true)
				t.Cleanup(func() { _ = caddy.Stop() })
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
			if err != nil {
				requireHushed(t, "the mistake", err.Error())
			}
		})
	}
	loadCaddyfile(t, abroad("tls"))
	loadCaddyfile(t, inProxy("handle_response {\n copy_response_headers\n copy_response\n }"))
	loadCaddyfile(t, good)
}

// In JSON, where no line is named, a mistake says as little of a secret.
func TestAMistakeInTheJSONOfABrokerDoesNotRepeatASecret(t *testing.T) {
	for _, broker := range []string{
		`{"keys": "k", "credentials": [{"account": "` + acme + `", "user": "` + acme + `", "secret": "` + hush + `"}]}`,
		`{"keys": "k", "credentials": [{"account": "` + acme + `", "user": "` + hush + `", "secret": "{env.X}"}]}`,
		`{"keys": "k", "credentials": [{"account": "` + hush + `", "user": "` + acme + `", "secret": "{env.X}"}]}`,
		`{"keys": "k", "credentials": [{"account": "` + acme + `", "user": "` + acme + `", "secret": ["` + hush + `"]}]}`,
		`{"keys": "k", "credentials": ["` + hush + `"]}`,
		`{"keys": "k", "credentials": "` + hush + `"}`,
	} {
		text, _ := json.Marshal(map[string]any{"admin": map[string]any{"disabled": true}, "apps": map[string]any{"tollgate": json.RawMessage(`{"broker": ` + broker + `}`)}})
		err := validateJSON(text)
		if err == nil {
			t.Errorf("valid: %s", broker)
			continue
		}
		requireHushed(t, "the mistake", err.Error())
	}
}
