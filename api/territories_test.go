package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// document has what tests read of an account.
type document struct {
	Label     string
	Messaging []string
	Voice     struct {
		LowRisk []string `json:"low_risk"`
		Special []string `json:"high_risk_special"`
	}
	Senders map[string]struct{ Messaging []string }
}

func TestAPatchChangesWhatItNames(t *testing.T) {
	m := manage(t, "")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"label": "Acme", "messaging": ["US"], "voice": {"low_risk": ["US"]}}`, nil)
	response, text := m.ask(t, owner, "PATCH", "/accounts/"+sidOne, `{"label": null, "messaging": ["CA"], "voice": {"high_risk_special": ["CA"]}}`,
		"Content-Type", "application/merge-patch+json")
	if response.StatusCode != http.StatusOK || response.Header.Get("ETag") == "" {
		t.Fatalf("%d %s", response.StatusCode, text)
	}
	var got document
	m.must(t, "GET", "/accounts/"+sidOne, "", &got)
	if got.Label != "" || strings.Join(got.Messaging, " ") != "CA" || strings.Join(got.Voice.LowRisk, " ") != "US" || strings.Join(got.Voice.Special, " ") != "CA" {
		t.Errorf("%+v", got)
	}
}

func TestAPatchIsRefused(t *testing.T) {
	m := manage(t, "accounts:\n  - id: "+sidTwo+"\n")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, nil)
	for _, c := range []struct {
		name, path, body string
		status           int
		says             string
	}{
		{"of an account that is not there", "/accounts/" + sidThree, `{}`, 404, "not found"},
		{"of an account that a file states", "/accounts/" + sidTwo, `{"messaging": ["US"]}`, 409, "policy.yaml:3"},
		{"with an unknown territory", "/accounts/" + sidOne, `{"messaging": ["UX"]}`, 422, `body.messaging[0]`},
		{"with an unknown member", "/accounts/" + sidOne, `{"mesaging": ["US"]}`, 422, "mesaging"},
		{"with a member twice", "/accounts/" + sidOne, `{"messaging": ["US"], "messaging": ["CA"]}`, 422, "already specified"},
		{"that is a list", "/accounts/" + sidOne, `["US"]`, 422, ""},
		{"with another id", "/accounts/" + sidOne, `{"id": "` + sidThree + `"}`, 422, "names"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if response, text := m.ask(t, owner, "PATCH", c.path, c.body); response.StatusCode != c.status || !strings.Contains(text, c.says) {
				t.Errorf("%d %s", response.StatusCode, text)
			}
		})
	}
}

func TestVerbsChangeOneListOfTerritories(t *testing.T) {
	const stated = `{"messaging": ["US", "GB"], "voice": {"low_risk": ["EU"]}, "senders": {"+12025550123": {"messaging": ["US"]}}}`
	for _, c := range []struct {
		name, verb, body string
		read             func(document) []string
		want             string
	}{
		{"adding", "add", `{"channel": "messaging", "territories": ["ca", "US"]}`, func(d document) []string { return d.Messaging }, "US GB CA"},
		{"removing", "remove", `{"channel": "messaging", "territories": ["us", "FR"]}`, func(d document) []string { return d.Messaging }, "GB"},
		{"removing the last", "remove", `{"channel": "messaging", "territories": ["US", "GB"]}`, func(d document) []string { return d.Messaging }, ""},
		{"replacing", "replace", `{"channel": "messaging", "territories": ["FR"]}`, func(d document) []string { return d.Messaging }, "FR"},
		{"replacing by none", "replace", `{"channel": "messaging", "territories": []}`, func(d document) []string { return d.Messaging }, ""},
		{"adding calls", "add", `{"channel": "voice", "territories": ["US"]}`, func(d document) []string { return d.Voice.LowRisk }, "EU US"},
		{"adding calls of a class of which none are stated", "add", `{"channel": "voice", "class": "high_risk_special", "territories": ["US"]}`,
			func(d document) []string { return d.Voice.Special }, "US"},
		{"removing a group", "remove", `{"channel": "voice", "territories": ["EU"]}`, func(d document) []string { return d.Voice.LowRisk }, ""},
		{"adding for a sender", "add", `{"channel": "messaging", "sender": "+12025550123", "territories": ["CA"]}`,
			func(d document) []string { return d.Senders["+12025550123"].Messaging }, "US CA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := manage(t, "")
			m.must(t, "PUT", "/accounts/"+sidOne, stated, nil)
			m.must(t, "POST", "/accounts/"+sidOne+"/territories/"+c.verb, c.body, nil)
			var got document
			m.must(t, "GET", "/accounts/"+sidOne, "", &got)
			if list := c.read(got); strings.Join(list, " ") != c.want {
				t.Errorf("%q, want %q", list, c.want)
			}
		})
	}
}

func TestVerbsThatWouldDoAnotherThingAreRefused(t *testing.T) {
	m := manage(t, "")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["EU"]}`, nil)
	for _, c := range []struct{ name, verb, body, says string }{
		{"adding to what is inherited closes it", "add", `{"channel": "voice", "territories": ["US"]}`, "inherits"},
		{"adding for a sender without sets narrows it", "add", `{"channel": "messaging", "sender": "ACME", "territories": ["US"]}`, "inherits"},
		{"adding for verifications without sets closes the others", "add", `{"channel": "messaging", "verification": true, "territories": ["US"]}`, "inherits"},
		{"removing one of a group leaves it open", "remove", `{"channel": "messaging", "territories": ["FR"]}`, "stays open"},
		{"an unknown territory", "remove", `{"channel": "messaging", "territories": ["US", "UX"]}`, "body.territories[1]"},
		{"an unknown channel", "add", `{"channel": "fax", "territories": ["US"]}`, "body.channel"},
		{"an unknown class", "add", `{"channel": "voice", "class": "cheap", "territories": ["US"]}`, "body.class"},
		{"a class of messages", "add", `{"channel": "messaging", "class": "low_risk", "territories": ["US"]}`, "body.class"},
		{"nothing to add", "add", `{"channel": "messaging", "territories": []}`, "body.territories"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if response, text := m.ask(t, owner, "POST", "/accounts/"+sidOne+"/territories/"+c.verb, c.body); response.StatusCode != 422 || !strings.Contains(text, c.says) {
				t.Errorf("%d %s", response.StatusCode, text)
			}
		})
	}
}

func TestNoneOfThoseWhoAddAtOnceIsLost(t *testing.T) {
	m := manage(t, "")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": []}`, nil)
	codes := strings.Fields("US CA GB FR DE IT ES PT")
	var all sync.WaitGroup
	for _, code := range codes {
		all.Go(func() {
			body := `{"channel": "messaging", "territories": ["` + code + `"]}`
			if response, text := m.ask(t, owner, "POST", "/accounts/"+sidOne+"/territories/add", body); response.StatusCode != 200 {
				t.Errorf("%s: %d %s", code, response.StatusCode, text)
			}
		})
	}
	all.Wait()
	var got document
	m.must(t, "GET", "/accounts/"+sidOne, "", &got)
	if len(got.Messaging) != len(codes) {
		t.Errorf("%q", got.Messaging)
	}
}
