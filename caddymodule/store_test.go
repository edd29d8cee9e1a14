package caddymodule_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// storeServer is a Caddy with a gate that has a store, and an admin endpoint.
type storeServer struct {
	*caddyServer
	admin     string
	caddyfile string
}

// startStore runs a gate with a store; policy is what the Caddyfile states besides.
func startStore(t *testing.T, store, policy string) *storeServer {
	t.Helper()
	s := newStoreServer(t, store, policy)
	loadCaddyfile(t, s.caddyfile)
	return s
}

// newStoreServer is one that does not run yet.
func newStoreServer(t *testing.T, store, policy string) *storeServer {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir()) // where the spool of refusals is
	s := &storeServer{
		caddyServer: &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"},
		admin:       harness.FreeAddress(t),
	}
	caddyfile := gateCaddyfile(s.gate, s.upstream.address, s.log, "\t\t"+store+"\n"+policy, "")
	s.caddyfile = strings.Replace(caddyfile, "admin off", "admin "+s.admin, 1)
	return s
}

// manage sends a request to the management API on the admin endpoint.
func (s *storeServer) manage(t *testing.T, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+s.admin+"/tollgate/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// sends reports the status of a message to the US by acme.
func (s *storeServer) sends(t *testing.T, account, to string) int {
	t.Helper()
	response, _ := s.raw(t, post(messages(account), messageTo(to)))
	return response.StatusCode
}

func TestAChangeOfPermissionsIsInForceForTheNextRequest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "permissions.db")
	s := startStore(t, "store sqlite "+file, "")
	if status := s.sends(t, acme, inUS); status == http.StatusCreated {
		t.Fatal("an account that nothing states may send")
	}
	response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	if response.StatusCode != http.StatusCreated || response.Header.Get("ETag") == "" {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if status := s.sends(t, acme, inUS); status != http.StatusCreated {
		t.Errorf("the next request is answered %d", status)
	}
	if status := s.sends(t, acme, inUZ); status == http.StatusCreated {
		t.Error("what is not permitted is sent")
	}

	// Another process, or the same: what was changed is kept.
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, s.caddyfile)
	if status := s.sends(t, acme, inUS); status != http.StatusCreated {
		t.Errorf("after a restart, a request is answered %d", status)
	}
	loadCaddyfile(t, strings.Replace(s.caddyfile, "store sqlite", "block +1900 premium\n\t\tstore sqlite", 1))
	if status := s.sends(t, acme, inUS); status != http.StatusCreated {
		t.Errorf("after a reload, a request is answered %d", status)
	}

	if response, body := s.manage(t, "DELETE", "/accounts/"+acme, ""); response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if status := s.sends(t, acme, inUS); status == http.StatusCreated {
		t.Error("an account that was deleted may send")
	}
}

func TestTheManagementAPIAnswersInTheFormOfTheWeb(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), acmePolicy)
	type problem struct {
		Status int
		Detail string
		Errors []struct{ Message, Location string }
	}
	const other = "AC33333333333333333333333333333333"
	for _, c := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		says                     string // in the problem
		location                 string
	}{
		{"an account that does not exist", "GET", "/accounts/" + other, "", nil, 404, "not found", ""},
		{"one that a file states", "GET", "/accounts/" + acme, "", nil, 200, `"messaging"`, ""},
		{"a change of that", "PUT", "/accounts/" + acme, `{"messaging": ["UZ"]}`, nil, 409, "a file states it", ""},
		{"an unknown territory", "PUT", "/accounts/" + other, `{"voice": {"low_risk": ["US", "UX"]}}`, nil, 422, "UX", "body.voice.low_risk[1]"},
		{"an unknown member", "PUT", "/accounts/" + other, `{"mesaging": ["US"]}`, nil, 422, "mesaging", "body"},
		{"a parent that does not exist", "PUT", "/accounts/" + other, `{"parent": "` + child + `"}`, nil, 422, "is not defined", ""},
		{"a placeholder", "PUT", "/accounts/" + other, `{"label": "{env.HOME}"}`, nil, 422, "placeholder", "body.label"},
		{"another id", "PUT", "/accounts/" + other, `{"id": "` + child + `"}`, nil, 422, "names", ""},
		{"not JSON", "PUT", "/accounts/" + other, `{"messaging"`, nil, 400, "", ""},
		{"no JSON type", "PUT", "/accounts/" + other, `{}`, []string{"Content-Type", "text/plain"}, 415, "", ""},
		{"from a page of another site", "DELETE", "/accounts/" + other, "", []string{"Sec-Fetch-Site", "cross-site"}, 403, "", ""},
		{"of an object that is not there", "PUT", "/accounts/" + other, `{}`, []string{"If-Match", `"1"`}, 412, "read it again", ""},
		{"an unknown parameter", "PUT", "/accounts/" + other + "?dryrun=true", `{}`, nil, 422, "", ""},
		{"an unknown resource", "GET", "/nothing", "", nil, 404, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := s.manage(t, c.method, c.path, c.body, c.header...)
			var p problem
			_ = json.Unmarshal([]byte(body), &p)
			if response.StatusCode != c.status || !strings.Contains(body, c.says) {
				t.Fatalf("%d %s", response.StatusCode, body)
			}
			if c.location != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.location) {
				t.Errorf("%+v", p.Errors)
			}
		})
	}
}

