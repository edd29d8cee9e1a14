package caddymodule_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	registered "github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// carrierSecret is what the gate authenticates with at the carrier.
const carrierSecret = "c0ffee00c0ffee00c0ffee00c0ffee00"

// carriers is the credential that a brokered request arrives with.
var carriers = basic(acme + ":" + carrierSecret)

// brokerServer is a Caddy with a gate that takes keys of its own.
type brokerServer struct {
	caddyServer
	// keys and secret are files.
	keys, secret string
}

// brokerBlock is the inside of the tollgate block.
func (s *brokerServer) brokerBlock() string {
	return "\n\t\tbroker {\n\t\t\tkeys " + s.keys + "\n\t\t\tcredential " + acme + " " + acme + " {file." + s.secret + "}\n\t\t}"
}

// newBrokerServer makes the files of a server that is not running yet.
func newBrokerServer(t testing.TB) *brokerServer {
	t.Helper()
	folder := t.TempDir()
	s := &brokerServer{
		caddyServer: caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: filepath.Join(folder, "access.log")},
		keys:        filepath.Join(folder, "keys.json"),
		secret:      filepath.Join(folder, "token"),
	}
	s.create(t, keys.Key{Account: unnamed}) // of an account without a credential
	s.rotate(t, carrierSecret)
	return s
}

// create makes a key and returns the Authorization header of a client that has it,
// and its name.
func (s *brokerServer) create(t testing.TB, stated keys.Key) (authorization, sid string) {
	t.Helper()
	return s.createAt(t, time.Now(), stated)
}

// createAt makes a key as it was made at some time.
func (s *brokerServer) createAt(t testing.TB, now time.Time, stated keys.Key) (authorization, sid string) {
	t.Helper()
	if stated.Account == "" {
		stated.Account = acme
	}
	key, secret, err := keys.Create(s.keys, registered.All(), stated, now)
	if err != nil {
		t.Fatal(err)
	}
	return basic(key.SID + ":" + secret), key.SID
}

// rotate puts another secret into the file, as whatever mounts secrets does.
func (s *brokerServer) rotate(t testing.TB, secret string) {
	t.Helper()
	if err := os.WriteFile(s.secret+".next", []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(s.secret+".next", s.secret); err != nil {
		t.Fatal(err)
	}
}

// accepted waits until a key that was just made is in force.
func (s *brokerServer) accepted(t testing.TB, authorization string) {
	t.Helper()
	harness.Await(t, "the key is accepted", func() bool {
		return s.send(t, sent(authorization, reading(messages(acme)))).status != http.StatusUnauthorized
	})
	s.upstream.take()
}

// sent is a request with another credential.
func sent(authorization, request string) string {
	for _, own := range []string{basic(acme + ":secret"), asAcme} {
		request = strings.ReplaceAll(request, own, authorization)
	}
	return request
}

// mustSwap sends a request that must arrive with the carrier's credential and
// otherwise as it is.
func (s *brokerServer) mustSwap(t *testing.T, authorization, request string) {
	t.Helper()
	a := s.send(t, sent(authorization, request))
	arrived := s.upstream.take()
	if len(arrived) != 1 {
		t.Fatalf("arrived %d times; answered %d: %s", len(arrived), a.status, clip(a.body))
	}
	if difference := compare(sent(carriers, request), arrived[0]); difference != "" {
		t.Errorf("arrived with another %s", difference)
	}
}

func TestABrokerPutsTheCarriersCredentialInPlaceOfTheKey(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))
	for name, request := range map[string]string{
		"a message":                      message(us),
		"a call":                         post(account("/Calls.json"), "To="+us+callRest),
		"a list":                         reading(messages(acme)),
		"a verification":                 at("verify", verifications, "To="+us+"&Channel=sms"),
		"a read of a host of its own":    reading("/v2/Services?PageSize=20", "Host: verify.twilio.com"),
		"a write that sends nothing":     at("studio", "/v2/Flows/Validate", "FriendlyName=x&Definition=%7B%7D&Status=draft"),
		"a chunked body":                 chunked(messages(acme), "To="+us+messageRest, 7, nil),
		"an account in small letters":    post(messages(strings.ToLower(acme)), "To="+us+messageRest),
		"a cookie":                       message(us)[:strings.Index(message(us), "\r\n")] + "\r\nCookie: a=b" + message(us)[strings.Index(message(us), "\r\n"):],
		"an upload of any size and type": request("POST", "/v1/Services/IS1/Documents", strings.Repeat("x", 100_000), "Host: sync.twilio.com", "Content-Type: application/octet-stream"),
	} {
		t.Run(name, func(t *testing.T) { s.mustSwap(t, key, request) })
	}
	// The policy is what it was.
	s.mustRefuse(t, sent(key, message(uz)), 400, 21408)
	s.mustRefuse(t, sent(key, at("verify", verifications, "To="+uz+"&Channel=sms")), 403, 60605)
}

