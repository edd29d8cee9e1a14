package caddymodule_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A call takes a line until Twilio reports to the web server that it has ended, and a reload
// forgets neither.
func TestALineIsFreeOnceTwilioReportsTheEndOfItsCall(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_TOKEN", "token")
	var calls atomic.Int32
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isCheck(r) {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"sid": "CA%d", "status": "queued"}`, calls.Add(1))
	}))
	t.Cleanup(carrier.Close)
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	hooks := harness.FreeAddress(t)
	caddyfile := gateCaddyfile(s.gate, strings.TrimPrefix(carrier.URL, "http://"), s.log, "limit lines voice 1 of calls per account\n"+acmePolicy, "") + fmt.Sprintf(`
http://%s {
	tollgate_twiml {
		auth_token {env.TOLLGATE_TEST_TOKEN}
	}
	respond 204
}
`, strings.Replace(hooks, "127.0.0.1", "", 1))
	loadCaddyfile(t, caddyfile)
	call := func() int {
		response, _ := s.raw(t, post("/2010-04-01/Accounts/"+acme+"/Calls.json", "To=%2B12015550123&From=%2B12025550199&Url=x"))
		return response.StatusCode
	}
	report := func(status, token string) int {
		address, parameters := "http://"+hooks+"/status", url.Values{"AccountSid": {acme}, "CallSid": {"CA1"}, "CallStatus": {status}}
		request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(parameters.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-Twilio-Signature", twilioSignature(token, address, parameters))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if first, second := call(), call(); first != http.StatusCreated || second != http.StatusTooManyRequests {
		t.Fatalf("%d, %d", first, second)
	}
	loadCaddyfile(t, caddyfile+"# again\n")
	if got := call(); got != http.StatusTooManyRequests {
		t.Errorf("%d after a reload", got)
	}
	for _, c := range []struct {
		name, status, token string
		reported, called    int
	}{
		{"a call that was answered", "in-progress", "token", http.StatusNoContent, http.StatusTooManyRequests},
		{"an end that Twilio has not signed", "completed", "other", http.StatusForbidden, http.StatusTooManyRequests},
		{"an end", "completed", "token", http.StatusNoContent, http.StatusCreated},
		{"the end of a call that has ended", "completed", "token", http.StatusNoContent, http.StatusTooManyRequests},
	} {
		if got := report(c.status, c.token); got != c.reported {
			t.Errorf("%s is answered %d", c.name, got)
		}
		if got := call(); got != c.called {
			t.Errorf("after %s, a call is answered %d", c.name, got)
		}
	}
}
