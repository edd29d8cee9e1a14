package caddymodule_test

import (
	"net/http"
	"strings"
	"testing"
)

// What arrives at the carrier is what was judged, with the one parameter that ends the call.
func TestACallArrivesWithItsEnd(t *testing.T) { everyWay(t, testACallArrivesWithItsEnd) }

func testACallArrivesWithItsEnd(t *testing.T) {
	t.Helper()
	const calls = "/2010-04-01/Accounts/" + acme + "/Calls.json"
	s := startGate(t, strings.Replace("max_call 1h\n"+acmePolicy, "voice US CA", "voice US CA\nmax_call 15m", 1), "")
	for _, c := range []struct{ name, body, want string }{
		{"without a limit", "To=%2B12015550123&From=%2B12025550199&Url=x", "To=%2B12015550123&From=%2B12025550199&Url=x&TimeLimit=900"},
		{"with a shorter one", "To=%2B12015550123&TimeLimit=60", "To=%2B12015550123&TimeLimit=60"},
		{"with a longer one", "TimeLimit=7200&To=%2B12015550123", "TimeLimit=900&To=%2B12015550123"},
	} {
		response, answer := s.raw(t, post(calls, c.body))
		arrived := s.upstream.take()
		if response.StatusCode != http.StatusCreated || len(arrived) != 1 {
			t.Fatalf("%s: %s %s, %d arrived", c.name, response.Status, answer, len(arrived))
		}
		head, body, _ := strings.Cut(arrived[0], "\r\n\r\n")
		if body != c.want || !strings.Contains(head, "POST "+calls+" HTTP/1.1\r\n") {
			t.Errorf("%s: %q arrived", c.name, arrived[0])
		}
	}
	if response, answer := s.raw(t, post(calls, "To=%2B12015550123&TimeLimit=60&TimeLimit=7200")); response.StatusCode != http.StatusBadRequest ||
		!strings.Contains(answer, "TimeLimit") || len(s.upstream.take()) != 0 {
		t.Errorf("with two: %s %s", response.Status, answer)
	}
	// A call in progress is told to last, and no one is called.
	if response, answer := s.raw(t, post(strings.Replace(calls, ".json", "/CA1.json", 1), "TimeLimit=7200")); response.StatusCode != http.StatusCreated ||
		!strings.HasSuffix(s.upstream.take()[0], "\r\n\r\nTimeLimit=900") {
		t.Errorf("of a call in progress: %s %s", response.Status, answer)
	}
	lines := s.accessLog(t, 5)
	for i, logged := range []bool{true, false, true, false, true} {
		if strings.Contains(lines[i], `"time_limit":900`) != logged {
			t.Errorf("request %d is logged %s", i, lines[i])
		}
	}
}

// A call that comes in ends with what it dials.
func TestACallThatTwiMLMakesHasItsEnd(t *testing.T) {
	s := startTwiML(t, "max_call 15m\n"+acmePolicy, "", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte("<Response><Dial>" + inUS + "</Dial></Response>"))
	})
	request, err := http.NewRequest(http.MethodPost, "http://"+s.gate+"/voice", strings.NewReader(theCall().Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, answer := s.ask(t, request); answer != `<Response><Dial timeLimit="900">`+inUS+"</Dial></Response>" {
		t.Errorf("%s", answer)
	}
	if line := s.accessLog(t, 1)[0]; !strings.Contains(line, `"time_limit":900`) {
		t.Errorf("logged %s", line)
	}
}