func TestWithoutALiveKeyNothingIsAnswered(t *testing.T) {
	s := newBrokerServer(t)
	key, sid := s.create(t, keys.Key{})
	other, _ := s.create(t, keys.Key{})
	unserved, _ := s.create(t, keys.Key{Account: unnamed})
	revoked, revokedSID := s.create(t, keys.Key{})
	if _, err := keys.Revoke(s.keys, registered.All(), time.Now(), revokedSID); err != nil {
		t.Fatal(err)
	}
	expired, _ := s.createAt(t, time.Now().Add(-time.Hour), keys.Key{Expires: time.Now().Add(-time.Second)})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))
	mixed := basic(sid + ":" + strings.Split(decoded(t, other), ":")[1])
	for name, c := range map[string]struct{ authorization, refused string }{
		"none":                       {"", "missing"},
		"the carrier's own":          {carriers, "unknown"},
		"another key's secret":       {mixed, "wrong_secret"},
		"no secret":                  {basic(sid + ":"), "wrong_secret"},
		"a name of no key":           {basic("SK99999999999999999999999999999999:" + carrierSecret), "unknown"},
		"a revoked one":              {revoked, "revoked"},
		"an expired one":             {expired, "expired"},
		"an account without any":     {unserved, "no_credential"},
		"a bearer":                   {"Bearer " + strings.TrimPrefix(key, "Basic "), "unreadable"},
		"a name in capitals":         {basic("sk" + strings.TrimPrefix(decoded(t, key), "SK")), "unknown"},
		"with space behind it":       {key + " x", "unreadable"},
		"a very long one":            {basic(sid + ":" + strings.Repeat("x", 5000)), "unreadable"},
		"no Basic":                   {"Basic", "unreadable"},
		"a Basic without a password": {basic(sid), "unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, request := range []string{
				message(us), message(uz), reading(messages(acme)), reading("/2010-04-01/Accounts.json"), at("studio", "/v2/Flows/Validate", "x=y"),
				post(messages(unnamed), "To="+us+messageRest), reading("/x//y"), request("OPTIONS", messages(acme), ""),
			} {
				request = strings.Replace(sent(c.authorization, request), "Authorization: \r\n", "", 1)
				s.mustRefuse(t, request, 401, 20003)
			}
			line := s.logged(t, strings.Replace(sent(c.authorization, message(us)), "Authorization: \r\n", "", 1))
			if line.Tollgate["reason"] != "key_invalid" || line.Tollgate["key_refused"] != c.refused {
				t.Errorf("logged %v, want %s", line.Tollgate, c.refused)
			}
		})
	}
	two := strings.Replace(sent(key, message(us)), "\r\nAuthorization", "\r\nAuthorization: "+key+"\r\nAuthorization", 1)
	s.mustRefuse(t, two, 401, 20003)
	s.mustSwap(t, key, message(us))
}

// decoded is what a Basic credential says.
func decoded(t *testing.T, authorization string) string {
	t.Helper()
	user, password, ok := (&http.Request{Header: http.Header{"Authorization": {authorization}}}).BasicAuth()
	if !ok {
		t.Fatal("no Basic credential")
	}
	return user + ":" + password
}

