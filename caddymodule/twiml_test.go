package caddymodule_test

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
)

// twimlServer is a real Caddy with tollgate_twiml in front of a real web server, whose
// answers the test writes.
type twimlServer struct {
	*caddyServer
	metrics string // host:port
	// asked is the last request that the web server got.
	asked *http.Request
	body  string
}

// startTwiML runs Caddy until the test ends. Answers are those of the handler given.
func startTwiML(t testing.TB, policy, handler, more string, answer http.HandlerFunc) *twimlServer {
	t.Helper()
	s := &twimlServer{metrics: harness.FreeAddress(t), caddyServer: &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}}
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.asked, s.body = r, string(body)
		answer(w, r)
	}))
	t.Cleanup(origin.Close)
	loadCaddyfile(t, fmt.Sprintf(`{
`+quietOptions+`	tollgate {
%s
	}
}
http://%s {
	log {
		output file %s
	}
	%s
	tollgate_twiml {
%s
	}
	reverse_proxy %s
}
http://%s {
	metrics
}
`, policy, strings.Replace(s.gate, "127.0.0.1", "", 1), s.log, more, handler, strings.TrimPrefix(origin.URL, "http://"), strings.Replace(s.metrics, "127.0.0.1", "", 1)))
	return s
}

// theCall is what Twilio says of a call.
func theCall() url.Values {
	return url.Values{"AccountSid": {acme}, "CallSid": {"CA1"}, "CallStatus": {"ringing"}, "Direction": {"inbound"}, "From": {inUS}, "To": {"+12015550199"}}
}

// ask asks for instructions as Twilio does, and returns the answer as it comes.
func (s *twimlServer) ask(t testing.TB, request *http.Request) (*http.Response, string) {
	t.Helper()
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("reading the answer: %v", err)
	}
	return response, string(body)
}

