package caddymodule_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// countedHooks is a Caddy with a gate and with tollgate_twiml in front of a web server that dials,
// by one policy.
type countedHooks struct {
	*caddyServer
	hooks   string
	carrier string
	admin   string // where the admin endpoint is, if there is one
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
		caddyServer: &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"},
		hooks:       harness.FreeAddress(t),
		carrier:     strings.TrimPrefix(carrier.URL, "http://"),
	}
}

// load puts a policy in force.
func (s *countedHooks) load(t *testing.T, policy string) {
	t.Helper()
	s.loadBefore(t, policy, fmt.Sprintf("respond \"<Response><Dial>%s</Dial></Response>\"", inUS))
}

// loadBefore puts a policy in force in front of a web server that answers by a handler.
func (s *countedHooks) loadBefore(t *testing.T, policy, handler string) {
	t.Helper()
	caddyfile := gateCaddyfile(s.gate, s.carrier, s.log, policy+acmePolicy, "")
	if s.admin != "" {
		caddyfile = strings.Replace(caddyfile, "admin off", "admin "+s.admin, 1)
	}
	loadCaddyfile(t, caddyfile+fmt.Sprintf(`
http://%s {
	log {
		output file %s
	}
	tollgate_twiml {
		auth_token {env.TOLLGATE_TEST_TOKEN}
	}
	header Content-Type text/xml
	%s
}
`, strings.Replace(s.hooks, "127.0.0.1", "", 1), s.log+".hooks", handler))
}

// dials asks for instructions as Twilio does, and reports the status and whether they dial.
func (s *countedHooks) dials(t *testing.T, more url.Values) (status int, dials bool) {
	t.Helper()
	return s.dialsAt(t, "/voice", more)
}

// dialsAt is dials at another path.
func (s *countedHooks) dialsAt(t *testing.T, path string, more url.Values) (status int, dials bool) {
	t.Helper()
	response, body := (&twimlServer{}).ask(t, s.asks(t, path, more))
	return response.StatusCode, strings.Contains(body, "<Dial>")
}

// asks is a request for instructions by Twilio, about the call of the tests or another.
func (s *countedHooks) asks(t *testing.T, path string, more url.Values) *http.Request {
	t.Helper()
	address, parameters := "http://"+s.hooks+path, theCall()
	for name := range more {
		parameters[name] = more[name]
	}
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(parameters.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", twilioSignature("token", address, parameters))
	return request
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

// lingers is a web server that answers once its client has gone away.
type lingers struct{}

// lingering has a request when it came to it.
var lingering = make(chan struct{}, 1)

func init() {
	caddy.RegisterModule(lingers{})
	httpcaddyfile.RegisterHandlerDirective("lingers", func(httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) { return lingers{}, nil })
	httpcaddyfile.RegisterDirectiveOrder("lingers", httpcaddyfile.Before, "respond")
}

func (lingers) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.test_lingers", New: func() caddy.Module { return new(lingers) }}
}

func (lingers) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	lingering <- struct{}{}
	<-r.Context().Done()
	return next.ServeHTTP(w, r)
}

// No one dials by an answer that comes once Twilio has gone away: it does not count.
func TestAnAnswerThatTwilioDidNotWaitForIsGivenBack(t *testing.T) {
	const limit = "limit counted_gone voice 1/1h per account\n"
	answer := fmt.Sprintf("respond \"<Response><Dial>%s</Dial></Response>\"", inUS)
	s := startCountedHooks(t)
	s.loadBefore(t, limit, "lingers\n"+answer)
	ctx, goAway := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		response, err := http.DefaultTransport.RoundTrip(s.asks(t, "/voice", nil).WithContext(ctx))
		if err == nil {
			response.Body.Close()
		}
		gone <- err
	}()
	<-lingering
	goAway()
	if err := <-gone; err == nil {
		t.Fatal("Twilio has an answer")
	}
	if line := (&caddyServer{log: s.log + ".hooks"}).accessLog(t, 1)[0]; !strings.Contains(line, `"verdict":"allow"`) {
		t.Fatalf("the answer was not judged: %s", line)
	}
	s.loadBefore(t, limit, answer)
	for i, want := range []bool{true, false} {
		if _, dials := s.dials(t, nil); dials != want {
			t.Errorf("answer %d: dialled %t", i, dials)
		}
	}
}

// What answers send reaches thresholds as requests do.
func TestAnAnswerReachesThresholds(t *testing.T) {
	server, got := startHooks(t)
	s := startCountedHooks(t)
	s.load(t, "webhook "+server+" {\n secret {env.HOOK_SECRET}\n events threshold.reached\n}\n"+
		"limit counted_reached voice 2/day per account block:3 notify at 50% 100%\n")
	for range 3 {
		if _, dials := s.dials(t, nil); !dials {
			t.Fatal("a limit that notifies refuses a call")
		}
	}
	harness.Await(t, "both steps are told", func() bool { return len(got.types()) >= 2 })
	for i, want := range []string{"50%", "100%"} {
		data := got.notices[i].Data
		if data.Step != want || data.Account != acme || data.Rule != "operator limit counted_reached" || len(data.Values) != 2 || data.Values[1].Value != "+1201" {
			t.Errorf("told is %+v", data)
		}
	}
}

// Of the numbers in answers, a hold shows what their mask does.
func TestAHoldShowsOfNumbersInAnswersWhatTheirMaskDoes(t *testing.T) {
	s := startCountedHooks(t)
	s.admin = harness.FreeAddress(t)
	s.loadBefore(t, "limit counted_held voice 2/1h of numbers per account block:3 deny for 15m\n", `respond "<Response><Dial>{query.to}</Dial></Response>"`)
	for i := range 9 {
		s.dialsAt(t, fmt.Sprintf("/voice?to=%%2B1201555%04d", 1000+i), nil)
	}
	page := (&storeServer{admin: s.admin}).holds(t)
	if want := "7 numbers, 1002 to 1008 in a row"; len(page.Items) != 1 || page.Items[0].Seen.Text != want {
		t.Errorf("it holds %+v, want %q", page, want)
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
