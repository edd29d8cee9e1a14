package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// audited asks the management API for a list.
func (s *storeServer) audited(t *testing.T, path string) (items []map[string]any) {
	t.Helper()
	response, body := s.manage(t, "GET", path, "")
	var answer struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s, %v", path, response.StatusCode, body, err)
	}
	return answer.Items
}

func TestEachRefusalIsRecordedInTheStore(t *testing.T) {
	for name, mode := range map[string]string{
		"with nothing stated": "", "batched": "audit batched\n", "strict": "audit strict {\nretain denials 30d\nretain changes forever\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db")+"\n"+mode, acmePolicy)
			s.sends(t, acme, inUS)
			if status := s.sends(t, acme, inUZ); status != http.StatusBadRequest {
				t.Fatalf("it is answered %d", status)
			}
			var found []map[string]any
			harness.Await(t, "the refusal is there", func() bool {
				found = s.audited(t, "/audit/refusals")
				return len(found) > 0 || strings.Contains(mode, "strict") // then it is at once
			})
			if len(found) != 1 {
				t.Fatalf("there are %v", found)
			}
			for member, want := range map[string]any{
				"account": acme, "channel": "messaging", "territory": "UZ", "outcome": "deny", "reason": "territory_not_enabled", "client": "127.0.0.1",
			} {
				if found[0][member] != want {
					t.Errorf("%s is %v and not %v", member, found[0][member], want)
				}
			}
			if to, _ := found[0]["destination"].(string); !strings.HasPrefix(to, "***") {
				t.Errorf("the destination is %q", to)
			}
		})
	}
}

func TestWhatIsOnlyMonitoredIsRecordedToo(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db")+"\naudit strict\nobserve\n", acmePolicy)
	if status := s.sends(t, acme, inUZ); status != http.StatusCreated {
		t.Fatalf("it is answered %d", status)
	}
	if found := s.audited(t, "/audit/refusals?outcome=monitor"); len(found) != 1 {
		t.Errorf("there are %v", found)
	}
}

// The spool is what a gate without its store has. What is in it comes into the store once.
func TestRefusalsOutliveAReloadAndARestart(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db")+"\naudit batched\n", acmePolicy)
	sent := 0
	refuse := func() {
		for range 5 {
			s.sends(t, acme, inUZ)
			sent++
		}
	}
	refuse()
	loadCaddyfile(t, strings.Replace(s.caddyfile, "audit batched", "audit strict", 1))
	refuse()
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, s.caddyfile)
	refuse()
	harness.Await(t, "all are there", func() bool { return len(s.audited(t, "/audit/refusals?territory=UZ")) == sent })
	response, err := http.Get("http://" + s.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"caddy_tollgate_refusals_written_total 5", "caddy_tollgate_refusals_lost_total 0", "caddy_tollgate_refusals_spool_age_seconds 0"} {
		if !strings.Contains(string(text), "\n"+want+"\n") {
			t.Errorf("the metrics do not say %s", want)
		}
	}
}

// Two gates of one machine have the same default. Neither is kept from starting by the other, and
// what a gate left that does not run any more gets into the store.
func TestAGateStartsThoughItsSpoolIsNotToBeHad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spool   string
		folders int // how many others use
		left    bool
	}{
		"another gate uses it":                     {t.TempDir() + "/refusals", 1, false},
		"two other gates use it and one beside it": {t.TempDir() + "/refusals", 2, false},
		"a gate left some beside it":               {t.TempDir() + "/refusals", 0, true},
		"it cannot be made":                        {file, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, suffix := range []string{"", "-2"}[:c.folders] {
				other, err := refusals.Open(refusals.Options{Folder: c.spool + suffix})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { other.Close() })
			}
			want := 1
			if c.left {
				want++
				leave(t, c.spool+"-2")
			}
			s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db")+"\naudit {\nspool "+c.spool+"\n}\n", acmePolicy)
			if status := s.sends(t, acme, inUZ); status != http.StatusBadRequest {
				t.Fatalf("it is answered %d", status)
			}
			loadCaddyfile(t, strings.Replace(s.caddyfile, "audit {", "audit strict {", 1))
			harness.Await(t, "all are there", func() bool { return len(s.audited(t, "/audit/refusals?territory=UZ")) == want })
		})
	}
}

