package caddymodule_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// The carrier's credential may be good for more accounts than one, as a parent's is.
func TestNoSpellingOfAPathReachesAnotherAccount(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker\nunknown allow"))
	small := strings.ToLower(unnamed)
	for _, path := range []string{
		"/2010-04-01/Accounts.json/" + unnamed + "/Messages.json",
		"/2010-04-01/Accounts%20/" + unnamed + "/Messages.json",
		"/2010-04-01/x/Accounts/" + unnamed + "/Messages.json",
		"/2010-04-01/x/y/" + small + ".json",
		"/2010-04-01/Accounts/" + acme + "/Messages/" + unnamed,
		"/2010-04-01/Accounts/" + acme + "/Messages/%41" + unnamed[1:],
		"/2010-04-01/Accounts/" + unnamed + "%20/Messages.json",
		"/v1/Things/" + unnamed,
	} {
		for _, request := range []string{reading(path), post(path, "To="+us+messageRest)} {
			s.mustRefuse(t, sent(key, request), 404, 20404)
		}
	}
	// Where no account is in the path, none may seem to be.
	for _, path := range []string{"/2010-04-01/Accounts.json/me/Messages.json", "/2010-04-01/x/accounts%20/me", "/2010-04-01/x/Accounts/" + acme + "/Messages"} {
		s.mustRefuse(t, sent(key, reading(path)), 401, 70004)
	}
	s.mustSwap(t, key, reading("/v1/Things/"+acme))
	s.mustSwap(t, key, reading("/v1/Things/"+strings.Repeat("ac", 40)))
}

func TestNoParameterReachesAnotherAccount(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))
	number := account("/IncomingPhoneNumbers/PN1.json")
	for name, request := range map[string]string{
		"a number given away":         post(number, "AccountSid="+unnamed),
		"in another spelling":         post(number, "account_sid="+strings.ToLower(unnamed)),
		"as an element of a list":     post(number, "AccountSid%5B%5D="+acme+"&AccountSid%5B%5D="+unnamed),
		"encoded":                     post(number, "%41ccountSid=%41"+unnamed[1:]),
		"as the target":               post(number, "TargetAccountSid="+unnamed),
		"in the query of a write":     post(number+"?AccountSid="+unnamed, "FriendlyName=x"),
		"beside a message":            post(messages(acme), "To="+us+messageRest+"&AccountSid="+unnamed),
		"a SIM given away":            at("wireless", "/v1/Sims/DE1", "AccountSid="+unnamed),
		"in JSON":                     request("POST", "/v2/Flows/FW1", `{"x": {"account_sid": "`+unnamed+`"}}`, "Host: studio.twilio.com", "Content-Type: application/json"),
		"a list of another's events":  reading("/v1/Events?AccountSid="+unnamed, "Host: monitor.twilio.com"),
		"a list of a subaccount's":    reading("/v1/Events?Subaccount="+unnamed, "Host: monitor.twilio.com"),
		"a list of several accounts'": reading("/v1/Events?AccountSid="+acme+","+unnamed, "Host: monitor.twilio.com"),
	} {
		t.Run(name, func(t *testing.T) {
			a := s.send(t, sent(key, request))
			if arrived := s.upstream.take(); len(arrived) > 0 {
				t.Fatalf("arrived: %s", arrived[0])
			}
			if a.status != 404 && name != "in JSON" { // a flow is a form
				t.Errorf("answered %d: %s", a.status, a.body)
			}
		})
	}
	s.mustSwap(t, key, post(number, "AccountSid="+acme))
	s.mustSwap(t, key, reading("/v1/Events?AccountSid="+acme, "Host: monitor.twilio.com"))
	s.mustSwap(t, key, reading(account("/Usage/Records.json?IncludeSubaccounts=true")))
	s.mustSwap(t, key, post(messages(acme), "To="+us+"&From=%2B12015550199&Body="+unnamed))
}

// A trailer may be merged into the header behind the gate.
func TestABrokerTakesNoTrailers(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))
	for _, target := range []string{messages(acme), "/v1/Services/IS1/Documents"} {
		request := chunked(target, "To="+us+messageRest, 7, []string{"Twilio-Client-Validation: eyJ"}, "Trailer: Twilio-Client-Validation")
		if a := s.send(t, sent(key, request)); a.status < 400 || len(s.upstream.take()) > 0 {
			t.Errorf("%s: answered %d", target, a.status)
		}
	}
}

// A gate beside, which takes the carrier's credentials, does not send the carrier a
// key that is none of its.
func TestAKeyIsForwardedByNoGate(t *testing.T) {
	for _, observe := range []string{"", "\n\t\tobserve"} {
		s := newBrokerServer(t)
		key, sid := s.create(t, keys.Key{})
		loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, observe+acmePolicy+s.brokerBlock(), "credential_check off"))
		for _, authorization := range []string{key, basic(strings.ToLower(sid) + ":" + carrierSecret)} {
			for _, request := range []string{message(us), reading(messages(acme))} {
				s.mustRefuse(t, sent(authorization, request), 401, 20003)
			}
		}
		s.send(t, sent(carriers, message(us)))
		if len(s.upstream.take()) != 1 {
			t.Error("the carrier's own credential does not arrive")
		}
	}
}

func TestACredentialIsForAnAccountByTheNameThatThePolicyGivesIt(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	named := strings.Replace(acmePolicy, "account "+acme, "account acme", 1)
	named = strings.Replace(named, "{", "{\n\t\t\tat twilio "+acme, 1)
	block := strings.Replace(s.brokerBlock(), "credential "+acme, "credential acme", 1)
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, named+block, "broker"))
	s.mustSwap(t, key, post(messages(acme), messageTo(inUS)))
	s.mustSwap(t, key, reading(messages(acme)))
	for _, c := range []struct{ says, policy, block, want string }{
		{"a name that the policy does not have", named, strings.Replace(block, "credential acme", "credential c0ffee", 1), "the account of credential 1 is not in the policy"},
		{"an id in place of the name", acmePolicy, block, "the account of credential 1 is not in the policy"},
	} {
		err := tryCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, c.policy+c.block, "broker"))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "c0ffee") {
			t.Errorf("%s: %v", c.says, err)
		}
	}
}
