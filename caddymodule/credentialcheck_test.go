package caddymodule_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/sandbox"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// rightToken is what the carrier of these tests takes for the account acme.
const rightToken = "right"

// judge is a carrier that looks at credentials, and counts what it was asked: by
// checks of a credential, by checks without one, and otherwise.
type judge struct {
	address              string
	checks, bare, others atomic.Int32
}

// startJudge starts a carrier that is the sandbox unless meet answers.
func startJudge(t *testing.T, meet func(w http.ResponseWriter, r *http.Request) bool) *judge {
	t.Helper()
	j := new(judge)
	known := sandbox.New(sandbox.Options{Tokens: map[string]string{acme: rightToken, child: rightToken, unknownKey: rightToken}})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isCheck(r):
			j.others.Add(1)
		case r.Header.Get("Authorization") == "":
			j.bare.Add(1)
		default:
			j.checks.Add(1)
		}
		if meet == nil || !meet(w, r) {
			known.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	j.address = strings.TrimPrefix(server.URL, "http://")
	return j
}

// startDisclosing runs a gate in front of such a carrier.
func startDisclosing(t *testing.T, j *judge, policy, handler string) *caddyServer {
	t.Helper()
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	loadCaddyfile(t, gateCaddyfile(s.gate, j.address, s.log, policy, handler))
	return s
}

// as is a message with the password given; none at all if it is empty.
func as(account, password, to string, headers ...string) string {
	if password == "" {
		headers = append(headers, "-Authorization")
	} else {
		headers = append(headers, "Authorization: "+basic(account+":"+password))
	}
	return request("POST", messages(account), messageTo(to), headers...)
}

func TestADenialIsShownToCredentialsThatTheCarrierAccepts(t *testing.T) {
	const orphan = "AC77777777777777777777777777777777"
	withDefault := acmePolicy + "\n\t\tdefault {\n\t\t\tmessaging US\n\t\t}"
	suspended := "\t\taccount " + acme + " {\n\t\t\tsuspended\n\t\t}"
	for _, c := range []struct {
		name            string
		policy, handler string
		request         string
		status          int
		code            string // in the answer
		logged          string // verdict, reason, credential, answered
		checks          int32
	}{
		{"a known credential", acmePolicy, "", as(acme, rightToken, inUZ), 400, "21408", "deny territory_not_enabled <nil> <nil>", 1},
		{"an unknown one", acmePolicy, "", as(acme, "wrong", inUZ), 401, "20003", "deny territory_not_enabled rejected 20003", 1},
		{"an unknown one, though the rule is shown", acmePolicy, "explain_header", as(acme, "wrong", inUZ), 401, "20003", "deny territory_not_enabled rejected 20003", 1},
		{"an unknown token", acmePolicy, "", request("POST", messages(acme), messageTo(inUZ), "Authorization: Bearer x.y.z"), 401, "20003", "deny territory_not_enabled rejected 20003", 1},
		{"none", acmePolicy, "", as(acme, "", inUZ), 401, "20003", "deny territory_not_enabled missing 20003", 0},
		{"of an account without a policy", acmePolicy, "", as(orphan, "x", inUZ), 401, "20003", "deny account_unknown unknown_account 20003", 0},
		{"of an account under the default", withDefault, "", as(orphan, "x", inUZ), 401, "20003", "deny territory_not_enabled rejected 20003", 1},
		{"of what is not an account under the default", withDefault, "", as("x", "x", inUZ), 401, "20003", "deny territory_not_enabled unknown_account 20003", 0},
		{"of an account without a policy, for a control", acmePolicy, "", request("POST", "/2010-04-01/Accounts/"+orphan+"/Keys.json", "", "Authorization: "+basic(orphan+":x")), 401, "20003", "deny control_denied unknown_account 20003", 0},
		{"an unknown one, for a control", acmePolicy, "", request("POST", "/2010-04-01/Accounts/"+acme+"/Keys.json", "", "Authorization: "+basic(acme+":x")), 401, "20003", "deny control_denied rejected 20003", 1},
		{"an unknown one, beyond the limits", acmePolicy, "credential_check {\nper_client 1/1h\n}", as(acme, "wrong", inUZ), 401, "20003", "deny territory_not_enabled rejected 20003", 1},
		{"a signature that covers the request", acmePolicy, "", as(acme, "wrong", inUZ, "Twilio-Client-Validation: x"), 401, "20003", "deny territory_not_enabled not_checkable 20003", 0},
		{"an unlisted write, on a product without a check", acmePolicy, "unknown allow", request("POST", "/v9/Whatever", messageTo(inUZ), "Host: pricing.twilio.com", "Authorization: "+basic(acme+":"+rightToken)), 401, "20003", "deny territory_not_enabled not_checkable 20003", 0},
		{"one of great length", acmePolicy, "", as(acme, strings.Repeat("x", 4<<10), inUZ), 401, "20003", "deny territory_not_enabled rejected 20003", 1},
		{"one that is longer than may be judged", acmePolicy, "", as(acme, strings.Repeat("x", 8<<10), inUZ), 431, "20001", "deny head_too_large <nil> <nil>", 0},
		{"a known one in the account of the site", acmePolicy, "account " + acme, verification(uz, basic(unknownKey+":"+rightToken)), 403, "60605", "deny territory_not_enabled <nil> <nil>", 1},
		{"a suspension, which is answered as a rejection", suspended, "", as(acme, "wrong", inUZ), 401, "20003", "deny account_suspended <nil> <nil>", 0},
		{"a malformed request, which shows nothing", acmePolicy, "", request("POST", messages(acme), messageTo(inUZ), "Content-Encoding: gzip", "Authorization: "+basic(acme+":wrong")), 400, "20001", "deny body_encoded <nil> <nil>", 0},
		{"off", acmePolicy, "credential_check off", as(acme, "wrong", inUZ), 400, "21408", "deny territory_not_enabled <nil> <nil>", 0},
		{"off, without a credential", acmePolicy, "credential_check off", as(acme, "", inUZ), 400, "21408", "deny territory_not_enabled <nil> <nil>", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			carrier := startJudge(t, nil)
			s := startDisclosing(t, carrier, c.policy, c.handler)
			response, body := s.raw(t, c.request)
			if response.StatusCode != c.status || !strings.Contains(body, c.code) {
				t.Errorf("%s %s", response.Status, body)
			}
			if rule := response.Header.Get("Tollgate-Rule"); rule != "" {
				t.Errorf("got the rule %s", rule)
			}
			if carrier.checks.Load() != c.checks || carrier.others.Load() != 0 {
				t.Errorf("%d checks, %d requests forwarded", carrier.checks.Load(), carrier.others.Load())
			}
			line := parseLog(t, s.accessLog(t, 1)[0]).Tollgate
			if got := fmt.Sprint(line["verdict"], " ", line["reason"], " ", line["credential"], " ", line["answered"]); got != c.logged {
				t.Errorf("logged %s, want %s", got, c.logged)
			}
		})
	}
}

