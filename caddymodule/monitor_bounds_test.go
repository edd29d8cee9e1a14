package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// attacked is a store in which a blocked call and a change of acme's permissions lie behind more
// refused messages and other changes than one request reads.
func attacked(t *testing.T) string {
	t.Helper()
	const more = 10_500
	file := filepath.Join(t.TempDir(), "permissions.db")
	kept, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	var all []refusals.Refusal
	var records []audit.Record
	began := time.Now().Add(-time.Hour)
	for i := range more + 1 {
		at := began.Add(time.Duration(i) * time.Millisecond)
		r := refusals.Refusal{ID: refusals.NewID(at), Time: at, Account: acme, Channel: "messaging", Reason: "territory_not_enabled", Outcome: "deny", RequestID: "RQ"}
		record := audit.Record{Action: "account.put", Kind: string(store.Account), Object: acme, Account: acme, Before: json.RawMessage(`{"id":"` + acme + `","messaging":["US"]}`), After: json.RawMessage(`{"id":"` + acme + `","messaging":["US"],"label":"` + fmt.Sprint(i) + `"}`)}
		if i == 0 {
			r.Channel, record.After = "voice", json.RawMessage(`{"id":"`+acme+`","messaging":["US","CA"]}`)
		}
		all, records = append(all, r), append(records, record)
	}
	if err := kept.Refusals().Append(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	version, err := kept.Read(t.Context(), func(store.Object) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Commit(t.Context(), store.Change{Expect: version, Records: records}); err != nil {
		t.Fatal(err)
	}
	return "store sqlite " + file
}

func TestARequestReadsSoManyRecordsAtMost(t *testing.T) {
	s := monitoredBy(t, attacked(t), "", acmePolicy)
	for _, c := range []struct {
		key, path string
		alone     bool
	}{
		{"alerts", "/v1/Alerts?ErrorCode=21215", true},
		{"events", "/v1/Events?EventType=sms-geographic-permissions.updated", false},
	} {
		status, body := s.resource(t, acme, "GET", "monitor", c.path, nil)
		if found, next := body[c.key].([]any), body["meta"].(map[string]any)["next_page_url"]; status != http.StatusOK || len(found) != 0 || next == nil {
			t.Errorf("%s is answered %d with %d and the link %v", c.path, status, len(found), next)
		}
		if all, next := s.listed(t, acme, c.key, c.path); len(all) != 1 || (next == "") != c.alone {
			t.Errorf("%s has %d, and %q follows", c.path, len(all), next)
		}
	}
	if got := s.upstream.asked(); len(got) != 0 {
		t.Errorf("the carrier was asked %q", got)
	}
}

func TestRecordsAreForACredentialThatTheCarrierAccepts(t *testing.T) {
	s := newStoreServer(t, monitorStores["sqlite"](t), "\t\taudit strict\n"+acmePolicy)
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, secret, _ := r.BasicAuth(); secret != "other" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(carrier.Close)
	loadCaddyfile(t, strings.Replace(s.caddyfile, s.upstream.address, strings.TrimPrefix(carrier.URL, "http://"), 1))
	s.sends(t, acme, inUZ)
	for _, path := range []string{"/v1/Alerts", "/v1/Alerts?ErrorCode=21408", "/v1/Events", "/v1/Alerts/NO00000000000000000000000000000001"} {
		if status, body := s.resource(t, acme, "GET", "monitor", path, nil); status != http.StatusUnauthorized {
			t.Errorf("%s is answered %d %v", path, status, body)
		}
	}
}

// Anyone may name an account. What the carrier would not have sent in any case is not its alert.
func TestARefusalThatItsClientWasNotShownIsNotAnAlert(t *testing.T) {
	s := newStoreServer(t, monitorStores["sqlite"](t), "\t\taudit strict\n"+acmePolicy)
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, secret, _ := r.BasicAuth(); secret == "wrong" {
			w.WriteHeader(http.StatusUnauthorized)
		} else if strings.HasPrefix(r.URL.Path, "/v1/Alerts/") {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(carrier.Close)
	loadCaddyfile(t, strings.Replace(s.caddyfile, s.upstream.address, strings.TrimPrefix(carrier.URL, "http://"), 1))
	for secret, want := range map[string]int{"wrong": http.StatusUnauthorized, "secret": http.StatusBadRequest} {
		request := strings.Replace(post(messages(acme), messageTo(inUZ)), asAcme, basic(acme+":"+secret), 1)
		if response, body := s.raw(t, request); response.StatusCode != want {
			t.Fatalf("by %s it is answered %d %s", secret, response.StatusCode, body)
		}
	}
	answered := map[any]string{}
	for _, refusal := range s.audited(t, "/audit/refusals") {
		answered[refusal["answered"]] = refusal["id"].(string)
	}
	if len(answered) != 2 || answered["20003"] == "" || answered[nil] == "" {
		t.Fatalf("the refusals are %v", answered)
	}
	all, _ := s.listed(t, acme, "alerts", "/v1/Alerts?ErrorCode=21408")
	if len(all) != 1 || all[0]["sid"] != "NO"+answered[nil] {
		t.Errorf("the alerts are %v", all)
	}
	// The carrier is asked for what the gate has no alert of.
	if status, body := s.resource(t, acme, "GET", "monitor", "/v1/Alerts/NO"+answered["20003"], nil); status != http.StatusNotFound || len(body) != 0 {
		t.Errorf("that of the unknown client is answered %d %v", status, body)
	}
}

func TestARequestForRecordsIsLoggedOnce(t *testing.T) {
	s := monitored(t, "", acmePolicy)
	s.refuse(t, acme, 1, 0)
	for _, path := range []string{"/v1/Alerts", "/v1/Alerts?PageToken=tollgate-carrier", "/v1/Alerts/NO00000000000000000000000000000001"} {
		s.resource(t, acme, "GET", "monitor", path, nil)
	}
	var reasons []any
	for _, text := range s.accessLog(t, 4) {
		reasons = append(reasons, parseLog(t, text).Tollgate["reason"])
	}
	if want := []any{"territory_not_enabled", "permission_resource", nil, nil}; !slices.Equal(reasons, want) {
		t.Errorf("the log has %v", reasons)
	}
	if found := s.audited(t, "/audit/refusals"); len(found) != 1 {
		t.Errorf("there are %v", found)
	}
}
