package permissions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// The accounts of the scripts.
const (
	company    = "AC00000000000000000000000000000001"
	subaccount = "AC00000000000000000000000000000003"
)

// scriptLanguages are how the scripts run, by the endings of their files. Each finds what it needs
// or says what is missing.
var scriptLanguages = map[string]func(t *testing.T) (program, missing string){
	".js": func(t *testing.T) (program, missing string) {
		modules, err := filepath.Abs("../clients/node/node_modules")
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("NODE_PATH", modules)
		node, err := exec.LookPath("node")
		if err == nil {
			_, err = os.Stat(filepath.Join(modules, "twilio"))
		}
		if err != nil {
			return "", err.Error()
		}
		return node, ""
	},
	".py": func(t *testing.T) (program, missing string) {
		t.Setenv("PYTHONDONTWRITEBYTECODE", "1")
		// Debian's packages are for Debian's Python, which may not be the first.
		for _, python := range []string{"python3", "/usr/bin/python3"} {
			if exec.Command(python, "-c", "import twilio").Run() == nil {
				return python, ""
			}
		}
		return "", "the module twilio of python3"
	},
}

// scriptRun is a gate and the scripts of a language.
type scriptRun struct {
	gate, api, program, ending string
}

// manage asks the management API for something as its owner.
func (s *scriptRun) manage(t *testing.T, method, path, body string) string {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+s.api+"/tollgate/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("alice", "alice-example")
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s, %v", method, path, response.StatusCode, text, err)
	}
	return string(text)
}

// calls are the territories that an account states for ordinary calls.
func (s *scriptRun) calls(t *testing.T, account string) string {
	t.Helper()
	var document struct {
		Voice struct {
			LowRisk []string `json:"low_risk"`
		}
	}
	if err := json.Unmarshal([]byte(s.manage(t, "GET", "/accounts/"+account, "")), &document); err != nil {
		t.Fatal(err)
	}
	return strings.Join(document.Voice.LowRisk, " ")
}

// mayCall reports whether the gate lets a call of an account through.
func (s *scriptRun) mayCall(t *testing.T, account, to string) bool {
	t.Helper()
	form := url.Values{"To": {to}, "From": {"+12015550199"}, "Url": {"https://example.com/hello"}}
	r, err := http.NewRequest("POST", "http://"+s.gate+"/2010-04-01/Accounts/"+account+"/Calls.json", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(account, "secret")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusCreated
}

// prints runs a script with the credential of an account, and checks what it prints.
func (s *scriptRun) prints(t *testing.T, account, want, name string, arguments ...string) {
	t.Helper()
	command := exec.Command(s.program, append([]string{"scripts/" + name + s.ending}, arguments...)...)
	command.Env = append(os.Environ(), "TOLLGATE=http://"+s.gate, "TWILIO_ACCOUNT_SID="+account, "TWILIO_AUTH_TOKEN=secret",
		// Requests to loopback addresses pass no proxy of this machine.
		"HTTP_PROXY=", "HTTPS_PROXY=", "http_proxy=", "https_proxy=", "NODE_USE_ENV_PROXY=", "NODE_EXTRA_CA_CERTS=")
	text, err := command.CombinedOutput()
	if got := strings.TrimSpace(string(text)); err != nil || got != want {
		t.Errorf("%s prints\n%s\nand not\n%s\n%v", name, got, want, err)
	}
}

// startCarrier starts one that accepts all, and has no alerts.
func startCarrier(t *testing.T) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = io.WriteString(w, `{"alerts": [], "meta": {"key": "alerts", "next_page_url": null}}`)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// What people do with Twilio's permissions by its libraries for Node and Python, as its guides have
// it (https://www.twilio.com/docs/voice/api/dialingpermissions-resources). Only the host differs.
func TestTwiliosScriptsChangeTheGate(t *testing.T) {
	for ending, find := range scriptLanguages {
		t.Run(ending, func(t *testing.T) {
			program, missing := find(t)
			if missing != "" {
				if os.Getenv("CI") == "true" {
					t.Fatal(missing)
				}
				t.Skipf("%s is missing; .ci/install-clients installs it", missing)
			}
			gate, api := start(t, startCarrier(t))
			s := &scriptRun{gate, api, program, ending}
			s.manage(t, "PUT", "/accounts/"+company+"?acknowledge_high_risk=true",
				`{"voice": {"low_risk": ["US", "GB"], "high_risk_special": ["LV", "GB"], "high_risk_tollfraud": ["LV"]}}`)
			s.manage(t, "PUT", "/accounts/"+subaccount, `{"parent": "`+company+`"}`)

			t.Run("close all risky classes in every country", func(t *testing.T) {
				s.prints(t, company, "closed 2: GB LV", "close_high_risk")
				s.prints(t, company, "closed 0:", "close_high_risk")
				if document := s.manage(t, "GET", "/accounts/"+company, ""); strings.Contains(document, "LV") {
					t.Errorf("the account is %s", document)
				}
			})
			t.Run("compare what is open with a list", func(t *testing.T) {
				s.prints(t, company, "not in the list: GB\nnot open: DE", "compare", "US", "DE")
			})
			// The entry US is Canada too, and of that of GB only one of four is open.
			t.Run("write all countries back, one of them open", func(t *testing.T) {
				s.prints(t, company, "accepted: all of them true", "write_back", "DE")
				if got := s.calls(t, company); got != "US GB DE" {
					t.Errorf("the account may call %s", got)
				}
				for number, want := range map[string]bool{"+12015550123": true, "+15062345678": false, "+4930123456": true, "+441534960001": false} {
					if got := s.mayCall(t, company, number); got != want {
						t.Errorf("a call to %s is let through: %v", number, got)
					}
				}
			})
			t.Run("open the home country of a new subaccount", func(t *testing.T) {
				s.prints(t, subaccount, "inherits: false\nopen: FR", "open_home", "FR")
				if got := s.calls(t, subaccount); got != "FR" {
					t.Errorf("the subaccount may call %s", got)
				}
				if got := s.calls(t, company); got != "US GB DE" {
					t.Errorf("the account may call %s", got)
				}
				if !s.mayCall(t, subaccount, "+33123456789") || s.mayCall(t, subaccount, "+12015550123") || s.mayCall(t, company, "+33123456789") {
					t.Error("the calls that are let through are not those")
				}
			})
			t.Run("find the calls that were refused", func(t *testing.T) {
				harness.Await(t, "the store has the three refusals", func() bool {
					return strings.Count(s.manage(t, "GET", "/audit/refusals?account="+company, ""), `"destination"`) == 3
				})
				s.prints(t, company, "21215: 3", "blocked_calls", "21215")
			})
		})
	}
}