const unknownKey = "SK77777777777777777777777777777777"

// verification is one by a client whose account is in no path.
func verification(to, authorization string) string {
	return request("POST", verifications, "To="+to+"&Channel=sms", "Host: verify.twilio.com", "Authorization: "+authorization)
}

func TestBeyondTheLimitsAnUnknownCredentialIsRejectedWithoutACheck(t *testing.T) {
	carrier := startJudge(t, nil)
	s := startDisclosing(t, carrier, acmePolicy, "credential_check {\nper_client 2/1h\n}")
	for i, want := range []string{"rejected", "rejected", "rate_limited", "rate_limited"} {
		line := s.logged(t, as(acme, fmt.Sprint("wrong", i), inUZ))
		if line.Status != 401 || line.Tollgate["credential"] != want {
			t.Errorf("%d: %d, %v", i, line.Status, line.Tollgate)
		}
	}
	if carrier.checks.Load() != 2 {
		t.Errorf("%d checks", carrier.checks.Load())
	}
}

// names are the names of the headers of an answer, and all values of those that
// are the same in each.
func names(header http.Header) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(header)) {
		switch name {
		case "Date", "Twilio-Request-Id", "Twilio-Request-Duration":
			all = append(all, name)
		default:
			all = append(all, name+": "+strings.Join(header[name], ", "))
		}
	}
	return all
}