func (s *twimlServer) request(t testing.TB, path string, parameters url.Values) *http.Request {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, "http://"+s.gate+path, strings.NewReader(parameters.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	return request
}

// call asks for instructions for a call.
func (s *twimlServer) call(t testing.TB) (*http.Response, string) {
	t.Helper()
	return s.ask(t, s.request(t, "/voice", theCall()))
}

func dialling(number string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello</Say><Dial>` + number + `</Dial></Response>`
}

const withoutDial = `<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello</Say></Response>`

func TestAnAnswerPassesAsItCameOrWithoutWhatIsDenied(t *testing.T) {
	const empty = `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`
	zip := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = io.WriteString(w, text)
		w.Close()
		return b.String()
	}
	write := func(text string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Set-Cookie", "a=b")
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			_, _ = io.WriteString(w, text)
		}
	}
	var answer http.HandlerFunc
	s := startTwiML(t, acmePolicy, "", "", func(w http.ResponseWriter, r *http.Request) { answer(w, r) })
	status := func(status int, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			if status != http.StatusNoContent && status != http.StatusNotModified {
				_, _ = io.WriteString(w, dialling(inUZ))
			}
		}
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		status int
		body   string
		passes bool
	}{
		{"an allowed call", write(dialling(inUS)), 200, dialling(inUS), true},
		{"a denied call", write(dialling(inUZ)), 200, withoutDial, false},
		{"gzip that may pass", write(zip(dialling(inUS)), "Content-Encoding", "gzip"), 200, zip(dialling(inUS)), true},
		{"gzip that may not", write(zip(dialling(inUZ)), "Content-Encoding", "gzip"), 200, withoutDial, false},
		{"another encoding", write("?", "Content-Encoding", "br"), 200, empty, false},
		{"nothing", write(""), 200, "", true},
		{"what cannot be parsed", write("<Response><Dial>" + inUZ), 200, empty, false},
		{"too much", write("<Response>" + strings.Repeat(" ", 64<<10) + "</Response>"), 200, empty, false},
		{"far too much", write(strings.Repeat("<!-- -->", 1<<20)), 200, empty, false},
		{"a long sound", write(strings.Repeat("\xff\xfb", 1<<20), "Content-Type", "audio/mpeg"), 200, strings.Repeat("\xff\xfb", 1<<20), true},
		{"a drip", func(w http.ResponseWriter, r *http.Request) {
			for _, piece := range strings.SplitAfter(dialling(inUZ), ">") {
				_, _ = io.WriteString(w, piece)
				_ = http.NewResponseController(w).Flush()
			}
		}, 200, withoutDial, false},
		{"a drip that may pass", func(w http.ResponseWriter, r *http.Request) {
			for _, piece := range strings.SplitAfter(dialling(inUS), ">") {
				_, _ = io.WriteString(w, piece)
				_ = http.NewResponseController(w).Flush()
			}
		}, 200, dialling(inUS), true},
		{"an event stream", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream") // which the proxy flushes
			_, _ = io.WriteString(w, dialling(inUZ))
		}, 200, withoutDial, false},
		{"hints before the answer", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			_, _ = io.WriteString(w, dialling(inUZ))
		}, 200, withoutDial, false},
		{"created", status(201), 201, withoutDial, false},
		{"a reset", status(205), 205, withoutDial, false},
		{"a part that was not requested", status(206), 206, withoutDial, false},
		{"a status that there is not", status(600), 600, withoutDial, false},
		{"a long sound that is a document as well", func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{"audio/mpeg", "text/xml"}
			_, _ = io.WriteString(w, strings.Repeat(" ", webhook.MaxDocument)+dialling(inUZ))
		}, 200, empty, false},
		{"no content", status(204), 204, "", true},
		{"not modified, without a condition", status(304), 200, empty, false},
		{"a redirect with a document", status(302, "Location", "/next"), 302, withoutDial, false},
		{"a redirect that dials", status(302, "Location", "http://twimlets.com/forward?PhoneNumber=998912345678"), 200, empty, false},
		{"an error, of which Twilio reads nothing", status(404), 404, dialling(inUZ), true},
		{"a failure", status(500), 500, dialling(inUZ), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer = c.answer
			response, body := s.call(t)
			if response.StatusCode != c.status || body != c.body {
				t.Errorf("%d\n%s\nwant %d\n%s", response.StatusCode, body[:min(len(body), 500)], c.status, c.body[:min(len(c.body), 500)])
			}
			if length := response.Header.Get("Content-Length"); length != "" && length != strconv.Itoa(len(body)) {
				t.Errorf("Content-Length %s of %d bytes", length, len(body))
			}
			if c.passes {
				return
			}
			if location := response.Header.Get("Location"); location != "" && c.body == empty {
				t.Errorf("what was replaced leads to %s", location)
			}
			for _, name := range []string{"ETag", "Content-Encoding", "Last-Modified"} {
				if value := response.Header.Get(name); value != "" {
					t.Errorf("%s is %s", name, value)
				}
			}
			if response.Header.Get("Cache-Control") != "no-store" {
				t.Error("what was changed may be kept")
			}
		})
	}
}

// What TaskRouter is told passes as it came, or an empty instruction in its place.
func TestAnInstructionToTaskRouterPassesOrIsReplaced(t *testing.T) {
	var answer, contentType string
	s := startTwiML(t, acmePolicy, "", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, answer)
	})
	assignment := url.Values{
		"AccountSid": {acme}, "WorkspaceSid": {"WS1"}, "TaskSid": {"WT1"}, "ReservationSid": {"WR1"},
		"TaskAttributes": {`{"type":"support"}`}, "WorkerAttributes": {`{"contact_uri":"client:alice"}`},
	}
	const json = "application/json"
	for _, c := range []struct {
		name, contentType, answer, want string
	}{
		{"accept", json, `{"instruction":"accept"}`, `{"instruction":"accept"}`},
		{"dequeue to a client", json, `{ "instruction": "dequeue" } `, `{ "instruction": "dequeue" } `},
		{"a call that may be placed", json, `{"instruction":"call","to":"` + inUS + `"}`, `{"instruction":"call","to":"` + inUS + `"}`},
		{"a call that may not", json, `{"instruction":"call","to":"` + inUZ + `"}`, `{}`},
		{"as sound", "audio/mpeg", `{"instruction":"call","to":"` + inUZ + `"}`, `{}`},
		{"as a long sound", "audio/mpeg", `{"instruction":"call","to":"` + inUZ + `","x":"` + strings.Repeat("x", webhook.MaxDocument) + `"}`, `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, contentType = c.answer, c.contentType
			response, body := s.ask(t, s.request(t, "/assignment", assignment))
			wantType := c.contentType
			if c.want != c.answer {
				wantType = json
			}
			if response.StatusCode != http.StatusOK || body != c.want || response.Header.Get("Content-Type") != wantType {
				t.Errorf("%d %s %.200q", response.StatusCode, response.Header.Get("Content-Type"), body)
			}
		})
	}
}

