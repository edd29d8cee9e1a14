package caddymodule_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/policy"
)

// logLine is what these tests look at in a line of the access log.
type logLine struct {
	Status  int
	Request struct {
		URI     string
		Headers http.Header
	}
	// Tollgate is nil where the line has no such object.
	Tollgate map[string]any
}

func parseLog(t *testing.T, line string) logLine {
	t.Helper()
	var parsed logLine
	if err := json.Unmarshal([]byte(line), &parsed); err != nil {
		t.Fatalf("log line %s: %v", line, err)
	}
	return parsed
}

// logged sends a request to the gate and returns the last line of the access
// log, which is this request's: no other client sends any.
func (s *caddyServer) logged(t *testing.T, request string) logLine {
	t.Helper()
	before := 0
	if text, err := os.ReadFile(s.log); err == nil {
		before = strings.Count(string(text), "\n")
	}
	s.raw(t, request)
	lines := s.accessLog(t, before+1)
	return parseLog(t, lines[len(lines)-1])
}

// get is a GET as raw bytes.
func get(target string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: api.twilio.com\r\nConnection: close\r\n" +
		"Authorization: Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE6c2VjcmV0\r\n\r\n"
}

func calls(account string) string {
	return "/2010-04-01/Accounts/" + account + "/Calls.json"
}

// tooLarge is a form that is larger than any message may be.
func tooLarge(to string) string {
	return messageTo(to) + "&Padding=" + strings.Repeat("x", 64<<10)
}

// The names in the object are an interface: people build audits and alerts on
// them.
func TestTheAccessLogSaysWhatWasDecidedAndWhy(t *testing.T) {
	const premiumUS = "+19002345678"
	s := startGate(t, acmePolicy+`
		block +99899394 "pumping, incident 4711"
		account `+child+` "monitored" {
			parent `+acme+`
			messaging US
			monitor
		}`, "")
	revision := s.logged(t, post(messages(acme), messageTo(inUS))).Tollgate["policy"]
	if text, _ := revision.(string); len(text) != 12 {
		t.Fatalf("revision of the policy is %v, want 12 digits", revision)
	}
	for _, c := range []struct {
		name    string
		request string
		status  int
		want    map[string]any
	}{
		{"an allowed message has no code", post(messages(acme), messageTo(inUS)), 201, map[string]any{
			"account": acme, "channel": "messaging", "from": "********0199", "to": "********0123", "territory": "US", "class": "",
			"verdict": "allow", "reason": "enabled", "rule": "account " + acme + " messaging", "sends": 1.0}},
		{"an allowed call has a class", post(calls(acme), messageTo(inUS)), 201, map[string]any{
			"account": acme, "channel": "voice", "from": "********0199", "to": "********0123", "territory": "US", "class": "low_risk",
			"verdict": "allow", "reason": "enabled", "rule": "account " + acme + " voice", "sends": 1.0}},
		{"what carries no toll has no territory", post(messages(acme), messageTo("messenger:1234567890")), 201, map[string]any{
			"account": acme, "channel": "messaging", "from": "********0199", "to": strings.Repeat("*", 16) + "7890", "territory": "", "class": "",
			"verdict": "allow", "reason": "not_a_number", "rule": "", "sends": 1.0}},
		{"a message to a territory that is not enabled", post(messages(acme), messageTo(inUZ)), 400, map[string]any{
			"account": acme, "channel": "messaging", "from": "********0199", "to": "*********5678", "territory": "UZ", "class": "",
			"verdict": "deny", "reason": "territory_not_enabled", "rule": "account " + acme + " messaging", "code": 21408.0, "sends": 1.0}},
		{"a call in a class that is not enabled", post(calls(acme), messageTo(premiumUS)), 400, map[string]any{
			"account": acme, "channel": "voice", "from": "********0199", "to": "********5678", "territory": "US", "class": "high_risk_special",
			"verdict": "deny", "reason": "class_not_enabled", "rule": "account " + acme + " voice", "code": 21215.0, "sends": 1.0}},
		{"a blocked prefix is named", post(messages(acme), messageTo("+998993941234")), 400, map[string]any{
			"account": acme, "channel": "messaging", "from": "********0199", "to": "*********1234", "territory": "UZ", "class": "",
			"verdict": "deny", "reason": "prefix_blocked", "rule": "operator block +99899394", "code": 21408.0, "sends": 1.0}},
		{"of several destinations the first refused one is named", post(messages(acme), messageTo(inUS)+"&To="+strings.ReplaceAll(inUZ, "+", "%2B")), 400, map[string]any{
			"account": acme, "channel": "messaging", "from": "********0199", "to": "*********5678", "territory": "UZ", "class": "",
			"verdict": "deny", "reason": "territory_not_enabled", "rule": "account " + acme + " messaging", "code": 21408.0, "sends": 2.0}},
		{"what cannot be read as a number", post(messages(acme), messageTo("+12 or so, thanks")), 400, map[string]any{
			"account": acme, "channel": "messaging", "from": "********0199", "to": strings.Repeat("*", 13) + "anks", "territory": "", "class": "",
			"verdict": "deny", "reason": "destination_unreadable", "rule": "", "code": 21211.0, "sends": 1.0}},
		{"an account that the policy does not name", strings.Replace(post(messages(unnamed), messageTo(inUS)), asAcme, asUnnamed, 1), 401, map[string]any{
			"credential": "unknown_account", "answered": 20003.0,
			"account": unnamed, "channel": "messaging", "from": "********0199", "to": "********0123", "territory": "US", "class": "",
			"verdict": "deny", "reason": "account_unknown", "rule": "no default", "code": 21408.0, "sends": 1.0}},
		{"a monitored account has the code that it would have got", post(messages(child), messageTo(inUZ)), 201, map[string]any{
			"account": child, "channel": "messaging", "from": "********0199", "to": "*********5678", "territory": "UZ", "class": "",
			"verdict": "monitor", "reason": "territory_not_enabled", "rule": "account " + child + " messaging", "code": 21408.0, "sends": 1.0}},
		{"a request that cannot be judged has no channel and no destination", post(messages(acme), tooLarge(inUS)), 413, map[string]any{
			"account": acme, "channel": "", "to": "", "territory": "", "class": "",
			"verdict": "deny", "reason": "body_too_large", "rule": "", "code": 20001.0, "sends": 0.0}},
		{"a read has no object", get(messages(acme)), 201, nil},
		{"a write that reaches no one has no object", post("/2010-04-01/Accounts/"+acme+"/IncomingPhoneNumbers.json", "AreaCode=201"), 201, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := s.logged(t, c.request)
			if line.Status != c.status {
				t.Errorf("status %d, want %d", line.Status, c.status)
			}
			if c.want != nil {
				c.want["policy"] = revision
			}
			if !maps.Equal(line.Tollgate, c.want) {
				t.Errorf("logged\n%v\nwant\n%v", line.Tollgate, c.want)
			}
		})
	}
}

