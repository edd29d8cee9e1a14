package caddymodule_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
)

// The host of an instruction URL is judged, wherever the permitted hosts are stated, and
// logged.
func TestURLsLeadToHostsThatAreListed(t *testing.T) {
	const (
		own    = "AC44444444444444444444444444444444"
		ownKid = "AC55555555555555555555555555555555"
		set    = "messaging US\nvoice US\n"
		hosts  = "url_hosts hooks.example *.apps.example\n"
		good   = "https%3A%2F%2Fhooks.example%2Fvoice"
		evil   = "https%3A%2F%2Fevil.example%2Fvoice"
	)
	account := func(id, inside string) string { return "account " + id + " {\n" + inside + "}\n" }
	calling := func(from, rest string) string {
		return by(from, "api", "/2010-04-01/Accounts/"+from+"/Calls.json", "To="+us+"&From=%2B12015550199&"+rest)
	}
	number := func(from, rest string) string {
		return by(from, "api", "/2010-04-01/Accounts/"+from+"/IncomingPhoneNumbers/PNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json", rest)
	}
	service := func(from, rest string) string { return by(from, "messaging", "/v1/Services", rest) }
	rule := func(owner string) string { return "account " + owner + " url_hosts" }

	for _, c := range []struct {
		name, policy, request string

		status       int
		code         float64 // the carrier's error, 0 if nothing is refused
		reason, rule string  // nothing is logged if the former is empty
	}{
		{"a call to a listed host", account(acme, set+hosts), calling(acme, "Url="+good), 201, 0, "enabled", "account " + acme + " voice"},
		{"a call to any other", account(acme, set+hosts), calling(acme, "Url="+evil), 400, 21205, "url_host", rule(acme)},
		{"a call to any other where no hosts are stated", account(acme, set), calling(acme, "Url="+evil), 201, 0, "enabled", "account " + acme + " voice"},
		{"a call to a denied destination and a listed host", account(acme, set+hosts), by(acme, "api", "/2010-04-01/Accounts/"+acme+"/Calls.json", "To="+uz+"&From=%2B12015550199&Url="+good), 400, 21215, "territory_not_enabled", "account " + acme + " voice"},
		{"a fallback, twice", account(acme, set+hosts), calling(acme, "Url="+good+"&FallbackUrl="+good+"&FallbackUrl="+evil), 400, 21205, "url_host", rule(acme)},
		{"TwiML that goes on elsewhere", account(acme, set+hosts), calling(acme, "Twiml=%3CResponse%3E%3CRedirect%3E"+evil+"%3C%2FRedirect%3E%3C%2FResponse%3E"), 400, 21205, "url_host", rule(acme)},
		{"an allow rule does not lift it", "allow +1 \"everyone\"\n" + account(acme, set+hosts), calling(acme, "Url="+evil), 400, 21205, "url_host", rule(acme)},
		{"the webhook of a number", account(acme, set+hosts), number(acme, "VoiceUrl="+evil), 400, 21402, "url_host", rule(acme)},
		{"the webhook of a number, listed", account(acme, set+hosts), number(acme, "VoiceUrl="+good+"&StatusCallback="+evil), 201, 0, "url_allowed", rule(acme)},
		{"a number without a webhook", account(acme, set+hosts), number(acme, "FriendlyName=Acme"), 201, 0, "", ""},
		{"the webhook of a number where no hosts are stated", account(acme, set), number(acme, "VoiceUrl="+evil), 201, 0, "", ""},
		{"the webhook of a number where any host is meant", account(acme, set+"url_hosts *\n"), number(acme, "VoiceUrl=%2F%2Fevil.example"), 201, 0, "", ""},
		{"the webhook of a messaging service", account(acme, set+hosts), service(acme, "InboundRequestUrl="+evil), 400, 21402, "url_host", rule(acme)},
		{"the webhook of a messaging service, listed", account(acme, set+hosts), service(acme, "InboundRequestUrl="+good), 201, 0, "url_allowed", rule(acme)},
		{"the operator's hosts", hosts + account(acme, set), number(acme, "SmsUrl="+evil), 400, 21402, "url_host", "operator url_hosts"},
		{"the parent's hosts", account(own, set+hosts) + account(ownKid, "parent "+own+"\n"), calling(ownKid, "Url="+evil), 400, 21205, "url_host", rule(own)},
		{"hosts of one's own", account(own, set+hosts) + account(ownKid, "parent "+own+"\nurl_hosts evil.example\n"), number(ownKid, "VoiceUrl="+evil), 201, 0, "url_allowed", rule(ownKid)},
		{"no host at all", hosts + account(acme, set+"url_hosts none\n"), calling(acme, "Url="+good), 400, 21205, "url_host", rule(acme)},
		{"a call of an account that is monitored", account(acme, set+hosts+"monitor\n"), calling(acme, "Url="+evil), 201, 21205, "url_host", rule(acme)},
		{"a webhook of an account that is monitored", account(acme, set+hosts+"monitor\n"), number(acme, "VoiceUrl="+evil), 201, 21402, "url_host", rule(acme)},
		{"a webhook that is only observed", "observe\n" + account(acme, set+hosts), number(acme, "VoiceUrl="+evil), 201, 21402, "url_host", rule(acme)},
		{"a webhook of a suspended account", account(acme, set+hosts+"suspended\n"), number(acme, "VoiceUrl="+good), 401, 20003, "account_suspended", "account " + acme},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startGate(t, c.policy, "credential_check off")
			line := s.logged(t, c.request)
			arrived := s.upstream.take()
			if line.Status != c.status || (len(arrived) == 1) != (c.status == http.StatusCreated) {
				t.Errorf("answered %d, arrived %d times, want %d", line.Status, len(arrived), c.status)
			}
			got, want := map[string]any{"code": 0.0}, map[string]any{"code": c.code}
			for _, name := range []string{"reason", "rule", "code"} {
				if value, ok := line.Tollgate[name]; ok && value != "" {
					got[name] = value
				}
			}
			if c.reason != "" {
				want["reason"], want["rule"] = c.reason, c.rule
			}
			if !maps.Equal(got, want) {
				t.Errorf("logged\n%v\nwant\n%v", got, want)
			}
		})
	}
}

// Where hosts are stated, what has no URL to judge streams through as before, of
// any size and type.
func TestWhatHasNoURLToJudgeIsNotHeld(t *testing.T) {
	s := startExactGate(t, "url_hosts none\n"+acmePolicy, "")
	large := strings.Repeat("x", 2<<20)
	for name, r := range map[string]string{
		"a document of Sync":  request("POST", "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Documents", "Data="+large, "Host: sync.twilio.com", "Content-Type: "+formType),
		"an item of any type": request("POST", "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Lists/ESaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Items", large, "Host: sync.twilio.com", "Content-Type: application/octet-stream"),
	} {
		t.Run(name, func(t *testing.T) { s.mustForward(t, r) })
	}
	t.Run("a number with more than is looked into", func(t *testing.T) {
		s.mustRefuse(t, post(account("/IncomingPhoneNumbers.json"), "VoiceUrl="+large), http.StatusRequestEntityTooLarge, 20001)
	})
}