// An answer in which nothing is denied is the same behind the gate as without it.
func TestAnAnswerPassesByteForByteWithItsHeaders(t *testing.T) {
	var document string
	answer := func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = []string{"Mon, 01 Jan 2024 00:00:00 GMT"}
		w.Header().Set("Content-Type", "Text/XML;charset=utf-8")
		w.Header().Set("Etag", `W/"x"`)
		w.Header().Set("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
		w.Header().Add("Set-Cookie", "a=b")
		w.Header().Add("Set-Cookie", "c=d")
		w.Header().Set("X-Empty", "")
		_, _ = io.WriteString(w, document)
	}
	s := startTwiML(t, "observe\n"+acmePolicy, "", "", answer)
	for _, document = range append(twimlCorpus(t), "", "\x00\xff", strings.Repeat("<!-- -->", 20_000)) {
		direct := httptest.NewRecorder()
		answer(direct, nil)
		response, body := s.call(t)
		if body != document {
			t.Fatalf("%q\nbecomes\n%q", document, body)
		}
		header := response.Header.Clone()
		for _, name := range []string{"Content-Length", "Via", "Server", "Connection"} {
			header.Del(name) // the proxy's, and framing
		}
		if !maps.EqualFunc(header, direct.Result().Header, slices.Equal) {
			t.Fatalf("headers\n%v\nbecome\n%v", direct.Result().Header, header)
		}
	}
}

func TestTheWebServerIsAskedForAllOfItsAnswerAndGetsTheBodyAsItCame(t *testing.T) {
	s := startTwiML(t, acmePolicy, "", "", func(w http.ResponseWriter, _ *http.Request) {})
	request := s.request(t, "/voice?a=%41", theCall())
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "If-Range", "Range"} {
		request.Header.Set(name, "x")
	}
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("X-Other", "y")
	s.ask(t, request)
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "If-Range", "Range"} {
		if s.asked.Header.Get(name) != "" {
			t.Errorf("asked with %s", name)
		}
	}
	if got := s.asked.Header.Get("Accept-Encoding"); got != "identity" {
		t.Errorf("asked with Accept-Encoding %q", got)
	}
	if s.body != theCall().Encode() || s.asked.RequestURI != "/voice?a=%41" || s.asked.Header.Get("X-Other") != "y" {
		t.Errorf("asked for %s with %s", s.asked.RequestURI, s.body)
	}
	long := url.Values{"AccountSid": {acme}, "Body": {strings.Repeat("x", 1<<20)}}
	s.ask(t, s.request(t, "/voice", long))
	if s.body != long.Encode() {
		t.Errorf("of a long body, %d bytes arrive", len(s.body))
	}
}

// twilioSignature signs a request as Twilio does.
func twilioSignature(token, address string, parameters url.Values) string {
	return signatureBy(sha1.New, token, address, parameters)
}

