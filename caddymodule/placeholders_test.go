package caddymodule_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// placeholderNames are the names behind "http.tollgate.".
var placeholderNames = []string{"upstream", "account", "name", "channel", "territory", "class", "verdict", "reason", "rule"}

// startPlaceholders runs Caddy with a gate that shows every placeholder in a
// header of the answer, of refusals too. The upstream is asked for where a proxy
// would ask: behind the gate, before the body has been forwarded.
func startPlaceholders(t *testing.T, policy string) *caddyServer {
	t.Helper()
	var headers strings.Builder
	for _, name := range placeholderNames[1:] {
		fmt.Fprintf(&headers, "\t\t\tX-%s \"{http.tollgate.%s}\"\n", name, name)
	}
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	caddyfile := gateCaddyfile(s.gate, s.upstream.address, s.log, policy, "")
	loadCaddyfile(t, strings.NewReplacer(
		"\troute {\n", "\troute {\n\t\theader {\n\t\t\tdefer\n"+headers.String()+"\t\t}\n",
		behindTheGate, "\t\theader X-upstream {http.tollgate.upstream}",
	).Replace(caddyfile))
	return s
}

func TestEveryPlaceholderSaysWhatTheGateDecided(t *testing.T) {
	s := startPlaceholders(t, acmePolicy+`
		account `+child+` "monitored" {
			parent `+acme+`
			messaging US
			monitor
		}
		account other {
			at twilio `+unnamed+`
			messaging US
		}`)
	upstream := s.upstream.address
	for _, c := range []struct {
		name    string
		request string
		want    map[string]string
	}{
		{"an allowed message", post(messages(acme), messageTo(inUS)), map[string]string{
			"upstream": upstream, "account": acme, "channel": "messaging", "territory": "US",
			"verdict": "allow", "reason": "enabled", "rule": "account " + acme + " messaging"}},
		{"an allowed call", post(calls(acme), messageTo(inUS)), map[string]string{
			"upstream": upstream, "account": acme, "channel": "voice", "territory": "US", "class": "low_risk",
			"verdict": "allow", "reason": "enabled", "rule": "account " + acme + " voice"}},
		{"a refused message has no upstream", post(messages(acme), messageTo(inUZ)), map[string]string{
			"account": acme, "channel": "messaging", "territory": "UZ",
			"verdict": "deny", "reason": "territory_not_enabled", "rule": "account " + acme + " messaging"}},
		{"a monitored message has one", post(messages(child), messageTo(inUZ)), map[string]string{
			"upstream": upstream, "account": child, "channel": "messaging", "territory": "UZ",
			"verdict": "monitor", "reason": "territory_not_enabled", "rule": "account " + child + " messaging"}},
		{"a message of an account with a name of its own", sent(basic(unnamed+":secret"), post(messages(unnamed), messageTo(inUS))), map[string]string{
			"upstream": upstream, "account": unnamed, "name": "other", "channel": "messaging", "territory": "US",
			"verdict": "allow", "reason": "enabled", "rule": "account other messaging"}},
		{"a malformed one", sent(basic(unnamed+":secret"), post(messages(unnamed), tooLarge(inUS))), map[string]string{
			"account": unnamed, "name": "other", "verdict": "deny", "reason": "body_too_large"}},
		{"a request that cannot be judged", post(messages(acme), tooLarge(inUS)), map[string]string{
			"account": acme, "verdict": "deny", "reason": "body_too_large"}},
		{"a read was not judged and may pass", get(messages(acme)), map[string]string{
			"upstream": upstream, "account": acme}},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, _ := s.raw(t, c.request)
			got := make(map[string]string)
			for _, name := range placeholderNames {
				if value := response.Header.Get("X-" + name); value != "" {
					got[name] = value
				}
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("got\n%v\nwant\n%v", got, c.want)
			}
		})
	}
}

// A placeholder's value is what the gate made of a request, and not once more
// a text with placeholders in it.
func TestWhatARequestNamesIsNotTakenForAPlaceholder(t *testing.T) {
	s := startPlaceholders(t, acmePolicy)
	response, _ := s.raw(t, post("/2010-04-01/Accounts/%7Benv.HOME%7D/Messages.json", messageTo(inUS)))
	if got := response.Header.Get("X-Account"); got != "{env.HOME}" {
		t.Errorf("account is %q", got)
	}
}

func TestOnlyExplainHeaderTellsAClientWhichRuleRefusedIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler string
		request string
		want    string
	}{
		{"a refusal is explained", "explain_header", post(messages(acme), messageTo(inUZ)), "territory_not_enabled account " + acme + " messaging"},
		{"what passes is not", "explain_header", post(messages(acme), messageTo(inUS)), ""},
		{"without the option nothing is", "", post(messages(acme), messageTo(inUZ)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startGate(t, acmePolicy, c.handler)
			response, _ := s.raw(t, c.request)
			if got := strings.Join(response.Header[http.CanonicalHeaderKey("Tollgate-Rule")], ","); got != c.want {
				t.Errorf("Tollgate-Rule: %q, want %q", got, c.want)
			}
		})
	}
}
