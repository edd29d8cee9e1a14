package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// server is the API over a store of its own, without Caddy.
type server struct {
	http.Handler
	loader *reload.Loader
}

var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func newServer(t testing.TB) *server {
	t.Helper()
	kept, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "permissions.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	asWritten := func(text string) (string, error) { return text, nil }
	loader, err := reload.NewLoader(reload.Resolver{Replace: asWritten, Carriers: configtest.AsWritten}, "", config.Document{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	loader.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return kept, nil }, Now: time.Now})
	if _, err := loader.Load(); err != nil {
		t.Fatal(err)
	}
	rules, err := new(openings.Settings).Rules()
	if err != nil {
		t.Fatal(err)
	}
	service := &permissions.Service{
		Policy: loader, Carriers: configtest.AsWritten, Openings: rules, HighRisk: geo.HighRisk,
		Now: func() time.Time { return now }, Explainer: explainer,
	}
	return &server{api.New(service), loader}
}

// ask sends a request as an owner.
func (s *server) ask(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), permissions.Caller{Principal: owner, Through: "api"})))
	return w
}

// fuzzedAccount is one that a body is about.
const fuzzedAccount = "AC11111111111111111111111111111111"

// bodies are the operations that have a body, with valid ones.
var bodies = []struct {
	operation, method, path string
	valid                   []string
}{
	{"put-account", "PUT", "/accounts/" + fuzzedAccount, []string{
		`{}`, `{"messaging": ["US"], "voice": {"low_risk": ["US", "CA"]}}`,
		`{"label": "Acme", "parent": "` + fuzzedAccount + `"}`, `{"suspended": true}`,
		`{"messaging": "none", "prefixes": [{"deny": "+1900", "reason": "premium"}], "senders": {"+14155550100": {"messaging": ["US"]}}}`,
	}},
	{"create-token", "POST", "/tokens", []string{
		`{"name": "onboarding", "role": "admin", "accounts": ["` + fuzzedAccount + `"], "expires": "2027-06-01T00:00:00Z"}`,
		`{"name": "all", "role": "owner", "expires": "2027-06-01T00:00:00+02:00"}`,
	}},
	{"create-key", "POST", "/keys", []string{
		`{"account": "` + fuzzedAccount + `"}`,
		`{"account": "` + fuzzedAccount + `", "name": "billing", "channels": ["messaging"], "operations": ["messages.*"], "senders": ["+14155550100"], "expires": "2027-06-01T00:00:00Z"}`,
		`{"account": "` + fuzzedAccount + `", "channels": [], "operations": [], "senders": []}`,
	}},
	{"create-trial", "POST", "/accounts", []string{
		`{"id": "` + fuzzedAccount + `", "trial": true, "home": "GB"}`,
		`{"id": "ann", "at": {"twilio": "` + fuzzedAccount + `"}, "label": "Ann", "parent": "` + fuzzedAccount + `", "trial": true, "client_ip": "::ffff:81.2.69.142", "verified": ["+447400123456"]}`,
	}},
	{"patch-account", "PATCH", "/accounts/" + fuzzedAccount, []string{`{}`, `{"label": null, "voice": {"low_risk": ["US"]}}`}},
	{"add-territories", "POST", "/accounts/" + fuzzedAccount + "/territories/add", territories},
	{"remove-territories", "POST", "/accounts/" + fuzzedAccount + "/territories/remove", territories},
	{"replace-territories", "POST", "/accounts/" + fuzzedAccount + "/territories/replace", territories},
	{"edit-territories", "POST", "/accounts/" + fuzzedAccount + "/territories/edit", []string{
		`{"edits": [{"channel": "voice", "class": "high_risk_special", "territory": "DE", "open": true}], "end_inheritance": true}`,
	}},
	{"put-settings", "PUT", "/settings", []string{`{}`, `{"default": {"messaging": ["US"]}}`}},
	{"push-policy", "POST", "/policy/push", []string{
		`{"version": 1}`,
		`{"version": 1, "prefixes": [{"block": "+99899394", "reason": "pumping"}], "accounts": [{"id": "` + fuzzedAccount + `", "messaging": ["US"]}]}`,
	}},
	{"add-block", "POST", "/blocks", []string{
		`{"block": "+99899394", "reason": "pumping"}`, `{"allow": "+4930", "channel": "messaging", "reason": "office"}`,
	}},
	{"put-suspension", "PUT", "/suspensions/" + fuzzedAccount, []string{`{"reason": "leaked key"}`, `{"reason": "leaked key", "until": "2027-06-01"}`}},
	{"request-opening", "POST", "/openings", []string{
		`{"account": "` + fuzzedAccount + `", "channel": "messaging", "to": "PK", "until": "2026-12-02", "reason": "launch", "acknowledge_high_risk": true}`,
		`{"account": "` + fuzzedAccount + `", "channel": "voice", "to": "+44207", "from": "2026-12-02", "until": "2026-12-03", "reason": "launch", "ticket": "OPS-1"}`,
	}},
	{"panic", "POST", "/panic", []string{`{"reason": "leaked keys"}`, `{"reason": "leaked keys", "protect": ["` + fuzzedAccount + `"]}`}},
	{"judge", "POST", "/judge", []string{
		`{"account": "` + fuzzedAccount + `", "channel": "messaging", "to": "+12025550123"}`,
		`{"account": "` + fuzzedAccount + `", "channel": "voice", "to": "+12025550123", "from": "+14155550100", "header": {"X-User-Id": "7"}, "at": "2026-12-02"}`,
	}},
	{"add-conversion", "POST", "/conversions", []string{`{"account": "` + fuzzedAccount + `", "number": "+12025550123"}`}},
	{"forget-account", "POST", "/audit/forget", []string{`{"account": "` + fuzzedAccount + `"}`}},
}

