package caddymodule_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// countedHooks is a Caddy with a gate and with tollgate_twiml in front of a web server that dials,
// by one policy.
type countedHooks struct {
	*caddyServer
	hooks   string
	carrier string
}

func startCountedHooks(t *testing.T) *countedHooks {
	t.Setenv("TOLLGATE_TEST_TOKEN", "token")
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !isCheck(r) {
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{"sid": "CA1", "status": "queued"}`)
		}
	}))
	t.Cleanup(carrier.Close)
	return &countedHooks{
		&caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"},
		harness.FreeAddress(t), strings.TrimPrefix(carrier.URL, "http://"),
	}
}

// load puts a policy in force.
func (s *countedHooks) load(t *testing.T, policy string) {
	t.Helper()
	loadCaddyfile(t, gateCaddyfile(s.gate, s.carrier, s.log, policy+acmePolicy, "")+fmt.Sprintf(`
http://%s {
	tollgate_twiml {
		auth_token {env.TOLLGATE_TEST_TOKEN}
	}
	header Content-Type text/xml
	respond "<Response><Dial>%s</Dial></Response>"
}
`, strings.Replace(s.hooks, "127.0.0.1", "", 1), inUS))
}

// dials asks for instructions as Twilio does, and reports the status and whether they dial.
func (s *countedHooks) dials(t *testing.T, more url.Values) (status int, dials bool) {
	t.Helper()
	address, parameters := "http://"+s.hooks+"/voice", theCall()
	for name := range more {
		parameters[name] = more[name]
	}
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(parameters.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", twilioSignature("token", address, parameters))
	response, body := (&twimlServer{}).ask(t, request)
	return response.StatusCode, strings.Contains(body, "<Dial>")
}

func TestAnswersAndRequestsHaveOneLimitTogether(t *testing.T) {
	s := startCountedHooks(t)
	s.load(t, "limit counted_together voice 2/1h per account\n")
	call := func() int {
		response, _ := s.raw(t, post("/2010-04-01/Accounts/"+acme+"/Calls.json", "To=%2B12015550123&From=%2B12025550199&Url=x"))
		return response.StatusCode
	}
	if got := call(); got != http.StatusCreated {
		t.Fatalf("the first call is answered %d", got)
	}
	if _, dials := s.dials(t, nil); !dials {
		t.Error("the second call is not dialled")
	}
	if status, dials := s.dials(t, nil); status != http.StatusOK || dials {
		t.Errorf("the third call: %d, dialled %t", status, dials)
	}
	if got := call(); got != http.StatusTooManyRequests {
		t.Errorf("the fourth call is answered %d", got)
	}
}

// What Twilio never gets does not count.
func TestAnAnswerThatDoesNotPassIsGivenBack(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	const limit = "limit counted_passed voice 2/1h per account\n"
	s := startCountedHooks(t)
	s.load(t, "audit_log required file /dev/full {\nroll_disabled\n}\n"+limit)
	for range 3 {
		if status, dials := s.dials(t, nil); status != http.StatusServiceUnavailable || dials {
			t.Fatalf("%d, dialled %t, though it cannot be logged", status, dials)
		}
	}
	s.load(t, limit)
	for i, want := range []bool{true, true, false} {
		if _, dials := s.dials(t, nil); dials != want {
			t.Errorf("answer %d: dialled %t", i, dials)
		}
	}
}

// A call has one line for what it dials, and leaves it when Twilio says that it is over.
func TestADialledCallLeavesItsLineOnceTwilioSaysSo(t *testing.T) {
	s := startCountedHooks(t)
	s.load(t, "limit counted_lines voice 1 of calls per account\n")
	of := func(id string, more ...string) url.Values {
		values := url.Values{"CallSid": {id}}
		for i := 0; i < len(more); i += 2 {
			values.Set(more[i], more[i+1])
		}
		return values
	}
	for _, step := range []struct {
		name  string
		of    url.Values
		dials bool
	}{
		{"a call", of("CA1"), true},
		{"another", of("CA2"), false},
		{"the first, whose other end did not answer", of("CA1", "DialCallStatus", "no-answer", "CallStatus", "in-progress"), true},
		{"its end", of("CA1", "CallStatus", "completed"), true}, // an answer that Twilio ignores
		{"another again", of("CA2"), true},
		{"a third", of("CA3"), false},
	} {
		if _, dials := s.dials(t, step.of); dials != step.dials {
			t.Errorf("%s: dialled %t", step.name, dials)
		}
	}
}