// signatureBy signs a request by a hash.
func signatureBy(algorithm func() hash.Hash, secret, address string, parameters url.Values) string {
	mac := hmac.New(algorithm, []byte(secret))
	_, _ = io.WriteString(mac, address)
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		for _, value := range parameters[name] {
			_, _ = io.WriteString(mac, name+value)
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestARequestThatTwilioDidNotSignIsRefused(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_TOKEN", "old")
	t.Setenv("TOLLGATE_TEST_NEXT", "new\n")
	const tokens = "auth_token {env.TOLLGATE_TEST_TOKEN} {env.TOLLGATE_TEST_NEXT}\n"
	for _, c := range []struct {
		name, policy, handler, more string
		address                     string // that is signed; * is the gate
		token                       string
		want                        int
	}{
		{"signed", acmePolicy, tokens, "", "http://*/voice?x=%41", "old", 200},
		{"signed with the other token", acmePolicy, tokens, "", "http://*/voice?x=%41", "new", 200},
		{"signed with no token", acmePolicy, tokens, "", "http://*/voice?x=%41", "", 403},
		{"signed with another token", acmePolicy, tokens, "", "http://*/voice?x=%41", "other", 403},
		{"signed for another address", acmePolicy, tokens, "", "http://*/voice?x=A", "old", 403},
		{"behind another proxy", acmePolicy, tokens + "public_url https://hooks.example.com/twilio/", "", "https://hooks.example.com/twilio/voice?x=%41", "old", 200},
		{"behind another proxy, with a port", acmePolicy, tokens + "public_url https://hooks.example.com", "", "https://hooks.example.com:443/voice?x=%41", "old", 200},
		{"before a rewrite", acmePolicy, tokens, "rewrite * /elsewhere", "http://*/voice?x=%41", "old", 200},
		{"without a token, nothing is looked at", acmePolicy, "", "", "", "other", 200},
		{"under observe, nothing is refused", "observe\n" + acmePolicy, tokens, "", "", "other", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startTwiML(t, c.policy, c.handler, c.more, func(w http.ResponseWriter, _ *http.Request) {})
			request := s.request(t, "/voice?x=%41", theCall())
			address := strings.Replace(c.address, "*", s.gate, 1)
			if c.token != "" {
				request.Header.Set("X-Twilio-Signature", twilioSignature(c.token, address, theCall()))
			}
			response, body := s.ask(t, request)
			if response.StatusCode != c.want {
				t.Errorf("%s %s", response.Status, body)
			}
			if (s.asked != nil) != (c.want == 200) {
				t.Errorf("the web server was asked: %t", s.asked != nil)
			}
			if c.want == 403 || strings.Contains(c.policy, "observe") {
				line := parseLog(t, s.accessLog(t, 1)[0])
				if reason, _ := line.Tollgate["reason"].(string); !strings.HasPrefix(reason, "signature_") || line.Tollgate["code"] != 11217.0 {
					t.Errorf("logged %v", line.Tollgate)
				}
			}
			// The reference: Twilio's own library.
			validator := client.NewRequestValidator("old")
			if c.token == "old" && !validator.ValidateBody(address, []byte(theCall().Encode()), request.Header.Get("X-Twilio-Signature")) {
				t.Error("Twilio's library takes another signature")
			}
		})
	}
}

// A rule at Twilio can divide the requests for one URL between two settings.
func TestRequestsSignedWithASharedKeyAndWithAnAuthTokenArriveAtOnce(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_TOKEN", "token")
	t.Setenv("TOLLGATE_TEST_SECRET", "secret\n")
	s := startTwiML(t, acmePolicy, "auth_token {env.TOLLGATE_TEST_TOKEN}\nshared_key webhooks_sharedkey_1 {env.TOLLGATE_TEST_SECRET}", "", func(http.ResponseWriter, *http.Request) {})
	const settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
	for i, c := range []struct {
		name     string
		by       func() hash.Hash
		secret   string
		settings []string
		want     int
		rule     string // logged
	}{
		{"with the auth token", sha1.New, "token", nil, 200, ""},
		{"with the shared key", sha256.New, "secret", []string{settings}, 200, ""},
		{"with the shared key by SHA-1", sha1.New, "secret", []string{"key=webhooks_sharedkey_1,algorithm=HMAC_SHA1"}, 200, ""},
		{"with the auth token, and settings", sha1.New, "token", []string{settings}, 403, "the signature is not that of the key for this address"},
		{"with the shared key, and no settings", sha256.New, "secret", nil, 403, "the signature is not that of the key for this address"},
		{"with an unknown key", sha256.New, "secret", []string{"key=webhooks_sharedkey_2,algorithm=HMAC_SHA256"}, 403, "there is no shared_key webhooks_sharedkey_2"},
		{"with settings that are repeated", sha256.New, "secret", []string{settings, settings}, 403, "X-Twilio-Webhooks-Signature-Settings is repeated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.asked = nil
			request := s.request(t, "/voice", theCall())
			request.Header.Set("X-Twilio-Signature", signatureBy(c.by, c.secret, "http://"+s.gate+"/voice", theCall()))
			for _, value := range c.settings {
				request.Header.Add("X-Twilio-Webhooks-Signature-Settings", value)
			}
			response, body := s.ask(t, request)
			if response.StatusCode != c.want || (s.asked != nil) != (c.want == 200) {
				t.Errorf("%s %s, and the web server was asked: %t", response.Status, body, s.asked != nil)
			}
			if c.want == 200 {
				return
			}
			line := parseLog(t, s.accessLog(t, i+1)[i])
			if line.Tollgate["reason"] != "signature_invalid" || line.Tollgate["rule"] != c.rule {
				t.Errorf("logged %v", line.Tollgate)
			}
		})
	}
}