// leave spools a refusal, as a gate does that ends while its store is away.
func leave(t *testing.T, folder string) {
	t.Helper()
	gone, err := refusals.Open(refusals.Options{Folder: folder, Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Write(t.Context(), refusals.Refusal{Time: time.Now(), Account: acme, Channel: "messaging", Territory: "UZ", Outcome: "deny"}); err != nil {
		t.Fatal(err)
	}
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheAuditIsAskedCountedAndForgotten(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db")+"\naudit strict\n", "")
	s.manage(t, "PUT", "/accounts/"+acme+"?reason=signed+up", `{"messaging": ["US"]}`)
	s.manage(t, "PUT", "/accounts/"+child, `{"messaging": ["US"]}`)
	for range 3 {
		s.sends(t, acme, inUZ)
	}
	s.sends(t, child, inUZ)
	indexes := func(path string) string {
		var found []string
		for _, r := range s.audited(t, path) {
			found = append(found, fmt.Sprint(r["index"]))
		}
		return strings.Join(found, " ")
	}
	for _, c := range []struct{ query, want string }{
		{"", "1 0"}, {"?limit=1", "1"}, {"?before=1", "0"}, {"?account=" + acme, "0"}, {"?action=account.delete", ""},
		{"?actor=unknown", ""}, {"?from=2020-01-01T00:00:00Z", "1 0"}, {"?to=2020-01-01T00:00:00Z", ""},
	} {
		if got := indexes("/audit/changes" + c.query); got != c.want {
			t.Errorf("changes%s are %q and not %q", c.query, got, c.want)
		}
	}
	for _, c := range []struct{ path, want string }{
		{"/audit/report?by=account&format=csv", "account,count\n" + acme + ",3\n" + child + ",1\n"},
		{"/audit/report?by=account&limit=1&format=csv", "account,count\n" + acme + ",3\n"},
		{"/audit/report?by=territory,outcome&format=jsonl", `{"count":3,"outcome":"deny","territory":"UZ"}` + "\n" +
			`{"count":1,"outcome":"deny","territory":""}` + "\n"},
	} {
		if response, body := s.manage(t, "GET", c.path, ""); response.StatusCode != http.StatusOK || body != c.want {
			t.Errorf("%s: %d %s", c.path, response.StatusCode, body)
		}
	}
	for _, path := range []string{
		"/audit/report?by=time", "/audit/report", "/audit/report?by=account&limit=0", "/audit/report?by=account&limit=10001",
		"/audit/changes?before=x", "/audit/refusals?limit=0", "/audit/refusals?format=xml",
	} {
		if response, body := s.manage(t, "GET", path, ""); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
	response, body := s.manage(t, "POST", "/audit/forget?reason=asked", `{"account": "`+acme+`"}`)
	if response.StatusCode != http.StatusOK || strings.TrimSpace(body) != `{"changes":1,"refusals":3}` {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if _, body := s.manage(t, "GET", "/audit/changes", ""); strings.Contains(body, "signed up") || !strings.Contains(body, "audit.forget") {
		t.Errorf("the changes are %s", body)
	}
	for _, r := range s.audited(t, "/audit/refusals?account="+acme) {
		if r["client"] != nil || r["destination"] != nil || r["territory"] != "UZ" {
			t.Errorf("there is %v", r)
		}
	}
	// Changes go on: the record of forgetting was a revision.
	if response, body := s.manage(t, "DELETE", "/accounts/"+acme, ""); response.StatusCode != http.StatusOK {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

// Who a client that is not known says it is, is on record, and not more of it than a name has.
func TestANameThatIsTooLongForOneIsOnRecordInPart(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db")+"\n", acmePolicy)
	long := strings.Repeat("é", 2000)
	for _, c := range []struct{ account, user string }{{long, "x"}, {acme, "SK" + long}} {
		r, err := http.NewRequest("POST", "http://"+s.gate+"/2010-04-01/Accounts/"+url.PathEscape(c.account)+"/Messages.json",
			strings.NewReader(url.Values{"To": {inUZ}, "From": {"+12015550199"}, "Body": {"Hello"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(c.user, "secret")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	var found []map[string]any
	harness.Await(t, "the refusals are there", func() bool {
		found = s.audited(t, "/audit/refusals")
		return len(found) == 2
	})
	for _, r := range found {
		for _, member := range []string{"account", "credential"} {
			if text, _ := r[member].(string); len(text) > 110 || strings.HasPrefix(text, "é") && text != long[:100]+"…" {
				t.Errorf("%s has %d bytes: %s", member, len(text), text)
			}
		}
	}
}