func TestAKeyIsHeldToItsLimits(t *testing.T) {
	s := newBrokerServer(t)
	const service = "MG33333333333333333333333333333333"
	create := func(stated keys.Key) string {
		authorization, _ := s.create(t, stated)
		return authorization
	}
	messaging := create(keys.Key{Channels: []policy.Channel{policy.Messaging}})
	voice := create(keys.Key{Channels: []policy.Channel{policy.Voice}})
	nothing := create(keys.Key{Channels: []policy.Channel{}})
	creates := create(keys.Key{Operations: []string{"messages.*"}})
	reads := create(keys.Key{Operations: []string{"read"}})
	one := create(keys.Key{Senders: []string{"+12015550199", service}})
	anyChannel := create(keys.Key{Channels: []policy.Channel{policy.Messaging, policy.Voice}})
	trunks := create(keys.Key{Channels: []policy.Channel{policy.Voice}, Operations: []string{"sip_domains.create", "messages.*"}})
	families := create(keys.Key{Channels: []policy.Channel{policy.Voice}, Operations: []string{"sip_domains.*"}})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, `
		stored allow`+acmePolicy+s.brokerBlock(), "broker\nunknown allow"))

	const evil = "http%3A%2F%2Fevil.example%2F"
	call := twiml("<Response><Say>Hello</Say></Response>")
	byURL := post(account("/Calls.json"), "To="+us+callRest)
	underWay := func(form string) string { return post(account("/Calls/CA11111111111111111111111111111111.json"), form) }
	domain := post(account("/SIP/Domains.json"), "DomainName=x.sip.twilio.com")
	transfer := func(to string) string {
		return at("flex-api", "/v1/Interactions/KD11111111111111111111111111111111/Channels/UO11111111111111111111111111111111/Transfers", "to="+to)
	}
	verify := func(channel string) string {
		return at("verify", verifications, "To="+us+"&Channel="+channel)
	}
	task := func(attributes string) string {
		return at("taskrouter", "/v1/Workspaces/WS11111111111111111111111111111111/Tasks", "Attributes="+url.QueryEscape(attributes))
	}
	supervise := func(form string) string { return at("taskrouter", reservation, "Instruction=supervise&"+form) }
	closed := "UpdateRequest=" + url.QueryEscape(`[{"iso_code":"LV","low_risk_numbers_enabled":"false","high_risk_special_numbers_enabled":"false","high_risk_tollfraud_numbers_enabled":"false"}]`)
	from := func(form string) string { return post(messages(acme), "To="+us+"&Body=Hello"+form) }
	intoConversation := at("conversations", "/v1/Conversations/CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Messages", "Body=Hello")
	for _, c := range []struct {
		name    string
		key     string
		request string
		allowed bool
	}{
		{"a key for messages sends one", messaging, message(us), true},
		{"a key for messages does not call", messaging, call, false},
		{"a key for messages verifies by SMS", messaging, verify("sms"), true},
		{"a key for messages does not verify by call", messaging, verify("call"), false},
		{"a key for messages sends to unknown participants", messaging, intoConversation, false},
		{"a key for messages does not call in TwiML", messaging, twiml("<Response><Dial>" + inUS + "</Dial></Response>"), false},
		{"a key for messages reads", messaging, reading(account("/Calls.json")), true},
		{"a key for messages does not call in an unknown operation", messaging, at("api", account("/New.json"), "CallTo="+us), false},
		{"a key for calls calls", voice, call, true},
		{"a key for calls sends no message", voice, message(us), false},
		{"a key for calls does not dial and then write", voice, twiml("<Response><Sms>Hello</Sms></Response>"), false},
		{"a key for calls starts none by a URL, which may say anything", voice, byURL, false},
		{"a key for both channels does", anyChannel, byURL, true},
		{"a key for messages redirects no call", messaging, underWay("Url=" + evil), false},
		{"nor if its answer cannot be had", messaging, underWay("FallbackUrl=" + evil), false},
		{"nor by TwiML", messaging, underWay("Twiml=" + url.QueryEscape("<Response><Redirect>http://evil.example/</Redirect></Response>")), false},
		{"it ends a call", messaging, underWay("Status=completed"), true},
		{"it announces nothing", messaging, post(account("/Conferences/CF1/Participants/CA1.json"), "AnnounceUrl="+evil), false},
		{"it moves no one out of a queue", messaging, post(account("/Queues/QU1/Members/CA1.json"), "Url="+evil), false},
		{"it does not say what answers a number", messaging, post(account("/IncomingPhoneNumbers/PN1.json"), "VoiceUrl="+evil), false},
		{"it names a number", messaging, post(account("/IncomingPhoneNumbers/PN1.json"), "FriendlyName=x"), true},
		{"it defines no flow", messaging, at("studio", "/v2/Flows", "Status=published&FriendlyName=x&Definition=%7B%7D"), false},
		{"it changes no flow", messaging, at("studio", "/v2/Flows/FW1", "Status=published&Definition=%7B%7D"), false},
		{"it hands a conversation to a named agent", messaging, transfer("alice"), true},
		{"it hands none to a number", messaging, transfer(us), false},
		{"it writes nothing unknown", messaging, at("api", account("/New.json"), "x=y"), false},
		{"it makes no task that is an outbound call", messaging, task(`{"outbound_to":"` + inUS + `"}`), false},
		{"nor one whose worker is called", messaging, task(`{"contact_uri":"` + inUS + `"}`), false},
		{"it makes any other task", messaging, task(`{"type":"support"}`), true},
		{"a key for calls makes an outbound call of one", voice, task(`{"outbound_to":"` + inUS + `"}`), true},
		{"a key for messages supervises no one by number", messaging, supervise("Supervisor=" + us), false},
		{"nor by name", messaging, supervise("Supervisor=WK11111111111111111111111111111111"), false},
		{"nor a call that it does not name", messaging, supervise(""), false},
		{"it closes no country", messaging, at("voice", "/v1/DialingPermissions/BulkCountryUpdates", closed), false},
		{"it signs no webhooks", anyChannel, at("webhooks", "/v1/Webhooks/SharedKeys", "friendlyName=a"), false},
		{"it reads no shared key", anyChannel, reading("/v1/Webhooks/SharedKeys/1", "Host: webhooks.twilio.com"), false},
		{"it opens no trunk", voice, domain, false},
		{"a family of operations does not", families, domain, false},

		{"a key for no channel reads", nothing, reading(messages(acme)), true},
		{"a key for no channel sends nothing", nothing, message(us), false},

		{"a key for an operation asks for it", creates, message(us), true},
		{"a key for an operation asks for no other", creates, call, false},
		{"a key for an operation does not read", creates, reading(messages(acme)), false},
		{"a key that reads reads", reads, reading(messages(acme)), true},
		{"a key that reads does not write", reads, message(us), false},
		{"a key that reads does not write what sends nothing", reads, at("studio", "/v2/Flows/Validate", "x=y"), false},

		{"a key for a sender sends from it", one, message(us), true},
		{"in another spelling", one, from("&From=(201)+555-0199"), true},
		{"by WhatsApp", one, from("&From=whatsapp%3A%2B12015550199"), true},
		{"from its service", one, from("&MessagingServiceSid=" + service), true},
		{"not from another number", one, from("&From=%2B12015550198"), false},
		{"not from another besides", one, from("&From=%2B12015550199&from=%2B12015550198"), false},
		{"not from another service", one, from("&MessagingServiceSid=MG44444444444444444444444444444444"), false},
		{"not without a sender", one, from(""), false},
		{"it calls from it", one, call, true},
		{"it starts no call by a URL", one, byURL, false},
		{"it redirects no call", one, underWay("Url=" + evil), false},
		{"it redirects no call by naming its number", one, underWay("From=%2B12015550199&Url=" + evil), false},
		{"it dials from it in a call that is under way", one, underWay("Twiml=" + url.QueryEscape(`<Response><Dial callerId="+12015550199">`+inUS+`</Dial></Response>`)), true},
		{"each time that it dials", one, underWay("Twiml=" + url.QueryEscape(`<Response><Dial callerId="+12015550199">`+inUS+`</Dial><Dial>`+inUS+`</Dial></Response>`)), false},
		{"or from the call's own", one, twiml(`<Response><Dial>` + inUS + `</Dial></Response>`), true},
		{"it defines no flow", one, at("studio", "/v2/Flows", "Status=published&Definition=%7B%7D"), false},
		{"it does not show another number in a call", one, twiml(`<Response><Dial callerId="+12015550198">` + inUS + `</Dial></Response>`), false},
		{"it does not verify, which names no sender", one, verify("sms"), false},
		{"it does not write into conversations", one, intoConversation, false},
		{"it reads", one, reading(messages(acme)), true},
		{"it writes what sends nothing", one, at("studio", "/v2/Flows/Validate", "x=y"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.allowed {
				s.mustSwap(t, c.key, c.request)
				return
			}
			s.mustRefuse(t, sent(c.key, c.request), 401, 70004)
			if line := s.logged(t, sent(c.key, c.request)); line.Tollgate["reason"] != "key_restricted" {
				t.Errorf("logged %v", line.Tollgate)
			}
		})
	}
	// Where its operations name what it asks for, the policy has the last word.
	s.mustRefuse(t, sent(trunks, domain), 403, 20403)
}