func TestADeniedCallIsLoggedCountedAndAnnounced(t *testing.T) {
	s := startTwiML(t, acmePolicy+"\n}\nevents {\non permission_denied listener", "", "", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<?xml version="1.0"?><Response><Dial>`+inUZ+`</Dial><Dial>`+inUS+`</Dial></Response>`)
	})
	takeHeard()
	counted := func() int {
		const series = `caddy_tollgate_decisions_total{carrier="twilio",channel="voice",class="low_risk",reason="territory_not_enabled",territory="UZ",verdict="deny"} `
		_, rest, _ := strings.Cut(readMetrics(t, s.metrics), series)
		count, _, _ := strings.Cut(rest, "\n")
		n, _ := strconv.Atoi(count)
		return n
	}
	before := counted()
	s.call(t)
	if after := counted(); after != before+1 {
		t.Errorf("%d decisions after %d", after, before)
	}
	if events := takeHeard(); len(events) != 1 || events[0]["code"] != 13227 || events[0]["account"] != acme {
		t.Errorf("events %v", events)
	}
	line := parseLog(t, s.accessLog(t, 1)[0])
	delete(line.Tollgate, "policy")
	if want := (map[string]any{
		"account": acme, "channel": "voice", "to": "*********5678", "territory": "UZ", "class": "low_risk",
		"verdict": "deny", "reason": "territory_not_enabled", "rule": "account " + acme + " voice", "code": 13227.0, "sends": 2.0,
	}); !maps.Equal(line.Tollgate, want) {
		t.Errorf("logged\n%v\nwant\n%v", line.Tollgate, want)
	}
}

func TestAnAnswerWithNothingToJudgeIsNotLogged(t *testing.T) {
	s := startTwiML(t, acmePolicy, "", "", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, withoutDial) })
	s.call(t)
	if line := parseLog(t, s.accessLog(t, 1)[0]); line.Tollgate != nil {
		t.Errorf("logged %v", line.Tollgate)
	}
}

// Whatever stands before the proxy answers is judged too.
func TestNoDirectiveAnswersBeforeTheHandler(t *testing.T) {
	for _, directive := range []string{
		`respond "<Response><Dial>` + inUZ + `</Dial></Response>"`,
		`redir http://twimlets.com/forward?PhoneNumber=998912345678`,
		"handle {\nrespond \"<Response><Dial>" + inUZ + "</Dial></Response>\"\n}",
		"encode gzip\nrespond \"<Response><Dial>" + inUZ + "</Dial></Response>\"",
	} {
		s := startTwiML(t, acmePolicy, "", directive, func(http.ResponseWriter, *http.Request) {})
		request := s.request(t, "/voice", theCall())
		request.Header.Set("Accept-Encoding", "gzip")
		response, body := s.ask(t, request)
		if response.StatusCode != 200 || !strings.Contains(body, "<Response></Response>") {
			t.Errorf("%s: %s %q", directive, response.Status, body)
		}
	}
}

