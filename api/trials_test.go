package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/geoip"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// geoIPDatabase is MaxMind's test database.
func geoIPDatabase(t testing.TB) *geoip.Database {
	t.Helper()
	content, err := os.ReadFile("../internal/geoip/testdata/GeoLite2-Country-Test.mmdb")
	if err != nil {
		t.Fatal(err)
	}
	database, err := geoip.Read(content)
	if err != nil {
		t.Fatal(err)
	}
	return database
}

// manageTrials is the API with a database of addresses.
func manageTrials(t *testing.T, policy string) *managed {
	t.Helper()
	m, database := manage(t, policy), geoIPDatabase(t)
	m.service.GeoIP = func() *geoip.Database { return database }
	m.service.HighRisk = geo.HighRisk
	return m
}

// Addresses of MaxMind's test database.
const (
	inBritain   = "81.2.69.142"
	inTaiwan    = "2001:238::1"
	inIran      = "2a02:d2c0::1"
	inIsrael    = "2a02:cf80::1"
	inBulgaria  = "2a02:d6c0::1"
	unknownHost = "81.2.69.141"
)

func TestATrialAccountIsAtHomeWhereItsClientIs(t *testing.T) {
	m := manageTrials(t, "default: {verify: {messaging: [US]}}")
	var made struct {
		Document struct {
			ID, Home string
			Trial    []string
		}
		Home  string
		GeoIP struct{ Type, Built string }
	}
	response := m.must(t, "POST", "/accounts", `{"id": "`+sidOne+`", "label": "Ann", "trial": true, "client_ip": "::ffff:`+inBritain+`", "verified": ["+447400123456"]}`, &made)
	if response.StatusCode != http.StatusCreated || response.Header.Get("ETag") != `"1"` {
		t.Errorf("it is answered %d, ETag %s", response.StatusCode, response.Header.Get("ETag"))
	}
	if made.Home != "GB" || made.GeoIP.Type != "GeoLite2-Country" || !strings.HasSuffix(made.GeoIP.Built, "Z") ||
		made.Document.Home != "GB" || !slices.Equal(made.Document.Trial, []string{"+447400123456"}) {
		t.Errorf("the answer is %+v", made)
	}
	for query, want := range map[string]string{
		"channel=messaging":                              "[GB own]",
		"channel=messaging&verification=true":            "[GB own]",
		"channel=voice":                                  "",
		"channel=voice&class=high_risk_special":          "",
		"channel=voice&class=low_risk&verification=true": "",
	} {
		var got struct {
			Territories []struct{ Territory, By string }
		}
		m.must(t, "GET", "/effective?account="+sidOne+"&"+query, "", &got)
		text := ""
		for _, e := range got.Territories {
			text += "[" + e.Territory + " " + e.By + "]"
		}
		if text != want {
			t.Errorf("%s reaches %q and not %q", query, text, want)
		}
	}
	// The address is personal: no record has it.
	_, records := m.ask(t, owner, "GET", "/audit/changes", "")
	if strings.Contains(records, inBritain) || !strings.Contains(records, "trial account at home in GB, by GeoLite2-Country of ") || !strings.Contains(records, `"account.put"`) {
		t.Errorf("the records are %s", records)
	}
	m.must(t, "PATCH", "/accounts/"+sidOne, `{"trial": ["+447400123456", "+447400123457"]}`, nil)
}

