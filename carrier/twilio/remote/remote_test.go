package remote_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/remote"
	"github.com/caddy-tollgate/tollgate/policy"
)

const acme = "AC11111111111111111111111111111111"

// api is an API that gives each path an answer.
type api struct {
	answers map[string]string
	// user is the user of the credentials; without one, it is acme.
	user string
	// fail answers in place of that, if it returns true.
	fail func(n int, w http.ResponseWriter, r *http.Request) bool
	// asked are the requests, each "GET host/path?query".
	asked []string
}

const (
	settings = "GET voice.twilio.com/v1/Settings"
	listing  = "GET voice.twilio.com/v1/DialingPermissions/Countries?PageSize=1000"
	messages = "GET accounts.twilio.com/v1/Messaging/GeoPermissions"
)

// countries is a page of the list for calls.
func countries(next string, codes ...string) string {
	var content []string
	for _, code := range codes {
		content = append(content, fmt.Sprintf(`{"iso_code": %q, "name": %q, "low_risk_numbers_enabled": true, "high_risk_special_numbers_enabled": false, "high_risk_tollfraud_numbers_enabled": false}`, code, code))
	}
	if next != "" {
		next = `, "meta": {"next_page_url": "` + next + `"}`
	}
	return `{"content": [` + strings.Join(content, ",") + `]` + next + `}`
}

func newAPI() *api {
	return &api{answers: map[string]string{
		settings: `{"dialing_permissions_inheritance": false}`,
		listing:  countries("https://voice.twilio.com/v1/DialingPermissions/Countries?Page=1", "DE"),
		"GET voice.twilio.com/v1/DialingPermissions/Countries?Page=1": countries("", "FR"),
		messages: `{"permissions": [{"country_code": "US", "type": "country", "enabled": true}]}`,
	}}
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.Method + " " + r.Host + r.URL.RequestURI()
	a.asked = append(a.asked, asked)
	if user, secret, _ := r.BasicAuth(); user != cmp.Or(a.user, acme) || secret != "secret1" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if a.fail != nil && a.fail(len(a.asked), w, r) {
		return
	}
	answer, ok := a.answers[asked]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = w.Write([]byte(answer))
}