func TestAMistakeInTheTwiMLHandlerIsAnError(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_EMPTY", "")
	for option, want := range map[string]string{
		"denied":            "wrong argument count",
		"denied rejekt":     `denied cannot be "rejekt", did you mean "reject"?`,
		"denied say":        "needs text",
		"denied redirect":   "needs the address",
		"denied redirect ?": "is not an address",
		"denied redirect {env.TOLLGATE_TEST_EMPTY}": "TOLLGATE_TEST_EMPTY",
		"denied reject now":                         "wrong argument count",
		"denied remove\ndenied remove":              "is already specified",
		"auth_token":                                "wrong argument count",
		"auth_token 12345":                          "do not write a secret into a configuration",
		"auth_token {env.TOLLGATE_TEST_EMPTY}":      "is empty",
		"auth_token {env.TOLLGATE_TEST_NO_SUCH_X}":  "TOLLGATE_TEST_NO_SUCH_X",
		"shared_key K1":                             "wrong argument count",
		"shared_key K1 12345":                       "do not write a secret into a configuration",
		"shared_key K1 {env.TOLLGATE_TEST_EMPTY}":   "reading shared_key K1: evaluated placeholder {env.TOLLGATE_TEST_EMPTY} is empty",
		"shared_key K1 {env.TOLLGATE_TEST_NO_SUCH}": "reading shared_key K1",
		"public_url hooks.example.com":              "is not a base URL",
		"public_url https://a.example/?x":           "is not a base URL",
		"max_size 65KiB":                            "is not a size up to 64KiB",
		"max_size 0":                                "is not a size up to 64KiB",
		"max_size big":                              "is not a size up to 64KiB",
		"mask hmac secret":                          "do not write a secret",
		"masc none":                                 `unknown option "masc", did you mean "mask"?`,
	} {
		err := validate("{\nadmin off\nauto_https off\npersist_config off\ntollgate {\naccount " + acme + "\n}\n}\n:8080 {\ntollgate_twiml {\n" + option + "\n}\nrespond ok\n}\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", option, err, want)
		}
	}
	err := validate("{\nadmin off\nauto_https off\npersist_config off\n}\n:8080 {\ntollgate_twiml\n}\n")
	if err == nil || !strings.Contains(err.Error(), "needs a policy") {
		t.Errorf("without a policy: %v", err)
	}
}

func TestAMistakeInASharedKeyInJSONIsAnError(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_SECRET", "secret")
	for keys, want := range map[string]string{
		`{"id": "K1", "secret": "{env.TOLLGATE_TEST_SECRET}"}`: "",
		`{"id": "K1", "secret": "secret"}`:                     "do not write a secret",
		`{"id": "K1"}`:                                         "do not write a secret",
		`{"secret": "{env.TOLLGATE_TEST_SECRET}"}`:             "needs the id of the key",
		`{"id": "K1", "secret": "{env.TOLLGATE_TEST_SECRET}"}, {"id": "K1", "secret": "{env.TOLLGATE_TEST_SECRET}"}`: "shared_key K1 is already specified",
	} {
		err := validateJSON([]byte(`{"apps": {
			"tollgate": {"accounts": [{"id": "` + acme + `"}]},
			"http": {"servers": {"srv0": {"listen": [":8080"], "automatic_https": {"disable": true}, "routes": [
				{"handle": [{"handler": "tollgate_twiml", "shared_keys": [` + keys + `]}]}
			]}}}
		}}`))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", keys, err, want)
		}
	}
}

func TestASmallerSizeIsTheMost(t *testing.T) {
	s := startTwiML(t, acmePolicy, "max_size 100", "", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, dialling(inUS)[:100-len(inUS)]+strings.Repeat(" ", len(r.URL.RawQuery)))
	})
	s.call(t)
	if line := parseLog(t, s.accessLog(t, 1)[0]); line.Tollgate["code"] != 12100.0 {
		t.Errorf("logged %v", line.Tollgate)
	}
	s.ask(t, s.request(t, "/voice?"+strings.Repeat("x", 200), theCall()))
	if line := parseLog(t, s.accessLog(t, 2)[1]); line.Tollgate["code"] != 11750.0 {
		t.Errorf("logged %v", line.Tollgate)
	}
}