func TestTheAccessLogSaysWhoSentAndWithWhichKey(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_SECRET", "a secret")
	const (
		key    = "SK22222222222222222222222222222222"
		client = "OQ22222222222222222222222222222222"
	)
	form := func(from string) string { return url.Values{"To": {inUS}, "From": {from}, "Body": {"Hello"}}.Encode() }
	const opaque = "a-token"
	for _, c := range []struct {
		name, mask, authorization, form string
		want                            map[string]any
	}{
		{"a number as a sender is masked", "", asAcme, form("+12015550199"), map[string]any{"from": "********0199"}},
		{"a name is not", "", asAcme, form("Acme Bank"), map[string]any{"from": "Acme Bank"}},
		{"a messaging service is not", "", asAcme, form("MG22222222222222222222222222222222"), map[string]any{"from": "MG22222222222222222222222222222222"}},
		{"no sender is none", "", asAcme, url.Values{"To": {inUS}, "Body": {"Hello"}}.Encode(), map[string]any{"from": nil}},
		{"the account's own credential has no name", "", asAcme, form("Acme"), map[string]any{"key": nil}},
		{"an API key, in one spelling", "", basic("sk" + key[2:] + ":secret"), form("Acme"), map[string]any{"key": key}},
		{"a misplaced secret is not a key", "", basic("0123456789abcdef0123456789abcdef:secret"), form("Acme"), map[string]any{"key": nil}},
		{"an OAuth client", "", "Bearer " + jwtOf(client), form("Acme"), map[string]any{"key": client}},
		{"another token by its digest", "", "Bearer " + opaque, form("Acme"), map[string]any{"key": policy.TokenDigest(opaque)}},
		{"last4 shows no prefix, which with the last four is the number", "", asAcme, form("Acme"), map[string]any{"prefix": nil}},
		{"none shows the prefix", "mask none", asAcme, form("Acme"), map[string]any{"prefix": "+12015550", "to": inUS}},
		{"hmac shows the prefix", "mask hmac {env.TOLLGATE_TEST_SECRET}", asAcme, form("Acme"), map[string]any{"prefix": "+12015550"}},
		{"of two destinations the one that decided", "mask none", asAcme, form("Acme") + "&To=%2B998912345678", map[string]any{"prefix": "+998912345"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startGate(t, acmePolicy, c.mask+"\ncredential_check off")
			request := strings.Replace(post(messages(acme), c.form), asAcme, c.authorization, 1)
			line := s.logged(t, request)
			for name, want := range c.want {
				if got := line.Tollgate[name]; got != want {
					t.Errorf("%s is logged as %v, want %v, in %v", name, got, want, line.Tollgate)
				}
			}
		})
	}
}

