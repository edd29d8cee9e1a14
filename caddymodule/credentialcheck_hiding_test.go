package caddymodule_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// startBehindHandlers runs a gate that other handlers stand before, as they do where it is
// one of many.
func startBehindHandlers(t *testing.T, j *judge, policy, handler string) *caddyServer {
	t.Helper()
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	text := gateCaddyfile(s.gate, j.address, s.log, policy, handler)
	loadCaddyfile(t, strings.Replace(text, "\troute {\n", "\theader X-Request-Id {http.request.uuid}\n\theader Set-Cookie client={http.request.header.X-Client}\n\troute {\n", 1))
	return s
}

// likeness is all of an answer but what differs from one to the next.
func likeness(response *http.Response, body string) string {
	header := response.Header.Clone()
	if id := header.Values("X-Request-Id"); len(id) != 1 {
		return fmt.Sprintf("named %q", id)
	}
	header.Set("X-Request-Id", "")
	return fmt.Sprintf("%s\n%s\n%s", response.Status, strings.Join(names(header), "\n"), body)
}

func TestAnUnknownCredentialCannotTellADenialFromARejection(t *testing.T) {
	wrong := "Authorization: " + basic(acme+":wrong")
	for _, c := range []struct {
		name, host, path, form string
		headers                []string
	}{
		{"of a message", "api", messages(acme), "To={to}" + messageRest, []string{wrong}},
		{"in XML", "api", account("/Messages"), "To={to}" + messageRest, []string{wrong}},
		{"in XML, stated", "api", account("/Messages.XML"), "To={to}" + messageRest, []string{wrong}},
		{"in CSV", "api", account("/Messages.csv"), "To={to}" + messageRest, []string{wrong}},
		{"in HTML", "api", account("/Calls.html"), "To={to}" + callRest, []string{wrong}},
		{"of a verification", "verify", verifications, "To={to}&Channel=sms", []string{wrong}},
		{"without a credential", "api", messages(acme), "To={to}" + messageRest, []string{"-Authorization"}},
		{"without a credential, in XML", "api", account("/Messages"), "To={to}" + messageRest, []string{"-Authorization"}},
		{"by a user that is not a SID", "api", messages(acme), "To={to}" + messageRest, []string{"Authorization: " + basic("bob:x")}},
		{"by another scheme", "api", messages(acme), "To={to}" + messageRest, []string{"Authorization: Digest username=x"}},
		{"with a long query", "api", messages(acme) + "?x=" + strings.Repeat("y", 9000), "To={to}" + messageRest, []string{wrong}},
		{"with a long header", "api", messages(acme), "To={to}" + messageRest, []string{wrong, "X-Long: " + strings.Repeat("y", 20_000)}},
		{"with a long credential", "api", messages(acme), "To={to}" + messageRest, []string{"Authorization: " + basic(acme+":"+strings.Repeat("x", 14_000))}},
		{"what the carrier's front refuses", "api", messages(acme), "To={to}" + messageRest, []string{"Authorization: " + basic(acme+":<script>")}},
		{"in a version that is not documented", "api", strings.Replace(messages(acme), "2010-04-01", "1999-01-01", 1), "To={to}" + messageRest, []string{wrong}},
	} {
		// In either order.
		for _, deniedFirst := range []bool{false, true} {
			carrier := startJudge(t, frontOf)
			s := startBehindHandlers(t, carrier, acmePolicy, "")
			ask := func(to, client string) string {
				form := strings.ReplaceAll(c.form, "{to}", to)
				return likeness(s.raw(t, request("POST", c.path, form, append([]string{"Host: " + c.host + ".twilio.com", "X-Client: " + client}, c.headers...)...)))
			}
			var answers []string
			for i := range 4 {
				answers = append(answers, ask(map[bool]string{false: us, true: uz}[(i%2 == 0) == deniedFirst], "same"))
			}
			for _, answer := range answers[1:] {
				if answer != answers[0] {
					t.Errorf("%s, denied first %t:\n%s\n\n%s", c.name, deniedFirst, answers[0], answer)
					break
				}
			}
		}
	}
}

