package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// atTwilio is what an account has at a carrier that is made up: the codes that are open, in
// classes, "FR" or "FR special".
type atTwilio struct {
	inherits        bool
	calls, messages []string
}

// madeUp is a carrier with acme and subaccounts, which does what it is told, and more by its hooks.
type madeUp struct {
	mu       sync.Mutex
	accounts map[string]*atTwilio
	// listed are the IDs of the list of accounts.
	listed []string
	// changed is called before a change is answered.
	changed func()
	// loses is a code that any change of calls closes.
	loses string
}

var countriesThere = []string{"DE", "FR", "US"}

func (m *madeUp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	user, _, _ := r.BasicAuth()
	a := m.accounts[user]
	if a == nil || strings.HasPrefix(r.URL.Path, "/2010-04-01/Accounts/AC") && !strings.Contains(r.URL.Path, user) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodGet && m.changed != nil {
		m.changed()
	}
	_ = r.ParseForm()
	var answer any
	switch path := r.URL.Path; {
	case path == "/2010-04-01/Accounts.json":
		var list []any
		for _, id := range m.listed {
			list = append(list, m.account(id))
		}
		answer = map[string]any{"accounts": list}
	case strings.HasPrefix(path, "/2010-04-01/Accounts/"):
		answer = m.account(user)
	case path == "/v1/Settings":
		if r.Method == http.MethodPost {
			a.inherits = false
		}
		answer = map[string]bool{"dialing_permissions_inheritance": a.inherits}
	case path == "/v1/DialingPermissions/BulkCountryUpdates":
		m.update(a, r.PostForm.Get("UpdateRequest"))
		answer = map[string]any{"update_count": 1}
	case path == "/v1/DialingPermissions/Countries":
		answer = map[string]any{"content": m.calls(a)}
	default:
		answer = map[string]any{"permissions": messagesOf(a, r)}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (m *madeUp) account(id string) map[string]string {
	return map[string]string{"sid": id, "owner_account_sid": acme, "status": "active", "auth_token": tokenOf(id)}
}

func (m *madeUp) update(a *atTwilio, text string) {
	var updates []map[string]string
	_ = json.Unmarshal([]byte(text), &updates)
	for _, u := range updates {
		for class, name := range map[string]string{"": "low_risk", " special": "high_risk_special"} {
			a.calls = slices.DeleteFunc(a.calls, func(code string) bool { return code == u["iso_code"]+class || code == m.loses })
			if u[name+"_numbers_enabled"] == "true" {
				a.calls = append(a.calls, u["iso_code"]+class)
			}
		}
	}
}

func (m *madeUp) calls(a *atTwilio) (content []any) {
	if a.inherits {
		a = m.accounts[acme]
	}
	for _, code := range countriesThere {
		content = append(content, map[string]any{"iso_code": code, "name": code, "low_risk_numbers_enabled": slices.Contains(a.calls, code),
			"high_risk_special_numbers_enabled": slices.Contains(a.calls, code+" special"), "high_risk_tollfraud_numbers_enabled": false})
	}
	return content
}

func messagesOf(a *atTwilio, r *http.Request) (items []any) {
	for _, text := range r.PostForm["Permissions"] {
		var item struct {
			Code    string `json:"country_code"`
			Enabled bool   `json:"enabled"`
		}
		_ = json.Unmarshal([]byte(text), &item)
		a.messages = slices.DeleteFunc(a.messages, func(code string) bool { return code == item.Code })
		if item.Enabled {
			a.messages = append(a.messages, item.Code)
		}
	}
	for _, code := range countriesThere {
		items = append(items, map[string]any{"country_code": code, "type": "country", "enabled": slices.Contains(a.messages, code)})
	}
	return items
}

// command is one that has a policy, and asks a carrier as acme.
func (m *madeUp) command(t *testing.T, policy string, args ...string) *exec.Cmd {
	t.Helper()
	carrier := httptest.NewServer(m)
	t.Cleanup(carrier.Close)
	in := folder(t)
	if err := os.WriteFile(filepath.Join(in, "policy.yaml"), []byte("version: 1\naccounts:\n"+policy), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program(t), append(args, "--api", carrier.URL)...)
	command.Dir = in
	command.Env = append(os.Environ(), "HOME="+in, "TWILIO_ACCOUNT_SID="+acme, "TWILIO_AUTH_TOKEN="+tokenOf(acme))
	return command
}

// run runs a command, and returns its status and what it says.
func (m *madeUp) run(t *testing.T, policy string, args ...string) (status int, output, complaint string) {
	t.Helper()
	command := m.command(t, policy, args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	_ = command.Run()
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func (m *madeUp) has(id string) string {
	a := m.accounts[id]
	slices.Sort(a.calls)
	slices.Sort(a.messages)
	return fmt.Sprint(a.inherits, a.calls, a.messages)
}

// The parent's policy lacks what the subaccount's has.
const subaccountHasMore = "  - {id: " + acme + ", messaging: [US], voice: {low_risk: [US, CA]}}\n  - {id: " + child + ", parent: " + acme + ", messaging: [US, FR], voice: {low_risk: [US, CA, FR]}}\n"

func TestClosingForAParentClosesNothingOfASubaccount(t *testing.T) {
	for _, test := range []struct{ name, flags, parent, sub, output string }{
		{"a subaccount that inherits and was read", "--subaccounts", "false [FR US] [FR US]", "true [] [FR US]", "account " + child + " may inherit it, for which the policy permits it"},
		{"one that is not asked for", "", "false [FR US] [FR US]", "true [] [FR US]", "is not closed: account " + child + " may inherit it"},
		{"one that no longer inherits, on the first run", "--subaccounts --end-inheritance", "false [FR US] [FR US]", "true [] [FR US]", "account " + child + " may inherit it"},
	} {
		m := &madeUp{listed: []string{acme, child}, accounts: map[string]*atTwilio{
			acme:  {calls: []string{"US", "FR", "DE"}, messages: []string{"US", "FR", "DE"}},
			child: {inherits: true, messages: []string{"US", "FR"}},
		}}
		if test.flags != "--subaccounts --end-inheritance" {
			m.accounts[child].messages = []string{"US", "FR", "DE"} // as its parent's, so it may inherit
		}
		_, output, complaint := m.run(t, subaccountHasMore, strings.Fields("mirror -p policy.yaml --apply --close "+test.flags)...)
		if !strings.Contains(output, test.output) {
			t.Errorf("%s: %s%s", test.name, output, complaint)
		}
		for _, code := range []string{"FR", "US"} {
			if !slices.Contains(m.accounts[acme].calls, code) {
				t.Errorf("%s: the parent's calls are %q, which its subaccount needs", test.name, m.accounts[acme].calls)
			}
		}
		if slices.Contains(m.accounts[acme].calls, "DE") {
			t.Errorf("%s: what no policy permits stays open", test.name)
		}
	}
}

func TestADryRunIsWhatIsDone(t *testing.T) {
	const policy = "  - {id: " + acme + ", messaging: [US, DE], voice: {low_risk: [US, CA, DE]}}\n  - {id: " + child + ", parent: " + acme + ", messaging: [FR], voice: {low_risk: [FR, DE]}}\n"
	for _, flags := range []string{"", "--close", "--close --end-inheritance", "--end-inheritance"} {
		m := &madeUp{listed: []string{acme, child}, accounts: map[string]*atTwilio{
			acme:  {calls: []string{"US", "FR"}, messages: []string{"US", "FR"}},
			child: {inherits: true, messages: []string{"US", "FR"}},
		}}
		args := strings.Fields("mirror -p policy.yaml --subaccounts " + flags)
		before := m.has(acme) + m.has(child)
		_, planned, _ := m.run(t, policy, args...)
		if after := m.has(acme) + m.has(child); after != before {
			t.Errorf("%q: a dry run made %s of %s", flags, after, before)
		}
		_, done, complaint := m.run(t, policy, append(args, "--apply")...)
		if planned != done || strings.Contains(complaint, "error") {
			t.Errorf("%q: it would do\n%sand did\n%s%s", flags, planned, done, complaint)
		}
	}
}

func TestACallThatWasInheritedStaysPermitted(t *testing.T) {
	// The subaccount has a list of its own, which counts once it no longer inherits.
	m := &madeUp{listed: []string{acme, child}, accounts: map[string]*atTwilio{
		acme: {calls: []string{"US", "FR", "FR special"}}, child: {inherits: true, calls: []string{"DE special"}},
	}}
	policy := "  - {id: " + acme + ", voice: {low_risk: [US, CA, FR]}}\n  - {id: " + child + ", parent: " + acme + ", voice: {low_risk: [US, CA, DE]}}\n"
	status, output, complaint := m.run(t, policy, strings.Fields("mirror -p policy.yaml --subaccounts --end-inheritance --apply")...)
	if got := m.has(child); status != 0 || got != "false [DE FR FR special US] []" {
		t.Errorf("the subaccount has %s, status %d\n%s%s", got, status, output, complaint)
	}
}

func TestWhatACarrierClosesByItselfIsSaid(t *testing.T) {
	m := &madeUp{listed: []string{acme}, accounts: map[string]*atTwilio{acme: {calls: []string{"US", "FR"}}}, loses: "US"}
	status, output, complaint := m.run(t, "  - {id: "+acme+", voice: {low_risk: [US, CA, FR, DE]}}\n", "mirror", "-p", "policy.yaml", "--apply")
	if status != 1 || !strings.Contains(complaint, "error: account "+acme+": voice  US was open, and is closed now, which none of these steps does\n") {
		t.Errorf("status %d\n%s%s", status, output, complaint)
	}
}

func TestAnInterruptLeavesNoAccountHalfWritten(t *testing.T) {
	m := &madeUp{listed: []string{acme, child}, accounts: map[string]*atTwilio{acme: {}, child: {}}}
	policy := "  - {id: " + acme + ", messaging: [FR], voice: {low_risk: [FR]}}\n  - {id: " + child + ", parent: " + acme + ", messaging: [DE], voice: {low_risk: [DE]}}\n"
	command := m.command(t, policy, "mirror", "-p", "policy.yaml", "--subaccounts", "--apply")
	var said bytes.Buffer
	command.Stderr = &said
	var once sync.Once
	m.mu.Lock() // the carrier answers once it has the process
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	m.changed = func() {
		once.Do(func() {
			_ = command.Process.Signal(os.Interrupt)
			<-time.After(time.Second / 2) // or all may be written before the process has the signal
		})
	}
	m.mu.Unlock()
	_ = command.Wait()
	if got := m.has(acme) + m.has(child); command.ProcessState.ExitCode() != 2 || got != "false [FR] [FR]false [] []" ||
		!strings.Contains(said.String(), "error: interrupted: account "+child+" and those after it are left as they are\n") {
		t.Errorf("status %d, the accounts have %s\n%s", command.ProcessState.ExitCode(), got, said.String())
	}
}

func TestASubaccountThatIsListedTwiceIsOne(t *testing.T) {
	m := &madeUp{listed: []string{acme, child, child}, accounts: map[string]*atTwilio{acme: {calls: []string{"FR"}}, child: {inherits: true}}}
	status, output, complaint := m.run(t, "", "import", "twilio", "--subaccounts")
	if status != 0 || strings.Count(output, "id: "+child) != 1 {
		t.Errorf("status %d\n%s%s", status, output, complaint)
	}
}

func TestAKeyOfAnotherAccountIsRefused(t *testing.T) {
	m := &madeUp{accounts: map[string]*atTwilio{"SKother": {messages: []string{"US"}}}}
	command := m.command(t, "  - {id: "+acme+", messaging: [FR]}\n", "mirror", "-p", "policy.yaml", "--apply", "--close")
	command.Env = append(command.Env, "TWILIO_API_KEY=SKother", "TWILIO_API_SECRET=other")
	said, _ := command.CombinedOutput()
	if status := command.ProcessState.ExitCode(); status != 2 || m.has("SKother") != "false [] [US]" || !strings.Contains(string(said), "error: the API key is not one of account "+acme) {
		t.Errorf("status %d, the other account has %s\n%s", status, m.has("SKother"), said)
	}
}

func TestWhatIsOpenForATimeIsNotClosed(t *testing.T) {
	in, admin := folder(t), harness.FreeAddress(t)
	if err := os.WriteFile(filepath.Join(in, "gate.caddy"), []byte("{\n\tadmin "+admin+"\n\tpersist_config off\n\ttollgate {\n\t\tstore sqlite permissions.db\n\t}\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := exec.Command(program(t), "run", "--config", "gate.caddy", "--adapter", "caddyfile")
	gate.Dir = in
	harness.Start(t, gate).AwaitListening(t, admin)
	awaitGate(t, admin)
	if err := os.WriteFile(filepath.Join(in, "policy.yaml"), []byte("version: 1\naccounts:\n  - {id: "+acme+", messaging: [US], voice: {low_risk: [US, CA]}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"policy", "push", "policy.yaml"},
		{"open", "--account", acme, "--channel", "voice", "--until", "2d", "--reason", "conference", "FR"},
		{"open", "--account", acme, "--channel", "messaging", "--from", "1d", "--until", "2d", "--reason", "campaign", "+4915"},
	} {
		if status, output, complaint := ask(t, in, "", append(args, "--address", admin)...); status != 0 {
			t.Fatalf("%q: status %d\n%s%s", args, status, output, complaint)
		}
	}
	m := &madeUp{accounts: map[string]*atTwilio{acme: {calls: []string{"US", "FR", "DE"}, messages: []string{"US", "FR", "DE"}}}}
	status, output, complaint := m.run(t, "", "mirror", "--running", "--address", admin, "--close", "--apply")
	if got := m.has(acme); status != 0 || got != "false [FR US] [DE US]" || !strings.Contains(output, "is not closed: the opening of FR voice is kept until 2") {
		t.Errorf("the account has %s, status %d\n%s%s", got, status, output, complaint)
	}
}

func TestWithoutAPolicyAllThatNameOneAreSaid(t *testing.T) {
	for _, name := range []string{"drift", "mirror"} {
		command := new(madeUp).command(t, "", name)
		command.Dir = t.TempDir()
		said, _ := command.CombinedOutput()
		if status := command.ProcessState.ExitCode(); status != 2 || string(said) != "error: no policy given: add --policy, --config or --running\n" {
			t.Errorf("%s ends with %d: %s", name, status, said)
		}
	}
}
