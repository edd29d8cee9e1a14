package caddymodule_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// geoIPFile is a copy of MaxMind's test database.
func geoIPFile(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("../internal/geoip/testdata/GeoLite2-Country-Test.mmdb")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "country.mmdb")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// An account that is created by an address in London sends low-risk messages at home, and calls
// the numbers that were verified; nothing else.
func TestATrialAccountSendsAtHomeAndCallsVerifiedNumbers(t *testing.T) {
	const (
		verified = "+447400123456"
		other    = "+447400123457"
		premium  = "+449098790123"
	)
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"),
		"\t\tgeoip "+geoIPFile(t)+"\n\t\tdefault {\n\t\t\tmessaging US\n\t\t\tverify messaging US\n\t\t}\n")
	s.must(t, http.StatusOK, "POST", "/accounts?dry_run=true", `{"id": "`+acme+`", "trial": true, "client_ip": "81.2.69.142"}`)
	s.mustAnswer(t, http.StatusBadRequest, acme, other)
	s.must(t, http.StatusCreated, "POST", "/accounts", `{"id": "`+acme+`", "trial": true, "client_ip": "81.2.69.142", "verified": ["`+verified+`"]}`)
	call := func(to string) string {
		return post(calls(acme), "To="+url.QueryEscape(to)+"&From=%2B447400123450&Twiml=%3CResponse%2F%3E")
	}
	verification := func(to string) string {
		return strings.Replace(post("/v2/Services/VA00000000000000000000000000000001/Verifications", "Channel=sms&To="+url.QueryEscape(to)),
			"Host: api.", "Host: verify.", 1)
	}
	for _, c := range []struct {
		name, request string
		sent          bool
	}{
		{"a message at home", post(messages(acme), messageTo(other)), true},
		{"a message to a premium number at home", post(messages(acme), messageTo(premium)), false},
		{"a message abroad", post(messages(acme), messageTo(inUS)), false},
		{"a verification at home", verification(other), true},
		{"a verification abroad", verification(inUS), false},
		{"a call to a verified number", call(verified), true},
		{"a call to another number at home", call(other), false},
		{"a call to a premium number at home", call(premium), false},
	} {
		if response, _ := s.raw(t, c.request); (response.StatusCode < 300) != c.sent {
			t.Errorf("%s is answered %d", c.name, response.StatusCode)
		}
	}
	response, text := s.manage(t, "GET", "/effective?channel=messaging&account="+acme, "")
	var effective struct {
		Territories []struct{ Territory string }
	}
	if err := json.Unmarshal([]byte(text), &effective); err != nil || response.StatusCode != http.StatusOK ||
		len(effective.Territories) != 1 || effective.Territories[0].Territory != "GB" {
		t.Errorf("it reaches %s, %v", text, err)
	}

	// It stays as it was made.
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, s.caddyfile)
	s.mustAnswer(t, http.StatusCreated, acme, other)
	s.must(t, http.StatusConflict, "POST", "/accounts", `{"id": "`+acme+`", "trial": true, "client_ip": "81.2.69.142"}`)
}

func TestAGateWithoutItsGeoIPDatabaseStarts(t *testing.T) {
	file := geoIPFile(t)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), "\t\tgeoip "+file+"\n")
	const create = `{"id": "` + acme + `", "trial": true, "client_ip": "81.2.69.142"}`
	s.must(t, http.StatusServiceUnavailable, "POST", "/accounts", create)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the account is created", func() bool {
		response, _ := s.manage(t, "POST", "/accounts", create)
		return response.StatusCode == http.StatusCreated
	})
	// What is in force stays over a reload of the configuration with a broken file.
	if err := os.WriteFile(file, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, strings.Replace(s.caddyfile, "store sqlite", "national strict\n\t\tstore sqlite", 1))
	s.must(t, http.StatusOK, "POST", "/accounts?dry_run=true", strings.Replace(create, acme, "AC00000000000000000000000000000009", 1))
}

func TestTheAgeOfTheGeoIPDatabaseIsAMetric(t *testing.T) {
	_, metrics, _ := startMetrics(t, "geoip "+geoIPFile(t)+"\ndefault {\n\tmessaging US\n}\n")
	text := readMetrics(t, metrics)
	if !regexp.MustCompile(`(?m)^caddy_tollgate_geoip_age_seconds\{type="GeoLite2-Country"\} \S+$`).MatchString(text) ||
		!strings.Contains(text, "\ncaddy_tollgate_geoip_file_ok 1\n") {
		t.Error("it is not there, or not in force")
	}
	_, metrics, _ = startMetrics(t, "geoip "+filepath.Join(t.TempDir(), "none.mmdb")+"\ndefault {\n\tmessaging US\n}\n")
	if text := readMetrics(t, metrics); strings.Contains(text, "geoip_age_seconds{") || !strings.Contains(text, "\ncaddy_tollgate_geoip_file_ok 0\n") {
		t.Error("a file that is not there is in force, or not reported")
	}
}
