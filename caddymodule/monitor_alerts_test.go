package caddymodule_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

// monitored is a gate that records each refusal at once, with a carrier that has no records.
func monitored(t *testing.T, option, policy string) *storeServer {
	t.Helper()
	return monitoredBy(t, monitorStores["sqlite"](t), option, policy)
}

// monitorStores are the stores that the records are read from.
var monitorStores = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { return "store sqlite " + filepath.Join(t.TempDir(), "permissions.db") },
	"postgres": func(t *testing.T) string { return "store postgres " + postgres.Shared(t).Database(t) },
}

// monitoredBy is one with a store that a Caddyfile states.
func monitoredBy(t *testing.T, store, option, policy string) *storeServer {
	t.Helper()
	s := newStoreServer(t, store, "\t\taudit strict\n"+policy)
	s.caddyfile = strings.Replace(s.caddyfile, "tollgate twilio {", "tollgate twilio {\n\t\t\t"+option, 1)
	loadCaddyfile(t, s.caddyfile)
	s.upstream.status.Store(http.StatusNotFound)
	return s
}

// refuse has messages and calls of an account refused.
func (s *storeServer) refuse(t *testing.T, account string, messages, calledUZ int) {
	t.Helper()
	for range messages {
		if status := s.sends(t, account, inUZ); status != http.StatusBadRequest {
			t.Fatalf("a message is answered %d", status)
		}
	}
	for range calledUZ {
		if response, _ := s.raw(t, post(calls(account), messageTo(inUZ))); response.StatusCode != http.StatusBadRequest {
			t.Fatalf("a call is answered %d", response.StatusCode)
		}
	}
}

// listed are the records of all pages of the gate's, from a path on, and the link to what follows.
func (s *storeServer) listed(t *testing.T, user, key, path string) (all []map[string]any, next string) {
	t.Helper()
	for {
		status, body := s.resource(t, user, "GET", "monitor", path, nil)
		if status != http.StatusOK {
			t.Fatalf("%s is answered %d %v", path, status, body)
		}
		for _, item := range body[key].([]any) {
			all = append(all, item.(map[string]any))
		}
		link, _ := body["meta"].(map[string]any)["next_page_url"].(string)
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if u.Query().Get("PageToken") == "tollgate-carrier" || link == "" {
			return all, strings.TrimPrefix(link, "http://monitor.twilio.com")
		}
		path = u.RequestURI()
	}
}

// asked are the targets that the carrier was asked for.
func (r *recorder) asked() (targets []string) {
	for _, request := range r.take() {
		targets = append(targets, strings.Fields(request)[1])
	}
	return targets
}

func TestRefusalsAreAlertsBeforeThoseOfTheCarrier(t *testing.T) {
	for name, store := range monitorStores {
		t.Run(name, func(t *testing.T) { testAlertsBeforeThoseOfTheCarrier(t, monitoredBy(t, store(t), "", acmePolicy)) })
	}
}

func testAlertsBeforeThoseOfTheCarrier(t *testing.T, s *storeServer) {
	s.refuse(t, acme, 3, 2)
	const path = "/v1/Alerts?PageSize=2&LogLevel=error"
	all, next := s.listed(t, acme, "alerts", path)
	var codes []string
	var message map[string]any
	for _, a := range all {
		if codes = append(codes, a["error_code"].(string)); a["error_code"] == "21408" {
			message = a
		}
	}
	slices.Sort(codes) // those of one millisecond are in no order
	if want := []string{"21215", "21215", "21408", "21408", "21408"}; !slices.Equal(codes, want) {
		t.Errorf("the codes are %q and not %q", codes, want)
	}
	if got := s.upstream.take(); len(got) != 0 {
		t.Errorf("the carrier was asked %q", got)
	}
	// What the last page leads to is what a client asks the carrier that knows of no gate.
	s.resource(t, acme, "GET", "monitor", next, nil)
	if got := s.upstream.asked(); !slices.Equal(got, []string{path}) {
		t.Errorf("the carrier is asked %q", got)
	}
	text, err := url.ParseQuery(message["alert_text"].(string))
	if err != nil || text.Get("ErrorCode") != "21408" || text.Get("LogLevel") != "ERROR" || !strings.Contains(text.Get("Msg"), "'To' number: ***") {
		t.Errorf("the text is %v", message["alert_text"])
	}
	sid := message["sid"].(string)
	for member, want := range map[string]any{
		"account_sid": acme, "log_level": "error", "more_info": "https://www.twilio.com/docs/errors/21408",
		"url": "http://monitor.twilio.com/v1/Alerts/" + sid, "request_url": nil,
	} {
		if message[member] != want {
			t.Errorf("%s is %v and not %v", member, message[member], want)
		}
	}
	status, whole := s.resource(t, acme, "GET", "monitor", "/v1/Alerts/"+sid, nil)
	if status != http.StatusOK || whole["alert_text"] != message["alert_text"] || !strings.HasPrefix(whole["response_headers"].(string), "Twilio-Request-Id=RQ") {
		t.Errorf("it is answered %d %v", status, whole)
	}
}