// frontOf refuses what it does not like before the carrier looks at it, in words of
// its own, and what the carrier has no version of in the carrier's.
func frontOf(w http.ResponseWriter, r *http.Request) bool {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		size += len(name) + len(strings.Join(values, ""))
	}
	_, password, _ := r.BasicAuth()
	switch {
	case size > 8<<10:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case strings.HasPrefix(r.Header.Get("Authorization"), "Digest"), strings.Contains(password, "<script>"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method != http.MethodPost && r.Method != http.MethodGet, strings.HasPrefix(r.URL.Path, "/1999"):
		w.Header().Set("Twilio-Request-Id", "RQ00000000000000000000000000000000")
		w.WriteHeader(http.StatusNotFound)
	case r.Header.Get("Authorization") == "":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"code": 20003, "message": "Authentication Error - No credentials provided", "status": 401}`)
	default:
		return false
	}
	return true
}

// What one client's answer had from other handlers is not another client's.
func TestNothingOfOneClientsAnswerIsAnothers(t *testing.T) {
	carrier := startJudge(t, nil)
	s := startBehindHandlers(t, carrier, acmePolicy, "")
	s.raw(t, as(acme, "wrong", inUS, "X-Client: one"))
	for _, denied := range []string{as(acme, "", inUZ, "X-Client: two"), as(unnamed, "x", inUZ, "X-Client: two"), as(acme, "wrong", inUZ, "X-Client: two")} {
		response, _ := s.raw(t, denied)
		if got := response.Header.Values("Set-Cookie"); !slices.Equal(got, []string{"client=two"}) {
			t.Errorf("%q", got)
		}
	}
}

// A carrier may answer before it looks at the credential. That makes no credential known.
func TestARequestThatTheCarrierDidNotReadMakesNoCredentialKnown(t *testing.T) {
	for _, handler := range []string{"", "unknown allow"} {
		carrier := startJudge(t, frontOf)
		s := startDisclosing(t, carrier, acmePolicy, handler)
		wrong := "Authorization: " + basic(acme+":wrong")
		for _, poison := range []string{
			request("PUT", messages(acme), messageTo(inUS), wrong),
			request("DELETE", messages(acme), messageTo(inUS), wrong),
			request("FOO", messages(acme), messageTo(inUS), wrong),
			request("POST", strings.Replace(messages(acme), "2010-04-01", "1999-01-01", 1), messageTo(inUS), wrong),
			request("POST", account("/Whatever.json"), messageTo(inUS), wrong),
		} {
			s.raw(t, poison)
			if response, body := s.raw(t, as(acme, "wrong", inUZ)); response.StatusCode != 401 {
				t.Fatalf("%q: %s %s after %.60s", handler, response.Status, body, poison)
			}
		}
		// Nor would it if it were answered with success.
		if handler == "" && carrier.others.Load() != 0 {
			t.Errorf("%d were forwarded", carrier.others.Load())
		}
	}
}

func TestSuccessOfWhatIsNotDocumentedMakesNoCredentialKnown(t *testing.T) {
	carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool { return !isCheck(r) })
	s := startDisclosing(t, carrier, acmePolicy, "unknown allow")
	wrong := "Authorization: " + basic(acme+":wrong")
	for _, poison := range []string{
		request("PUT", messages(acme), messageTo(inUS), wrong),
		request("POST", account("/Whatever.json"), messageTo(inUS), wrong),
	} {
		if response, _ := s.raw(t, poison); response.StatusCode != 200 {
			t.Fatal(response.Status)
		}
		if response, _ := s.raw(t, as(acme, "wrong", inUZ)); response.StatusCode != 401 {
			t.Errorf("%s after %.60s", response.Status, poison)
		}
	}
}

// Of a key that the policy does not name, a success shows only that some customer owns it.
func TestAnotherCustomersKeyIsNotTheSites(t *testing.T) {
	carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, acme) && r.Header.Get("Authorization") != "" { // whose it is not
			w.Header().Set("X-Other-Product", "api")
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			return true
		}
		return false
	})
	s := startDisclosing(t, carrier, acmePolicy, "account "+acme)
	key := basic(unknownKey + ":" + rightToken)
	if response, _ := s.raw(t, verification(us, key)); response.StatusCode != 201 {
		t.Fatal(response.Status)
	}
	if response, body := s.raw(t, verification(uz, key)); response.StatusCode != 401 || response.Header.Get("X-Other-Product") != "" {
		t.Errorf("%s %s", response.Status, body)
	}
}

// A failure that a client can cause must not show it a denial. Any other failure must
// not keep a denial from a client that may see it, nor from one that was known before.
func TestWhoSeesADenialThatCouldNotBeChecked(t *testing.T) {
	const short = "credential_check {\naccepted_ttl 50ms\ntimeout 1s\n}"
	t.Run("a busy carrier", func(t *testing.T) {
		for _, status := range []int{429, 500, 503} {
			busy := make(chan struct{})
			carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
				select {
				case <-busy:
					w.WriteHeader(status)
					return true
				default:
					return false
				}
			})
			s := startDisclosing(t, carrier, acmePolicy, short)
			s.raw(t, as(acme, rightToken, inUS))
			close(busy)
			harness.Await(t, "the credential is checked again", func() bool {
				s.raw(t, as(acme, rightToken, inUZ))
				return carrier.checks.Load() > 0
			})
			for password, want := range map[string]int{rightToken: 400, "wrong": 401} {
				if response, body := s.raw(t, as(acme, password, inUZ)); response.StatusCode != want {
					t.Errorf("%d, %s: %s %s", status, password, response.Status, body)
				}
			}
		}
	})
	t.Run("a place that is not there", func(t *testing.T) {
		s := startDisclosing(t, &judge{address: harness.FreeAddress(t)}, acmePolicy, short)
		for host, want := range map[string]int{
			"api.twilio.com": 400, "gate.example.com": 400, "api.ie1.twilio.com": 401, "api.dublin.ie1.twilio.com": 401, "api.us1.twilio.com": 401,
		} {
			if response, body := s.raw(t, as(acme, "wrong", inUZ, "Host: "+host)); response.StatusCode != want {
				t.Errorf("%s: %s %s", host, response.Status, body)
			}
		}
	})
}

// None are kept of an answer that is given again, nor are any sent.
func TestARejectionWithTrailersIsGivenWithout(t *testing.T) {
	carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Trailer", "X-Sum")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, unknownCredential)
		w.Header().Set("X-Sum", "1")
		return true
	})
	s := startDisclosing(t, carrier, acmePolicy, "")
	for range 2 {
		response, body := s.raw(t, as(acme, "wrong", inUZ))
		if body != unknownCredential || len(response.Trailer) > 0 || response.Header.Get("Trailer") != "" {
			t.Errorf("%v %v %s", response.Header, response.Trailer, body)
		}
	}
}