// account is one at an API.
func (a *api) account(t *testing.T) remote.Account {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	base, err := remote.ParseAPI(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := remote.New(context.Background(), remote.Credentials{Account: acme, User: acme, Secret: "secret1"}, remote.Options{API: base, Pause: time.Microsecond})
	account := remote.Account{Client: client}
	account.ID = acme
	return account
}

func TestPermissionsAreReadOverAllPages(t *testing.T) {
	account := newAPI().account(t)
	if err := account.Read(); err != nil {
		t.Fatal(err)
	}
	calls, texts := account.Lists[policy.Voice], account.Lists[policy.Messaging]
	if len(calls) != 2 || calls[1].Code != "FR" || !calls[1].Open[policy.LowRisk] || calls[1].Open[policy.HighRiskSpecial] {
		t.Errorf("the calls are %+v", calls)
	}
	if len(texts) != 1 || texts[0].Name != "United States" || !texts[0].Open[policy.LowRisk] {
		t.Errorf("the messages are %+v", texts)
	}
}

func TestAnAnswerThatIsNotWholeIsAnError(t *testing.T) {
	for _, test := range []struct{ name, path, answer, want string }{
		{"settings that do not say", settings, `{}`, "the answer does not say"},
		{"no countries", listing, `{"content": []}`, "the list has 0 countries"},
		{"a class that is absent", listing, `{"content": [{"iso_code": "DE", "name": "Germany", "low_risk_numbers_enabled": true, "high_risk_special_numbers_enabled": true}]}`,
			"whether Germany is enabled for high_risk_tollfraud numbers"},
		{"messages without a truth", messages, `{"permissions": [{"country_code": "US"}]}`, "whether US is enabled"},
		{"messages of another shape", messages, `{"permissions": "US"}`, "reading the answer"},
		{"no messages", messages, `{}`, "the list has 0 countries"},
		{"what is not JSON", settings, `<html>`, "invalid character"},
	} {
		a := newAPI()
		a.answers[test.path] = test.answer
		account := a.account(t)
		if err := account.Read(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestErrorsOfTheAPI(t *testing.T) {
	header := base64.StdEncoding.EncodeToString([]byte(acme + ":secret1"))
	for _, test := range []struct {
		name     string
		status   int
		body     string
		attempts int
		want     string
	}{
		{"one that the API explains", 403, `{"code": 70004, "message": "not permitted", "status": 403}`, 1, "voice.twilio.com/v1/Settings answers 403, error 70004: not permitted"},
		{"one that is not JSON", 404, "<html>", 1, "voice.twilio.com/v1/Settings answers 404"},
		{"one that tells the secret", 401, `{"code": 20003, "message": "wrong: secret1"}`, 1, "error 20003: wrong: …"},
		{"one that tells the credentials", 401, `{"code": 20003, "message": "wrong: Basic ` + header + `"}`, 1, "error 20003: wrong: Basic …"},
		{"one that leads elsewhere", 302, "", 1, "answers 302"},
		{"an API that is too busy", 429, `{"code": 20429, "message": "Too Many Requests"}`, 5, "answers 429, error 20429: Too Many Requests"},
		{"an API that is down", 503, "", 5, "answers 503"},
	} {
		a := newAPI()
		a.fail = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
			return true
		}
		account := a.account(t)
		if err := account.Read(); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret1") || strings.Contains(err.Error(), header) {
			t.Errorf("%s: %v", test.name, err)
		}
		if len(a.asked) != test.attempts {
			t.Errorf("%s: it was asked %d times and not %d", test.name, len(a.asked), test.attempts)
		}
	}
}

func TestABusyAPIIsAskedAgain(t *testing.T) {
	a := newAPI()
	var bodies []string
	a.fail = func(n int, w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		bodies = append(bodies, r.PostForm.Get("DialingPermissionsInheritance"))
		if n < 3 {
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{}`))
		return true
	}
	account := a.account(t)
	if err := account.EndInheritance(); err != nil || strings.Join(bodies, " ") != "false false false" {
		t.Errorf("%v, after %q", err, bodies)
	}
}

func TestWhatIsWrittenIsReadUntilItIsThere(t *testing.T) {
	for late, want := range map[int]bool{0: true, 3: true, 4: false} {
		a, reads := newAPI(), 0
		a.fail = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if r.Host != "accounts.twilio.com" {
				return false
			}
			enabled := reads >= late
			reads++
			_, _ = fmt.Fprintf(w, `{"permissions": [{"country_code": "US", "type": "country", "enabled": %v}]}`, enabled)
			return true
		}
		account := a.account(t)
		isThere := func() bool { return account.Lists[policy.Messaging][0].Open[policy.LowRisk] }
		if err := account.ReadUntil(isThere); err != nil || isThere() != want || reads != min(late+1, 4) {
			t.Errorf("after %d reads: %v, %v after %d", late, err, isThere(), reads)
		}
	}
}

func TestAListThatDoesNotEndIsAnError(t *testing.T) {
	for name, codes := range map[string][]string{"of empty pages": nil, "of the same page": {"DE"}} {
		a := newAPI()
		a.answers[listing] = countries("https://voice.twilio.com/v1/DialingPermissions/Countries?PageSize=1000", codes...)
		account := a.account(t)
		if err := account.Read(); err == nil || !strings.Contains(err.Error(), "its list does not end") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCredentialsAreThoseOfTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		name, environment string
		want              remote.Credentials
		complaint         string
	}{
		{"an auth token", "TWILIO_ACCOUNT_SID=a TWILIO_AUTH_TOKEN=t", remote.Credentials{Account: "a", User: "a", Secret: "t"}, ""},
		{"a key is asked before", "TWILIO_ACCOUNT_SID=a TWILIO_AUTH_TOKEN=t TWILIO_API_KEY=k TWILIO_API_SECRET=s", remote.Credentials{Account: "a", User: "k", Secret: "s"}, ""},
		{"no account", "TWILIO_AUTH_TOKEN=t", remote.Credentials{}, "set TWILIO_ACCOUNT_SID"},
		{"no credentials", "TWILIO_ACCOUNT_SID=a", remote.Credentials{}, "set TWILIO_AUTH_TOKEN"},
		{"a key without its secret", "TWILIO_ACCOUNT_SID=a TWILIO_AUTH_TOKEN=t TWILIO_API_KEY=k", remote.Credentials{}, "go together"},
	} {
		values := map[string]string{}
		for pair := range strings.FieldsSeq(test.environment) {
			name, value, _ := strings.Cut(pair, "=")
			values[name] = value
		}
		got, err := remote.CredentialsOf(func(name string) string { return values[name] })
		if got != test.want || (err == nil) != (test.complaint == "") || err != nil && !strings.Contains(err.Error(), test.complaint) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}

func TestTheURLOfAnAPI(t *testing.T) {
	for text, ok := range map[string]bool{
		"https://gate.example.com": true, "http://127.0.0.1:8080": true, "https://gate.example.com/twilio": true,
		"gate.example.com": false, "ftp://gate.example.com": false, "https://user:secret@gate.example.com": false, "https://": false, "https://gate.example.com?a=b": false,
	} {
		if _, err := remote.ParseAPI(text); (err == nil) != ok || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsSentToAnAPIMayBeExposed(t *testing.T) {
	for text, want := range map[string]bool{
		"https://gate.example.com": false, "http://127.0.0.1:8080": false, "http://[::1]:8080": false, "http://localhost": false,
		"http://gate.example.com": true, "http://10.0.0.1": true, "http://localhost.example.com": true,
	} {
		api, err := remote.ParseAPI(text)
		if err != nil || remote.IsExposed(api) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAKeyIsThatOfItsAccount(t *testing.T) {
	const path = "GET api.twilio.com/2010-04-01/Accounts/" + acme + "/Messages.json?PageSize=1"
	for _, test := range []struct {
		name     string
		status   int
		body     string
		accepted bool
	}{
		{"one that may read its messages", 200, `{"messages": []}`, true},
		{"one of another account", 401, `{"code": 20003, "message": "Authenticate", "status": 401}`, false},
		{"one from which the account is hidden", 404, `{"code": 20404, "message": "not found", "status": 404}`, false},
		{"a restricted one", 401, `{"code": 70004, "message": "not permitted", "status": 401}`, true},
		{"an API that is down", 503, "", true},
	} {
		a := newAPI()
		a.fail = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
			return true
		}
		server := httptest.NewServer(a)
		base, err := remote.ParseAPI(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		options := remote.Options{API: base, Pause: time.Microsecond}
		key := remote.New(context.Background(), remote.Credentials{Account: acme, User: "SK1", Secret: "secret1"}, options)
		a.user = "SK1"
		if err := key.CheckKey(); (err == nil) != test.accepted || a.asked[0] != path {
			t.Errorf("%s: %v, asked %q", test.name, err, a.asked)
		}
		server.Close()
	}
	if err := remote.New(context.Background(), remote.Credentials{Account: acme, User: acme, Secret: "secret1"}, remote.Options{}).CheckKey(); err != nil {
		t.Errorf("an auth token is always the account's: %v", err)
	}
}