// territories are changes of a list of them.
var territories = []string{
	`{"channel": "messaging", "territories": ["US"]}`,
	`{"channel": "voice", "class": "high_risk_special", "territories": ["US", "CA"]}`,
	`{"channel": "messaging", "verification": true, "territories": ["US"]}`,
	`{"channel": "messaging", "sender": "+14155550100", "territories": ["US"]}`,
}

func TestEveryOperationWithABodyIsFuzzed(t *testing.T) {
	text, err := api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Paths map[string]map[string]struct {
			OperationID string          `json:"operationId"`
			RequestBody json.RawMessage `json:"requestBody"`
		}
	}
	if err := json.Unmarshal(text, &description); err != nil {
		t.Fatal(err)
	}
	fuzzed := map[string]bool{}
	for _, b := range bodies {
		fuzzed[b.operation] = true
	}
	for _, methods := range description.Paths {
		for _, operation := range methods {
			if operation.RequestBody != nil && !fuzzed[operation.OperationID] {
				t.Errorf("the body of %s is not fuzzed: add valid ones to bodies", operation.OperationID)
			}
		}
	}
}

// FuzzBodies looks for bodies that are a fault of the gate's, that change something although
// they are refused, or that leave a store which a gate cannot read.
func FuzzBodies(f *testing.F) {
	for i, b := range bodies {
		for _, valid := range b.valid {
			f.Add(uint8(i), valid)
		}
	}
	f.Add(uint8(1), `{"name": "a", "role": "owner", "accounts": null, "expires": "2027-06-01T00:00:00Z"}`)
	f.Add(uint8(2), `{"account": null, "channels": null}`)
	s := newServer(f)
	f.Fuzz(func(t *testing.T, i uint8, body string) {
		b := bodies[int(i)%len(bodies)]
		before := s.loader.Current()
		answer := s.ask(b.method, b.path, body)
		if answer.Code >= http.StatusInternalServerError {
			t.Fatalf("%s: %d %s", b.operation, answer.Code, answer.Body)
		}
		if answer.Code >= http.StatusBadRequest && s.loader.Current() != before {
			t.Errorf("%s: refused with %d, and something changed", b.operation, answer.Code)
		}
		if answer.Code < http.StatusBadRequest && !json.Valid(answer.Body.Bytes()) {
			t.Errorf("%s: the answer is not JSON: %s", b.operation, answer.Body)
		}
		if _, err := s.loader.Load(); err != nil {
			t.Fatalf("%s: the store cannot be read any more: %v", b.operation, err)
		}
	})
}

// A list that is empty, absent or null must not be taken for another of the three: the one
// permits nothing and the other everything.
func TestAnEmptyLimitOfAKeyPermitsNothing(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct {
		says, members string
		status        int
		want          string // in the key that is shown
	}{
		{"absent", ``, 201, ""},
		{"empty", `, "channels": []`, 201, `"channels":[]`},
		{"one", `, "channels": ["voice"]`, 201, `"channels":["voice"]`},
		{"null", `, "channels": null`, 422, ""},
		{"empty, and then others", `, "channels": [], "channels": ["voice"]`, 422, ""},
	} {
		answer := s.ask("POST", "/keys", `{"account": "`+fuzzedAccount+`"`+c.members+`}`)
		if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.want) ||
			c.says == "absent" && strings.Contains(answer.Body.String(), "channels") {
			t.Errorf("%s: %d %s", c.says, answer.Code, answer.Body)
		}
	}
}

// What is stated twice could be read in more than one way, and null as nothing or as a default.
// A merge patch removes what is null.
func TestEveryBodyIsReadStrictly(t *testing.T) {
	s := newServer(t)
	s.ask("PUT", "/accounts/"+fuzzedAccount, `{"messaging": ["US"]}`)
	before := s.loader.Current()
	refuses := func(operation int, body string) {
		t.Helper()
		b := bodies[operation]
		if answer := s.ask(b.method, b.path, body); answer.Code != http.StatusUnprocessableEntity || s.loader.Current() != before {
			t.Errorf("%s with %s: %d %s", b.operation, body, answer.Code, answer.Body)
		}
	}
	for i, b := range bodies {
		refuses(i, "null")
		for _, valid := range b.valid {
			members := map[string]json.RawMessage{}
			if err := json.Unmarshal([]byte(valid), &members); err != nil {
				t.Fatal(err)
			}
			for name, value := range members {
				refuses(i, fmt.Sprintf(`%s, %q: %s}`, strings.TrimSuffix(valid, "}"), name, value))
				if b.operation == "patch-account" {
					continue
				}
				members[name] = json.RawMessage("null")
				withNull, err := json.Marshal(members)
				if err != nil {
					t.Fatal(err)
				}
				refuses(i, string(withNull))
				members[name] = value
			}
		}
	}
}