// So it is with what the gate answers by itself: it has seen what rejections look
// like here, with all that proxies put into them.
func TestARejectionOfTheGatesOwnLooksLikeTheCarriers(t *testing.T) {
	suspended := "AC55555555555555555555555555555555"
	policy := acmePolicy + "\n\t\taccount " + suspended + " {\n\t\t\tsuspended\n\t\t}"
	for _, way := range []struct{ name, teaches string }{
		{"forwarded", as(acme, "", inUS)},
		{"checked", as(acme, "wrong", inUZ)},
	} {
		carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("X-Amz-Cf-Pop", "FRA56-P1")
			return false
		})
		s := startDisclosing(t, carrier, policy, "")
		theirs, theirBody := s.raw(t, way.teaches)
		for name, request := range map[string]string{
			"without a credential": as(acme, "", inUZ),
			"without a policy":     as(unnamed, "x", inUZ),
			"suspended":            as(suspended, "x", inUS),
		} {
			ours, body := s.raw(t, request)
			if ours.Status != theirs.Status || body != theirBody || !slices.Equal(names(ours.Header), names(theirs.Header)) {
				t.Errorf("%s, %s:\n%s %s\n%s\nthe carrier's:\n%s %s\n%s", way.name, name,
					ours.Status, names(ours.Header), body, theirs.Status, names(theirs.Header), theirBody)
			}
			if id := ours.Header.Get("Twilio-Request-Id"); id == "" || id == theirs.Header.Get("Twilio-Request-Id") {
				t.Errorf("%s, %s: names itself %q", way.name, name, id)
			}
		}
	}
}

func TestAnAnswerToWhatNoTableKnowsShowsNothing(t *testing.T) {
	carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
		unknown := strings.Contains(r.URL.Path, "Whatever")
		if unknown {
			w.WriteHeader(http.StatusNotFound)
		}
		return unknown
	})
	s := startDisclosing(t, carrier, acmePolicy, "unknown allow")
	wrong := "Authorization: " + basic(acme+":wrong")
	if response, _ := s.raw(t, request("POST", "/2010-04-01/Accounts/"+acme+"/Whatever.json", messageTo(inUS), wrong)); response.StatusCode != 404 {
		t.Fatal(response.Status)
	}
	if response, _ := s.raw(t, as(acme, "wrong", inUZ)); response.StatusCode != 401 {
		t.Error(response.Status)
	}
}

func TestACheckIsTheGatesOwnRequest(t *testing.T) {
	gate, log := harness.FreeAddress(t), t.TempDir()+"/access.log"
	checks := make(chan *http.Request, 1)
	carrier := startJudge(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if isCheck(r) {
			checks <- r.Clone(t.Context())
		}
		return false
	})
	loadCaddyfile(t, gateCaddyfile(gate, carrier.address, log, acmePolicy, ""))
	s := &caddyServer{gate: gate, log: log}
	s.raw(t, as(acme, rightToken, inUZ, "User-Agent: twilio-go/1.31.0", "X-Own: 1", "Cookie: a=b", "Accept-Encoding: br"))
	r := <-checks
	body, _ := io.ReadAll(r.Body)
	got := fmt.Sprintf("%s %s\n%s\n%q\n%q", r.Method, r.RequestURI, r.Host, r.Header, body)
	want := fmt.Sprintf("%s %s\n%s\n%q\n%q", "GET", messages(acme)+"?PageSize=1", "api.twilio.com", http.Header{
		"Authorization": {basic(acme + ":" + rightToken)}, "User-Agent": {"twilio-go/1.31.0"}, "Accept-Encoding": {"identity"},
	}, "")
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// The upstream of the placeholder is the lock's: a check that a handler changes on
// its way goes nowhere, like any other request.
func TestAChangedCheckGoesNowhere(t *testing.T) {
	carrier := startJudge(t, nil)
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	caddyfile := gateCaddyfile(s.gate, carrier.address, s.log, acmePolicy+"\n\t\ttrusted_modules http.handlers.test_change", "")
	loadCaddyfile(t, behind(caddyfile, "change query"))
	line := s.logged(t, as(acme, rightToken, inUZ))
	if line.Status != 400 || line.Tollgate["credential"] != "unreachable" || carrier.checks.Load() != 0 {
		t.Errorf("%d %v, %d checks", line.Status, line.Tollgate, carrier.checks.Load())
	}
}

func TestChecksAreMadeOnTheProductOfTheRequest(t *testing.T) {
	carrier := startJudge(t, nil)
	s := startDisclosing(t, carrier, acmePolicy, "product verify")
	verification := func(password string) string {
		return request("POST", "/v2/Services/VA11111111111111111111111111111111/Verifications", "To=%2B998912345678&Channel=sms",
			"Host: verify.example.com", "Authorization: "+basic(acme+":"+password))
	}
	for password, status := range map[string]int{rightToken: 403, "wrong": 401} {
		if response, body := s.raw(t, verification(password)); response.StatusCode != status {
			t.Errorf("%s: %s %s", password, response.Status, body)
		}
	}
	if carrier.checks.Load() != 2 {
		t.Errorf("%d checks", carrier.checks.Load())
	}
}