func TestAlertsAreSelected(t *testing.T) {
	const observed, other = "AC00000000000000000000000000000007", "AC00000000000000000000000000000008"
	s := monitored(t, "", acmePolicy+`
		account `+child+` {
			parent `+acme+`
		}
		account `+observed+` {
			parent `+acme+`
			monitor
		}
		account `+other+` {
			messaging US
		}
`)
	s.refuse(t, acme, 2, 1)
	s.refuse(t, child, 1, 0)
	if status := s.sends(t, observed, inUZ); status != http.StatusNotFound {
		t.Fatalf("what is only monitored is answered %d", status)
	}
	s.upstream.take()
	day := time.Now().UTC().Format(time.DateOnly)
	for _, c := range []struct {
		name, user, query string
		want              int // alerts
		alone             bool
	}{
		{"all", acme, "", 3, false},
		{"of errors", acme, "?LogLevel=error", 3, false},
		{"of what was let through", observed, "?LogLevel=warning", 1, false},
		{"of one code", acme, "?ErrorCode=21408", 2, true},
		{"of another", acme, "?ErrorCode=21215", 1, true},
		{"of a code that there is not", acme, "?ErrorCode=60605", 0, true},
		{"of a code and a level that there are not together", acme, "?ErrorCode=21408&LogLevel=warning", 0, true},
		{"of today", acme, "?StartDate=" + day + "&EndDate=" + day, 3, false},
		{"of this moment", acme, "?EndDate=" + time.Now().UTC().Format(time.RFC3339), 3, false},
		{"its own by name", acme, "?AccountSid=" + acme, 3, true},
		{"of a subaccount", acme, "?AccountSid=" + child, 1, true},
		{"of one code on pages of one", acme, "?ErrorCode=21408&PageSize=1", 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, next := s.listed(t, c.user, "alerts", "/v1/Alerts"+c.query)
			if len(all) != c.want || (next == "") != c.alone {
				t.Errorf("there are %d, and %q follows", len(all), next)
			}
		})
	}
	for query, want := range map[string]int{
		"?ErrorCode=many": http.StatusBadRequest, "?StartDate=yesterday": http.StatusBadRequest, "?EndDate=2026-13-01": http.StatusBadRequest,
		"?PageSize=0": http.StatusBadRequest, "?Page=1": http.StatusBadRequest, "?PageToken=tollgate-x": http.StatusBadRequest,
		"?AccountSid=" + unnamed: http.StatusNotFound, "?AccountSid=" + other: http.StatusNotFound,
	} {
		if status, body := s.resource(t, acme, "GET", "monitor", "/v1/Alerts"+query, nil); status != want {
			t.Errorf("%s is answered %d %v", query, status, body)
		}
	}
	all, _ := s.listed(t, acme, "alerts", "/v1/Alerts?AccountSid="+child)
	url := strings.TrimPrefix(all[0]["url"].(string), "http://monitor.twilio.com")
	if status, body := s.resource(t, acme, "GET", "monitor", url, nil); status != http.StatusOK || body["account_sid"] != child {
		t.Errorf("a subaccount's is answered %d %v", status, body)
	}
	path, _, _ := strings.Cut(url, "?")
	for _, user := range []string{acme, other} {
		if status, body := s.resource(t, user, "GET", "monitor", path, nil); status != http.StatusNotFound || body["code"] != 20404.0 {
			t.Errorf("to %s another account's is answered %d %v", user, status, body)
		}
	}
	if got := s.upstream.asked(); len(got) != 0 {
		t.Errorf("the carrier was asked %q", got)
	}
}

func TestWhatTheGateHasNoRecordsOfIsTheCarriers(t *testing.T) {
	const none = "AC00000000000000000000000000000007"
	for _, c := range []struct{ name, option, user, target string }{
		{"an account without refusals", "", none, "/v1/Alerts"},
		{"an account that the policy does not name", "", unnamed, "/v1/Alerts"},
		{"a level of which there are none", "", acme, "/v1/Alerts?LogLevel=debug"},
		{"a time without refusals", "", acme, "/v1/Alerts?EndDate=2020-01-01"},
		{"a page of the carrier's", "", acme, "/v1/Alerts?PageSize=50&Page=1&PageToken=PANO1"},
		{"an alert of the carrier's", "", acme, "/v1/Alerts/NO00000000000000000000000000000001"},
		{"no credential", "", "", "/v1/Alerts"},
		{"off", "permissions_api off", acme, "/v1/Alerts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := monitored(t, c.option, acmePolicy+"\n\t\taccount "+none+" {\n\t\t\tmessaging US\n\t\t}\n")
			s.refuse(t, acme, 1, 0)
			s.resource(t, c.user, "GET", "monitor", c.target, nil)
			if got := s.upstream.asked(); !slices.Equal(got, []string{c.target}) {
				t.Errorf("the carrier is asked %q", got)
			}
		})
	}
}

func TestALinkToTheCarriersPageIsJudgedAsWhatItBecomes(t *testing.T) {
	s := monitored(t, "", acmePolicy)
	s.refuse(t, acme, 1, 0)
	for target, want := range map[string]string{
		"/v1/Alerts?PageToken=tollgate-carrier":                     "/v1/Alerts",
		"/v1/Alerts?PageToken=tollgate-carrier&StartDate=a%20b":     "/v1/Alerts?StartDate=a%20b",
		"/v1/Alerts?LogLevel=error&PageToken=tollgate-carrier&b=%2": "/v1/Alerts?LogLevel=error&b=%2",
		"/v1/Other?PageToken=tollgate-carrier":                      "/v1/Other?PageToken=tollgate-carrier",
	} {
		request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: monitor.twilio.com\r\nConnection: close\r\n\r\n", target)
		response, body := s.raw(t, request)
		if got := s.upstream.asked(); !slices.Equal(got, []string{want}) {
			t.Errorf("%s becomes %q: %d %s", target, got, response.StatusCode, body)
		}
	}
}
