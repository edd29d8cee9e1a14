package caddymodule_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// answering is a carrier that answers sends with a status, or closes their connections for 0.
func answering(t *testing.T, status *atomic.Int32) (address string) {
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isCheck(r) {
			return
		}
		if status.Load() == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(int(status.Load()))
		fmt.Fprint(w, `{"message": "x", "sid": "CA1"}`)
	}))
	t.Cleanup(carrier.Close)
	return carrier.Listener.Addr().String()
}

// What the carrier answers says whether a call has its line, and for how long at most.
func TestWhatAnAnswerOfTheCarrierMeansForALine(t *testing.T) {
	const ring, call = 10 * 60, (4*60 + 10) * 60 // seconds
	var status atomic.Int32
	carrier := answering(t, &status)
	everyWay(t, func(t *testing.T) {
		for _, c := range []struct {
			name     string
			status   int32
			occupied int // for how many seconds, 0 for not
		}{
			{"created", 201, call},
			{"not permitted", 400, 0},
			{"too many requests", 429, 0},
			{"an error", 500, ring},
			{"unavailable", 503, ring},
			{"a gateway without an answer", 502, call},
			{"a gateway that waited for one", 504, call},
			{"nothing", 0, call},
		} {
			s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
			limit := "limit " + newLimitName() + " voice 1 of calls per account\n"
			loadCaddyfile(t, gateCaddyfile(s.gate, carrier, s.log, limit+acmePolicy, ""))
			request := post(calls(acme), "To=%2B12015550123&From=%2B12025550199&Url=x")
			status.Store(c.status)
			s.raw(t, request)
			s.accessLog(t, 1)
			status.Store(201)
			response, _ := s.raw(t, request)
			wait, _ := strconv.Atoi(response.Header.Get("Retry-After"))
			if isOccupied := response.StatusCode == http.StatusTooManyRequests; isOccupied != (c.occupied > 0) || wait > c.occupied || wait < c.occupied-60 {
				t.Errorf("after %s, a call is answered %d, and may be tried again in %ds", c.name, response.StatusCode, wait)
			}
		}
	})
}

var limitNames atomic.Int32

// newLimitName names a limit that has counted nothing yet: counters outlive a configuration.
func newLimitName() string { return fmt.Sprintf("answered_%d", limitNames.Add(1)) }

// A confirmed message makes room for those that its number took, and its sender gets every answer
// as the carrier gave it.
func TestAConfirmedMessageFreesWhatItsNumberTook(t *testing.T) {
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case isCheck(r):
		case strings.HasSuffix(r.URL.Path, "/Feedback.json"):
			w.WriteHeader(http.StatusCreated)
			fmt.Fprintf(w, `{"message_sid": %q, "outcome": %q}`, strings.Split(r.URL.Path, "/")[5], r.PostFormValue("Outcome"))
		default:
			w.WriteHeader(http.StatusCreated)
			fmt.Fprintf(w, `{"sid": "SM%s", "to": %q}`, r.PostFormValue("Body"), r.PostFormValue("To"))
		}
	}))
	t.Cleanup(carrier.Close)
	everyWay(t, func(t *testing.T) {
		s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
		limit := "limit " + newLimitName() + " messaging 2/1h of unverified per account block:3\n"
		caddyfile := gateCaddyfile(s.gate, carrier.Listener.Addr().String(), s.log, limit+acmePolicy, "")
		loadCaddyfile(t, caddyfile)
		send := func(sid, more string) (int, string) {
			response, body := s.raw(t, post(messages(acme), "To=%2B12015550123&From=%2B12025550199&Body="+sid+more))
			return response.StatusCode, body
		}
		confirm := func(sid, outcome string) string {
			_, body := s.raw(t, post("/2010-04-01/Accounts/"+acme+"/Messages/"+sid+"/Feedback.json", "Outcome="+outcome))
			return body
		}
		if _, body := send("1", "&ProvideFeedback=true"); body != `{"sid": "SM1", "to": "+12015550123"}` {
			t.Errorf("the sender got %s", body)
		}
		send("2", "")
		loadCaddyfile(t, caddyfile+"# again\n")
		for _, step := range []struct {
			sid, outcome string
			want         int
		}{
			{"SM1", "unconfirmed", http.StatusTooManyRequests},
			{"SM2", "confirmed", http.StatusTooManyRequests}, // which was not said to be
			{"SM1", "confirmed", http.StatusCreated},
		} {
			if body, want := confirm(step.sid, step.outcome), fmt.Sprintf(`{"message_sid": %q, "outcome": %q}`, step.sid, step.outcome); body != want {
				t.Errorf("the sender got %s", body)
			}
			s.accessLog(t, 1)
			if got, _ := send("3", ""); got != step.want {
				t.Errorf("after %s is %s, a message is answered %d", step.sid, step.outcome, got)
			}
		}
	})
}