// jwtOf is a token that names an OAuth client.
func jwtOf(client string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(`{"sub":"`+client+`"}`)) + "." + encode([]byte("x"))
}

func TestAnUnlistedRangeIsMarkedInTheAccessLog(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	line := s.logged(t, post(messages(acme), messageTo("+920000000000"))) // no range of Pakistan begins with 00
	if line.Tollgate["unlisted_range"] != true {
		t.Errorf("logged %v", line.Tollgate)
	}
}

func TestTheMaskGovernsHowADestinationIsLogged(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_SECRET", "a secret\n")
	digest := func(text string) string {
		mac := hmac.New(sha256.New, []byte("a secret")) // without the newline that files end with
		mac.Write([]byte(text))
		return "hmac:" + hex.EncodeToString(mac.Sum(nil)[:12])
	}
	for _, c := range []struct {
		name string
		mask string
		to   string
		want string
	}{
		{"by default the last four characters show", "", inUS, "********0123"},
		{"last4 shows the last four characters", "mask last4", inUS, "********0123"},
		{"last4 hides a short text altogether", "mask last4", "+1234567", "********"},
		{"none shows everything", "mask none", inUS, inUS},
		{"hmac shows a keyed digest", "mask hmac {env.TOLLGATE_TEST_SECRET}", inUS, digest(inUS)},
		{"hmac shows another digest of another number", "mask hmac {env.TOLLGATE_TEST_SECRET}", inGB, digest(inGB)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startGate(t, acmePolicy, c.mask)
			if got := s.logged(t, post(messages(acme), messageTo(c.to))).Tollgate["to"]; got != c.want {
				t.Errorf("logged %q, want %q", got, c.want)
			}
		})
	}
}

// The rule of a safe list is a number, and that number is the destination.
func TestARuleForOneNumberDoesNotGiveTheDestinationAway(t *testing.T) {
	policy := acmePolicy + `
		allow ` + inUZ + ` "the office in Tashkent"
		block ` + inGB + ` "disconnected"
		block +4420 "no calls to London"`
	for _, c := range []struct {
		name, mask, to, want string
	}{
		{"an allowed number is masked", "mask last4", inUZ, "operator allow *********5678"},
		{"in whatever way it is written", "mask last4", " +998 (91) 234-56-78", "operator allow *********5678"},
		{"a blocked number is masked", "mask last4", inGB, "operator block *********3456"},
		{"a prefix is not", "mask last4", "+442079460000", "operator block +4420"},
		{"nor anything where nothing is", "mask none", inUZ, "operator allow " + inUZ},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startGate(t, policy, c.mask)
			if got := s.logged(t, post(messages(acme), messageTo(c.to))).Tollgate["rule"]; got != c.want {
				t.Errorf("logged %q, want %q", got, c.want)
			}
		})
	}
}