func TestForwardedRequestsSpareTheCheck(t *testing.T) {
	var rejecting atomic.Bool
	carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
		if rejecting.Load() {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return rejecting.Load()
	})
	s := startDisclosing(t, carrier, acmePolicy, "")
	s.raw(t, reading(messages(acme))) // as all inert requests, it shows nothing
	s.raw(t, as(acme, rightToken, inUS))
	for _, header := range []string{"X-Nothing: x", "Twilio-Client-Validation: x"} {
		if response, _ := s.raw(t, as(acme, rightToken, inUZ, header)); response.StatusCode != 400 || carrier.checks.Load() != 0 {
			t.Fatalf("%s after %d checks", response.Status, carrier.checks.Load())
		}
	}
	rejecting.Store(true)
	s.raw(t, as(acme, rightToken, inUS))
	if response, _ := s.raw(t, as(acme, rightToken, inUZ)); response.StatusCode != 401 || carrier.checks.Load() != 1 {
		t.Fatalf("%s after %d checks", response.Status, carrier.checks.Load())
	}
}

func TestAForwardedRequestThatTheCarrierDidNotReadShowsNothing(t *testing.T) {
	for _, status := range []int{307, 400, 403, 429, 431, 500, 503} {
		carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
			if isCheck(r) {
				return false
			}
			w.WriteHeader(status)
			return true
		})
		s := startDisclosing(t, carrier, acmePolicy, "")
		s.raw(t, as(acme, "wrong", inUS))
		if response, _ := s.raw(t, as(acme, "wrong", inUZ)); response.StatusCode != 401 {
			t.Errorf("after %d: %s", status, response.Status)
		}
	}
}

func TestAnAnswerToAKnownCredentialIsStreamed(t *testing.T) {
	read := make(chan struct{})
	carrier := startJudge(t, func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "one\n")
		w.(http.Flusher).Flush()
		select {
		case <-read:
			_, _ = io.WriteString(w, "two\n")
		case <-time.After(5 * time.Second):
		}
		return true
	})
	s := startDisclosing(t, carrier, acmePolicy, "")
	post, err := http.NewRequest("POST", "http://"+s.gate+messages(acme), strings.NewReader(messageTo(inUS)))
	if err != nil {
		t.Fatal(err)
	}
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.SetBasicAuth(acme, rightToken)
	response, err := http.DefaultClient.Do(post)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	first := make([]byte, 4)
	if _, err := io.ReadFull(response.Body, first); err != nil {
		t.Fatal(err)
	}
	close(read)
	if rest, err := io.ReadAll(response.Body); string(first)+string(rest) != "one\ntwo\n" || err != nil {
		t.Errorf("%s%s, %v", first, rest, err)
	}
}

func TestChecksAreCounted(t *testing.T) {
	carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
		busy := strings.Contains(r.Host, "busy")
		if busy {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return busy
	})
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	metrics := harness.FreeAddress(t)
	loadCaddyfile(t, gateCaddyfile(s.gate, carrier.address, s.log, acmePolicy, "credential_check {\ntotal 3/1h\n}")+
		"http://"+strings.Replace(metrics, "127.0.0.1", "", 1)+" {\n\tmetrics\n}\n")
	count := func(outcome string) string {
		name := `caddy_tollgate_credential_checks_total{carrier="twilio",outcome="` + outcome + `",product="api"} `
		_, rest, _ := strings.Cut(readMetrics(t, metrics), name)
		value, _, _ := strings.Cut(rest, "\n")
		return value
	}
	before := make(map[string]string)
	outcomes := []string{"accepted", "rejected", "inconclusive", "rate_limited"}
	for _, outcome := range outcomes {
		before[outcome] = count(outcome)
	}
	s.raw(t, as(acme, rightToken, inUZ))
	s.raw(t, as(acme, rightToken, inUZ)) // known by now
	s.raw(t, as(acme, "wrong", inUZ))
	s.raw(t, as(acme, "another", inUZ, "Host: busy.example.com"))
	s.raw(t, as(acme, "a third", inUZ))
	for _, outcome := range outcomes {
		var from, to int
		_, _ = fmt.Sscan(before[outcome], &from)
		_, _ = fmt.Sscan(count(outcome), &to)
		if to-from != 1 {
			t.Errorf("%s: from %d to %d", outcome, from, to)
		}
	}
}
