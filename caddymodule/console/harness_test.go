package console_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	_ "github.com/caddyserver/caddy/v2/modules/standard"

	_ "github.com/caddy-tollgate/tollgate/caddymodule"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

func TestMain(m *testing.M) {
	status := postgres.Main(m)
	closeBrowser()
	os.Exit(status)
}

// Accounts of the tests.
const (
	acme   = "AC11111111111111111111111111111111"
	child  = "AC22222222222222222222222222222222"
	inFile = "AC33333333333333333333333333333333"
)

const pages = "/tollgate/console/"

// storeInUse makes an empty store of the kind that the tests use, and returns the option for it.
var storeInUse = newSQLite

func newSQLite(t *testing.T) string {
	t.Helper()
	return "sqlite " + filepath.Join(t.TempDir(), "permissions.db")
}

// gate is a real Caddy in this process: with a gate before the carrier's sandbox, a store, and
// two sites with a console. One says in X-User whom it has authenticated, and one says nothing.
type gate struct{ admin, site, open, sends string }

// team are the administrators of a gate, unless a test has others.
var team = []string{"owner alice", "admin bob", "approver dave", "viewer carol"}

// startGate runs a gate until the test ends. Caddy is one per process: tests that use it cannot
// run in parallel.
func startGate(t *testing.T) *gate {
	t.Helper()
	return startGateOf(t, team...)
}

// startGateOf is startGate with other administrators.
func startGateOf(t *testing.T, administrators ...string) *gate {
	t.Helper()
	return startGateOn(t, storeInUse(t), administrators...)
}

// startGateOn is startGate with a store that other gates may have, and other administrators.
func startGateOn(t *testing.T, store string, administrators ...string) *gate {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	g := &gate{harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t)}
	sandbox := harness.FreeAddress(t)
	countries, err := filepath.Abs("../../internal/geoip/testdata/GeoLite2-Country-Test.mmdb")
	if err != nil {
		t.Fatal(err)
	}
	caddyfile := `{
	admin ` + g.admin + `
	auto_https off
	persist_config off
	grace_period 1s
	log {
		output discard
	}
	tollgate {
		store ` + store + `
		geoip ` + countries + `
		account ` + inFile + ` "Stated in a file" {
			messaging US
		}
		administrators {
			` + strings.Join(administrators, "\n") + `
		}
	}
}
http://` + g.sends + ` {
	tollgate twilio {
		upstream ` + sandbox + `
	}
	tollgate_forward
}
http://` + sandbox + ` {
	tollgate_sandbox twilio
}
:` + harness.Port(g.site) + ` {
	bind 127.0.0.1
	@user header X-User *
	vars @user http.auth.user.id {header.X-User}
	tollgate_api
	tollgate_console
	respond "the next handler" 418
}
:` + harness.Port(g.open) + ` {
	bind 127.0.0.1
	tollgate_console
	respond "the next handler" 418
}
`
	text, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(caddyfile), map[string]any{"filename": "Caddyfile"})
	if err != nil {
		t.Fatalf("adapting: %v\n%s", err, caddyfile)
	}
	if err := caddy.Load(text, true); err != nil {
		t.Fatalf("loading: %v", err)
	}
	t.Cleanup(func() { _ = caddy.Stop() })
	return g
}

// stated asks the management API on the admin endpoint to make something so.
func (g *gate) stated(t *testing.T, method, path, body string) string {
	t.Helper()
	response, text := ask(t, method, "http://"+g.admin+"/tollgate/v1"+path, body, http.Header{"Content-Type": {"application/json"}})
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	return text
}

// ask sends a request, and does not follow where it leads.
func ask(t *testing.T, method, url, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	response, err := http.DefaultTransport.RoundTrip(r)
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

// send sends a message of an account through the gate, and returns the status of the answer.
func (g *gate) send(t *testing.T, account, to string) int {
	t.Helper()
	form := url.Values{"To": {to}, "From": {"+12015550199"}, "Body": {"Hello"}}
	r, err := http.NewRequest("POST", "http://"+g.sends+"/2010-04-01/Accounts/"+account+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(account, "0123456789abcdef0123456789abcdef")
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// expectSend sends a message, which must be answered with a status.
func (g *gate) expectSend(t *testing.T, account, to string, status int) {
	t.Helper()
	if got := g.send(t, account, to); got != status {
		t.Fatalf("sending to %s is answered %d and not %d", to, got, status)
	}
}

// soon is when what a test makes expires.
func soon() string { return time.Now().Add(time.Hour).UTC().Format(time.RFC3339) }