func TestDestinationsInALoggedURIAreMasked(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	list := messages(acme)
	for _, c := range []struct {
		name, target, want string
	}{
		{"a parameter", list + "?To=%2B998912345678", list + "?To=*********5678"},
		{"among others", list + "?PageSize=5&To=%2B998912345678&Page=0", list + "?PageSize=5&To=*********5678&Page=0"},
		{"without a plus sign", list + "?To=998912345678", list + "?To=********5678"},
		{"in small letters", list + "?to=%2B998912345678", list + "?to=*********5678"},
		{"in odd letters", list + "?tO=%2B998912345678", list + "?tO=*********5678"},
		{"with an index", list + "?To[0]=%2B998912345678", list + "?To[0]=*********5678"},
		{"with an encoded index", list + "?To%5B%5D=%2B998912345678", list + "?To%5B%5D=*********5678"},
		{"with an encoded name", list + "?%54%6F=%2B998912345678", list + "?%54%6F=*********5678"},
		{"with a space around the name", list + "?+To+=%2B998912345678", list + "?+To+=*********5678"},
		{"twice", list + "?To=%2B998912345678&To=%2B12015550123", list + "?To=*********5678&To=********0123"},
		{"behind a semicolon", list + "?a=b;To=%2B998912345678", list + "?a=b;To=*********5678"},
		{"with what does not decode", list + "?To=%zz998912345678", list + "?To=***********5678"},
		{"a parameter in brackets", "/v1/x?MessagingBinding[Address]=%2B998912345678", "/v1/x?MessagingBinding[Address]=*********5678"},
		{"a parameter as JSON spells it", "/v1/x?messaging_binding.address=%2B998912345678", "/v1/x?messaging_binding.address=*********5678"},
		{"a parameter of another product", "/v1/x?MessagingBinding.Address=%2B998912345678", "/v1/x?MessagingBinding.Address=*********5678"},
		{"a number in the path", "/v1/PhoneNumbers/+998912345678", "/v1/PhoneNumbers/*********5678"},
		{"an encoded number in the path", "/v1/PhoneNumbers/%2B998912345678/x", "/v1/PhoneNumbers/*********5678/x"},
		{"in small letters in the path", "/v1/PhoneNumbers/%2b998912345678", "/v1/PhoneNumbers/*********5678"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := s.logged(t, get(c.target)).Request.URI; got != c.want {
				t.Errorf("logged\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// chattyFormats mask everything that Caddy has to say, and keep the headers.
var chattyFormats = map[string]string{
	"with the format tollgate": `tollgate {
			headers
		}`,
	"with a filter": `filter {
			request>uri tollgate last4
			request>headers>Referer tollgate last4
			request>headers>User-Agent tollgate last4
		}`,
}

// chattyCaddyfile logs everything that Caddy has to say to one file.
func chattyCaddyfile(gate, upstream, log, format, policy string) string {
	return fmt.Sprintf(`{
	admin off
	auto_https off
	persist_config off
	grace_period 1s
	log {
		level DEBUG
		output file %[3]s
		format %[5]s
	}
	tollgate {
%[4]s
	}
}
http://:%[1]s {
	log
	route {
		tollgate twilio {
			upstream %[2]s
		}
		reverse_proxy {http.tollgate.upstream}
	}
}
`, gate[strings.LastIndex(gate, ":")+1:], upstream, log, policy, format)
}

// Caddy logs the URI of a request that it could not forward. That log is not
// the access log, and is masked only where the Caddyfile says so.
func TestTheErrorLogOfAFailingUpstreamDoesNotShowTheDestination(t *testing.T) {
	for name, format := range chattyFormats {
		t.Run(name, func(t *testing.T) { testErrorLog(t, format) })
	}
}

func testErrorLog(t *testing.T, format string) {
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/caddy.log"}
	loadCaddyfile(t, chattyCaddyfile(s.gate, harness.FreeAddress(t), s.log, format, acmePolicy))
	response, _ := s.raw(t, post(messages(acme)+"?To=%2B12015550123", messageTo(inUS)))
	if response.StatusCode != http.StatusBadGateway {
		t.Fatalf("answer %s, want 502", response.Status)
	}
	text := waitForLog(t, s.log, `"logger":"http.log.error`)
	if !strings.Contains(text, "connection refused") {
		t.Errorf("the log does not say what failed:\n%s", text)
	}
	if strings.Contains(text, "2015550123") {
		t.Errorf("the log shows the destination:\n%s", text)
	}
}

// Whatever happens, neither a destination nor a credential gets into any log.
func TestNoLogShowsADestinationOrACredential(t *testing.T) {
	for name, format := range chattyFormats {
		t.Run(name, func(t *testing.T) { testWholeLog(t, format) })
	}
}

func testWholeLog(t *testing.T, format string) {
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/caddy.log"}
	loadCaddyfile(t, chattyCaddyfile(s.gate, s.upstream.address, s.log, format, acmePolicy+`
		block +998911111111 "a number by itself"
		allow +998912222222 "another one"
		account `+child+` "monitored" {
			parent `+acme+`
			messaging US
			monitor
		}`))
	numbers := []string{"12015550123", "998912345678", "998911111111", "998912222222", "442079460000", "19002345678"}
	requests := 0
	for _, number := range numbers {
		for _, account := range []string{acme, child, unnamed} {
			for _, request := range []string{
				post(messages(account), messageTo("+"+number)),
				post(messages(account), messageTo(number)),
				post(messages(account), messageTo("whatsapp:+"+number)),
				post(messages(account), messageTo("00"+number)),
				post(messages(account), tooLarge("+"+number)),
				post(messages(account)+"?to=%2B"+number, messageTo("+"+number)),
				post("//"+strings.TrimPrefix(messages(account), "/")+"?To=%2B"+number, messageTo("+"+number)),
				post(calls(account), messageTo("+"+number)+"&Twiml="+"%3CResponse%3E%3CDial%3E%2B"+number+"%3C%2FDial%3E%3C%2FResponse%3E"),
				post("/v1/Unlisted", "To=%2B"+number),
				get(messages(account) + "?To=%2B" + number),
				get("/v1/PhoneNumbers/%2B" + number),
				reading(messages(account)+"?From=%2B"+number+"&x="+number, "Referer: https://app.example/?To="+number, "User-Agent: app/1.0 (for "+number+")"),
				"POST http://api.twilio.com" + messages(account) + "?To=%2B" + number + " HTTP/1.1\r\nHost: api.twilio.com\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			} {
				s.raw(t, request)
				requests++
			}
		}
	}
	const handled = `"msg":"handled request"`
	var text string
	for text = waitForLog(t, s.log, handled); strings.Count(text, handled) < requests; {
		text = waitForLog(t, s.log, handled)
	}
	for _, secret := range append(numbers, "12015550199", "QUMxMTEx", "c2VjcmV0") {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s stands in the log: …%s…", secret, text[max(0, i-200):min(len(text), i+50)])
		}
	}
	if !strings.Contains(text, `"Authorization":["REDACTED"]`) {
		t.Error("no log line shows that there was a credential: are requests logged at all?")
	}
}

// waitForLog waits until a log holds a text and returns the log.
func waitForLog(t *testing.T, file, text string) string {
	t.Helper()
	var log []byte
	harness.AwaitNil(t, "the log holds "+text, func() error {
		if log, _ = os.ReadFile(file); !bytes.Contains(log, []byte(text)) {
			return fmt.Errorf("it says\n%s", log)
		}
		return nil
	})
	return string(log)
}

func TestALogTakesItsMaskFromTheCaddyfile(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_SECRET", "a secret")
	for _, c := range []struct {
		name, format, want string
	}{
		{"last4 where nothing is stated", "filter {\nrequest>uri tollgate\n}", "?To=********0123"},
		{"none", "filter {\nrequest>uri tollgate none\n}", "?To=%2B12015550123"},
		{"hmac", "filter {\nrequest>uri tollgate hmac {env.TOLLGATE_TEST_SECRET}\n}", "?To=hmac:"},
		{"the format's, last4 where nothing is stated", "tollgate", "?To=********0123"},
		{"the format's none", "tollgate {\nmask none\n}", "?To=%2B12015550123"},
		{"the format's hmac", "tollgate {\nmask hmac {env.TOLLGATE_TEST_SECRET}\n}", "?To=hmac:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
			loadCaddyfile(t, strings.Replace(gateCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy, ""),
				"filter {\n\t\t\trequest>uri tollgate last4\n\t\t}", c.format, 1))
			if got := s.logged(t, get(messages(acme)+"?To=%2B12015550123")).Request.URI; !strings.HasPrefix(got, messages(acme)+c.want) {
				t.Errorf("logged %s", got)
			}
		})
	}
}

// A read is streamed past the gate; that it leaves no object must not depend on
// how it is written.
func TestReadsLeaveNoObjectInTheAccessLog(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	for i, target := range []string{messages(acme), messages(acme) + "?To=%2B998912345678", calls(acme), "/", "/v1/PhoneNumbers/+998912345678"} {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			if line := s.logged(t, get(target)); line.Tollgate != nil {
				t.Errorf("%s left %v", target, line.Tollgate)
			}
		})
	}
}