func TestAChangeThatIsTriedChangesNothing(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), "")
	if response, body := s.manage(t, "PUT", "/accounts/"+acme+"?dry_run=true", `{"messaging": ["US"]}`); response.StatusCode != 200 || !strings.Contains(body, `"changed":true`) {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if status := s.sends(t, acme, inUS); status == http.StatusCreated {
		t.Error("it was made")
	}
}

func TestTwoWhoKnowTheSameStateDoNotOverwriteEachOther(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), "")
	first, _ := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`, "If-None-Match", "*")
	etag := first.Header.Get("ETag")
	if again, _ := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["CA"]}`, "If-None-Match", "*"); again.StatusCode != 412 {
		t.Errorf("what exists is created again: %d", again.StatusCode)
	}
	if alice, _ := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US", "CA"]}`, "If-Match", etag); alice.StatusCode != 200 || alice.Header.Get("ETag") == etag {
		t.Errorf("%d, ETag %s", alice.StatusCode, alice.Header.Get("ETag"))
	}
	if bob, _ := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US", "MX"]}`, "If-Match", etag); bob.StatusCode != 412 {
		t.Errorf("a change by what was before is answered %d", bob.StatusCode)
	}
}

// Twilio's clients take 20503 for what it is: nothing was sent, and it may be sent again.
func TestAGateWithoutItsStoreSendsNothingAndComesUpByItself(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(folder, nil, 0o600); err != nil { // where the folder is to be
		t.Fatal(err)
	}
	s := startStore(t, "store sqlite "+filepath.Join(folder, "permissions.db"), acmePolicy)
	response, body := s.raw(t, post(messages(acme), messageTo(inUS)))
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "20503") {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if response, _ := s.manage(t, "PUT", "/accounts/"+child, `{}`); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a change is answered %d", response.StatusCode)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the gate sends", func() bool { return s.sends(t, acme, inUS) == http.StatusCreated })
}

func TestMetricsSayWhichRevisionOfTheStoreIsInForce(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), "")
	began := time.Now()
	for _, territory := range []string{"US", "CA"} {
		if response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["`+territory+`"]}`); response.StatusCode >= 300 {
			t.Fatal(body)
		}
	}
	metrics := readMetrics(t, s.admin+"/metrics")
	if !strings.Contains(metrics, "\ncaddy_tollgate_store_revision 2\n") {
		t.Error("the revision is not 2")
	}
	if !strings.Contains(metrics, "\ncaddy_tollgate_store_rereads_total 0\n") {
		t.Error("a store that did not go back was read again")
	}
	contact := regexp.MustCompile(`(?m)^caddy_tollgate_store_contact_seconds (\S+)$`).FindStringSubmatch(metrics)
	if contact == nil {
		t.Fatal("no contact")
	}
	if at, err := strconv.ParseFloat(contact[1], 64); err != nil || time.UnixMilli(int64(at*1000)).Before(began.Add(-time.Second)) {
		t.Errorf("the store last answered at %s", contact[1])
	}
	// Each change is another revision, and must not be another series.
	if series := regexp.MustCompile(`caddy_tollgate_policy_revision\{revision="([^"]*)"\}`).FindStringSubmatch(metrics); series == nil || strings.Contains(series[1], ".") {
		t.Errorf("revision %v", series)
	}
}

func TestTerritoriesAreAddedForTheNextRequest(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), "")
	s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": []}`)
	if status := s.sends(t, acme, inUS); status == http.StatusCreated {
		t.Fatal("an account without territories may send")
	}
	if response, body := s.manage(t, "POST", "/accounts/"+acme+"/territories/add", `{"channel": "messaging", "territories": ["US"]}`); response.StatusCode != 200 || !strings.Contains(body, `"opens":1`) {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if status := s.sends(t, acme, inUS); status != http.StatusCreated {
		t.Errorf("the next request is answered %d", status)
	}
	question := `{"account": "` + acme + `", "channel": "messaging", "to": "` + inUZ + `"}`
	if response, body := s.manage(t, "POST", "/judge", question); response.StatusCode != 200 || !strings.Contains(body, `"verdict":"deny"`) || !strings.Contains(body, `"code":21408`) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}