func TestWhatATrialAccountIsNotMadeOf(t *testing.T) {
	m := manageTrials(t, `accounts: [{id: `+sidTwo+`, messaging: [US]}]
by_request: {voice: [TW]}
`)
	m.must(t, "PUT", "/accounts/"+sidThree, `{"messaging": ["US"]}`, nil)
	trial := func(members string) string { return `{"id": "` + sidOne + `", "trial": true` + members + `}` }
	at := func(address string) string { return trial(`, "client_ip": "` + address + `"`) }
	for _, c := range []struct {
		name, query, body string
		status            int
		location          string
	}{
		{"no account", "", `{"id": "", "trial": true, "home": "GB"}`, 422, "body.id"},
		{"what is not the name of an account", "", `{"id": "AC1", "trial": true, "home": "GB"}`, 422, "body.id"},
		{"no trial", "", `{"id": "` + sidOne + `", "trial": false, "home": "GB"}`, 422, "body.trial"},
		{"neither an address nor a home", "", trial(""), 422, "body.client_ip"},
		{"an address and a home", "", trial(`, "client_ip": "` + inBritain + `", "home": "GB"`), 422, "body.home"},
		{"what is not an address", "", at("London"), 422, "body.client_ip"},
		{"an address with a port", "", at(inBritain + ":443"), 422, "body.client_ip"},
		{"an address with a zone", "", at("2a02:d180::1%eth0"), 422, "body.client_ip"},
		{"an address of a local network", "", at("::ffff:10.0.0.1"), 422, "body.client_ip"},
		{"an address of which nothing is known", "", at(unknownHost), 422, "body.client_ip"},
		{"an address where the carrier delivers nothing", "", at(inIran), 422, "body.client_ip"},
		{"an address to which the carrier opens calls by request", "", at(inTaiwan), 422, "body.client_ip"},
		{"an address in what the carrier marks as high risk for messages", "", at(inIsrael), 422, ""},
		{"a home that is not a territory", "", trial(`, "home": "UX"`), 422, "body.home"},
		{"a home where the carrier delivers nothing", "", trial(`, "home": "CU"`), 422, "body.home"},
		{"a number that is not whole", "", trial(`, "home": "GB", "verified": ["+447400123456", "07400123457"]`), 422, "body.verified[1]"},
		{"a parent that is not there", "", trial(`, "home": "GB", "parent": "AC00000000000000000000000000000009"`), 422, "body.parent"},
		{"an unknown member", "", trial(`, "home": "GB", "messaging": ["US"]`), 422, "body.messaging"},
		{"an account that is there", "", `{"id": "` + sidThree + `", "trial": true, "home": "GB"}`, 409, ""},
		{"one that is there, tried", "?dry_run=true", `{"id": "` + sidThree + `", "trial": true, "home": "GB"}`, 409, ""},
		{"one that a file states", "", `{"id": "` + sidTwo + `", "trial": true, "home": "GB"}`, 409, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, text := m.ask(t, owner, "POST", "/accounts"+c.query, c.body)
			var answer struct{ Errors []struct{ Location string } }
			if err := json.Unmarshal([]byte(text), &answer); err != nil || response.StatusCode != c.status {
				t.Fatalf("%d %s, %v", response.StatusCode, text, err)
			}
			if c.location != "" && (len(answer.Errors) != 1 || answer.Errors[0].Location != c.location) {
				t.Errorf("the mistake is at %+v: %s", answer.Errors, text)
			}
			if response, _ := m.ask(t, owner, "GET", "/accounts/"+sidOne, ""); response.StatusCode != http.StatusNotFound {
				t.Errorf("the account is there")
			}
		})
	}
	for name, body := range map[string]string{
		"calls to verified numbers alone, in what is marked for calls": at(inBulgaria),
		"what is marked for messages, acknowledged":                    at(inIsrael),
	} {
		if response, text := m.ask(t, owner, "POST", "/accounts?dry_run=true&acknowledge_high_risk=true", body); response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, response.StatusCode, text)
		}
	}
	if response, text := m.ask(t, owner, "POST", "/accounts", at(inBulgaria)); response.StatusCode != http.StatusCreated {
		t.Errorf("in Bulgaria: %d %s", response.StatusCode, text)
	}
}

func TestATrialAccountIsMadeByThoseWhoMayStateIt(t *testing.T) {
	m := manageTrials(t, "")
	const body = `{"id": "` + sidOne + `", "trial": true, "client_ip": "` + inBritain + `"}`
	for name, by := range map[string]access.Principal{
		"an approver": principal("bob", access.Approver), "an admin of another account": principal("bob", access.Admin, sidTwo),
	} {
		if response, text := m.ask(t, by, "POST", "/accounts", body); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, response.StatusCode, text)
		}
	}
	if response, text := m.ask(t, principal("bob", access.Admin, sidOne), "POST", "/accounts", body); response.StatusCode != http.StatusCreated {
		t.Errorf("an admin of this account: %d %s", response.StatusCode, text)
	}
}

func TestATrialAccountHasANameOfItsOwnAndAParent(t *testing.T) {
	m := manageTrials(t, "")
	m.must(t, "PUT", "/accounts/"+sidTwo, `{"messaging": ["US"]}`, nil)
	m.must(t, "POST", "/accounts?reason=signed+up", `{"id": "ann", "at": {"twilio": "`+sidOne+`"}, "parent": "`+sidTwo+`", "trial": true, "client_ip": "`+inBritain+`"}`, nil)
	var got struct {
		Home, Parent string
		At           map[string]string
	}
	m.must(t, "GET", "/accounts/ann", "", &got)
	if got.Home != "GB" || got.Parent != sidTwo || got.At["twilio"] != sidOne {
		t.Errorf("it is %+v", got)
	}
	if _, records := m.ask(t, owner, "GET", "/audit/changes?account=ann", ""); !strings.Contains(records, `"reason":"signed up"`) {
		t.Errorf("the records are %s", records)
	}
}

func TestWithoutADatabaseAHomeIsStated(t *testing.T) {
	const byAddress = `{"id": "` + sidOne + `", "trial": true, "client_ip": "` + inBritain + `"}`
	m := manage(t, "")
	if response, text := m.ask(t, owner, "POST", "/accounts", byAddress); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "body.client_ip") {
		t.Errorf("none is configured: %d %s", response.StatusCode, text)
	}
	m.service = &permissions.Service{GeoIP: func() *geoip.Database { return nil }, Policy: m.service.Policy, Carriers: m.service.Carriers, Now: m.service.Now}
	if _, err := m.service.CreateTrial(t.Context(), permissions.Caller{Principal: owner}, permissions.Terms{}, []byte(byAddress)); err == nil || !strings.Contains(err.Error(), "not there") {
		t.Errorf("the one that is configured is not there: %v", err)
	}
	var made map[string]any
	m.must(t, "POST", "/accounts", `{"id": "`+sidOne+`", "trial": true, "home": "DE"}`, &made)
	if made["home"] != "DE" || made["geoip"] != nil {
		t.Errorf("the answer is %v", made)
	}
}