func TestTheAccountOfARequestIsItsKeys(t *testing.T) {
	s := newBrokerServer(t)
	key, sid := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, `
		account `+child+` {
			parent `+acme+`
		}`+acmePolicy+s.brokerBlock(), "broker"))
	for _, other := range []string{child, unnamed, "me"} {
		for _, request := range []string{reading(messages(other)), post(messages(other), "To="+us+messageRest), reading("/2010-04-01/Accounts/" + other + ".json")} {
			s.mustRefuse(t, sent(key, request), 404, 20404)
		}
		a := s.send(t, sent(key, reading(messages(other))))
		if want := "The requested resource " + messages(other) + " was not found"; !strings.Contains(a.body, want) {
			t.Errorf("answered %s, want %s", a.body, want)
		}
	}
	for _, request := range []string{message(us), at("verify", verifications, "To="+us+"&Channel=sms")} {
		line := s.logged(t, sent(key, request))
		if line.Tollgate["account"] != acme || line.Tollgate["key"] != sid || line.Tollgate["verdict"] != "allow" {
			t.Errorf("logged %v", line.Tollgate)
		}
	}
	line := s.logged(t, sent(key, reading(messages(acme))))
	if len(line.Tollgate) != 2 || line.Tollgate["account"] != acme || line.Tollgate["key"] != sid {
		t.Errorf("of a read, logged %v", line.Tollgate)
	}
}

func TestARequestThatItsClientSignedIsRefusedAndNotAltered(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))
	for _, request := range []string{message(us), reading(messages(acme))} {
		signed := strings.Replace(request, "\r\n", "\r\nTwilio-Client-Validation: eyJ.eyJ.x\r\n", 1)
		s.mustRefuse(t, sent(key, signed), 400, 20001)
		if line := s.logged(t, sent(key, signed)); line.Tollgate["reason"] != "client_validation" {
			t.Errorf("logged %v", line.Tollgate)
		}
	}
}

// To watch what a policy would do must not open what no key does.
func TestObservingOpensNothingOfABroker(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{Channels: []policy.Channel{policy.Messaging}})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, "\n\t\tobserve"+acmePolicy+s.brokerBlock(), "broker"))
	s.mustSwap(t, key, message(uz))
	s.mustRefuse(t, message(us), 401, 20003)
	s.mustRefuse(t, sent(key, post(account("/Calls.json"), "To="+us+callRest)), 401, 70004)
	s.mustRefuse(t, sent(key, reading(account(".json"))), 401, 70004)
	s.mustRefuse(t, sent(key, reading(account("/Messages/../../"+acme+".json"))), 404, 20404)
}
