package command_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// tokenOf is the auth token of an account.
func tokenOf(account string) string { return "secret" + account[2:10] }

// startAccounts is a carrier that has acme and its subaccount, and knows their auth tokens: all that
// a gate forwards. It lists others too.
func startAccounts(t *testing.T, others []any) string {
	t.Helper()
	account := func(id string) map[string]string {
		return map[string]string{"sid": id, "friendly_name": "{env.HOME} " + id[2:4], "owner_account_sid": acme, "status": "active", "auth_token": tokenOf(id)}
	}
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if len(user) < 10 || password != tokenOf(user) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401}`))
			return
		}
		var answer any = account(user)
		if r.URL.Path == "/2010-04-01/Accounts.json" {
			answer = map[string]any{"accounts": append([]any{account(acme), account(child)}, others...), "page": 0, "page_size": 1000}
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(carrier.Close)
	return strings.TrimPrefix(carrier.URL, "http://")
}

// carrierGate is a gate that stands in for the carrier.
type carrierGate struct{ in, admin, site string }

// runCarrier runs a gate that answers the carrier's resources, with a policy in its store. The
// carrier lists other accounts besides.
func runCarrier(t *testing.T, policy string, others ...any) carrierGate {
	t.Helper()
	g := carrierGate{in: folder(t), admin: harness.FreeAddress(t), site: harness.FreeAddress(t)}
	text := "{\n\tadmin " + g.admin + "\n\tpersist_config off\n\tauto_https off\n\ttollgate {\n\t\tstore sqlite permissions.db\n\t}\n}\n" +
		"http://" + strings.Replace(g.site, "127.0.0.1", "", 1) + " {\n\troute {\n\t\ttollgate twilio {\n\t\t\tpermissions_api write\n\t\t\tupstream " + startAccounts(t, others) +
		"\n\t\t}\n\t\ttollgate_forward\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(g.in, "gate.caddy"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := exec.Command(program(t), "run", "--config", "gate.caddy", "--adapter", "caddyfile")
	gate.Dir = g.in
	harness.Start(t, gate).AwaitListening(t, g.admin)
	awaitGate(t, g.admin)
	g.write(t, "carrier.yaml", policy)
	if status, output, complaint := ask(t, g.in, "", "policy", "push", "--acknowledge-high-risk", "--address", g.admin, "carrier.yaml"); status != 0 {
		t.Fatalf("the policy of the carrier is not in force: %s%s", output, complaint)
	}
	return g
}

func (g *carrierGate) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(g.in, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ask runs a command as acme, for which the gate is the carrier.
func (g *carrierGate) ask(t *testing.T, args ...string) (status int, output, complaint string) {
	t.Helper()
	return g.askWith(t, []string{"TWILIO_ACCOUNT_SID=" + acme, "TWILIO_AUTH_TOKEN=" + tokenOf(acme)}, args...)
}

// askWith runs a command with other variables.
func (g *carrierGate) askWith(t *testing.T, environment []string, args ...string) (status int, output, complaint string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if args[0] != "__complete" {
		args = append(args, "--api", "http://"+g.site)
	}
	command := exec.Command(program(t), args...)
	command.Dir, command.Stdout, command.Stderr = g.in, &stdout, &stderr
	command.Env = append(append(os.Environ(), "HOME="+g.in), environment...)
	if err := command.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	if said := stdout.String() + stderr.String(); strings.Contains(said, tokenOf(acme)) || strings.Contains(said, tokenOf(child)) {
		t.Errorf("%q tells a secret: %s", args, said)
	}
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// atCarrier is what acme and a subaccount of it have at the carrier.
const atCarrier = "version: 1\naccounts:\n  - id: " + acme + "\n    messaging: [US, PK]\n    voice: {low_risk: [US, CA, DE, SG], high_risk_special: [DE]}\n" +
	"    approved: [{territory: SG, channel: voice, reason: ticket}]\n  - id: " + child + "\n    parent: " + acme + "\n    messaging: [FR]\n"

func TestAnImportedPolicyIsAsTheCarriers(t *testing.T) {
	g := runCarrier(t, atCarrier)
	for _, format := range []string{"yaml", "caddyfile"} {
		status, output, complaint := g.ask(t, "import", "twilio", "--subaccounts", "--format", format)
		if status != 0 || !strings.Contains(complaint, "US (voice) is CA US") {
			t.Fatalf("%s: status %d\n%s\n%s", format, status, output, complaint)
		}
		file := "imported." + map[string]string{"yaml": "yaml", "caddyfile": "caddy"}[format]
		g.write(t, file, output)
		flag := map[string]string{"yaml": "--policy", "caddyfile": "--config"}[format]
		if status, output, complaint := g.ask(t, "drift", flag, file, "--subaccounts"); status != 0 || !strings.Contains(output, "NO DIFFERENCE  2 accounts compared") {
			t.Errorf("%s: status %d\n%s\n%s", format, status, output, complaint)
		}
		if format == "yaml" {
			for _, want := range []string{
				"    label: \"(env.HOME) 11\"\n", "    messaging: [PK, US]\n", "low_risk: [CA, DE, SG, US], high_risk_special: [DE], high_risk_tollfraud: []",
				"    parent: " + acme + "\n    messaging: [FR]\n",
			} {
				if !strings.Contains(output, want) {
					t.Errorf("the policy lacks %q:\n%s", want, output)
				}
			}
		}
	}
}

func TestDriftIsWhatTheCarrierPermitsMoreOrLess(t *testing.T) {
	g := runCarrier(t, atCarrier)
	g.write(t, "same.yaml", atCarrier)
	g.write(t, "half.yaml", strings.Replace(atCarrier, "US, CA, DE", "US, DE", 1))
	g.write(t, "wider.yaml", "version: 1\naccounts:\n  - id: "+acme+"\n    messaging: [US, PK, GB]\n    voice: {low_risk: [US, CA, SG]}\n    approved: [{territory: SG, channel: voice, reason: ticket}]\n")
	for _, test := range []struct {
		name, command string

		status            int
		output, complaint string
	}{
		{"the same", "drift -p same.yaml --subaccounts", 0, "NO DIFFERENCE  2 accounts compared\n", ""},
		{"a running gate", "drift --running --subaccounts --address " + g.admin, 0, "NO DIFFERENCE  2 accounts compared\n", ""},
		{"the accounts that are not asked for are said", "drift -p same.yaml", 0, "NO DIFFERENCE  1 account compared\n", "note: accounts of the policy that are not asked for here: " + child},
		{"a part of an entry, which the carrier cannot tell", "drift -p half.yaml", 0, "  wider     voice low_risk  US United States/Canada: CA, such as +1204", ""},
		{"is said to be so", "drift -p half.yaml", 0, "; the carrier has no finer entry than for CA US\n", ""},
		{"what is wider", "drift -p wider.yaml", 1, "  wider     voice high_risk_special  DE Germany, such as +49", ""},
		{"what is narrower", "drift -p wider.yaml", 1, "  narrower  messaging  GB United Kingdom, such as +44", ""},
		{"is counted", "drift -p wider.yaml", 1, "2 wider, 1 narrower  1 account compared\n", ""},
		{"only what is narrower", "drift -p wider.yaml --only narrower", 1, "0 wider, 1 narrower  1 account compared\n", ""},
		{"an account that the policy does not name", "drift -p wider.yaml --subaccounts", 1, "account " + child + " \"{env.HOME} 22\", which the policy does not name\n", ""},
		{"an account with a name of its own", "drift -p named.yaml", 1, "account " + acme + " \"{env.HOME} 11\"\n", ""},
		{"in JSON", "drift -p wider.yaml --json", 1, `"example": "+44`, ""},
		{"a mistyped direction", "drift -p wider.yaml --only widr", 2, "", `did you mean "wider"?`},
		{"no policy", "drift --config nowhere.caddy", 2, "", "nowhere.caddy"},
		{"two policies", "drift --running -p same.yaml", 2, "", "name one policy"},
		{"an argument", "drift same.yaml", 2, "", "name a policy with --policy"},
		{"the directions are completed", "__complete drift --only w", 0, "wider\n", ""},
	} {
		status, output, complaint := g.ask(t, strings.Fields(test.command)...)
		if status != test.status || !strings.Contains(output, test.output) || !strings.Contains(complaint, test.complaint) {
			t.Errorf("%s: status %d\n%s\n%s", test.name, status, output, complaint)
		}
	}
}

func TestAMirrorWritesWhatItIsToldTo(t *testing.T) {
	g := runCarrier(t, "version: 1\naccounts:\n  - id: "+acme+"\n    messaging: [US, FR]\n    voice: {low_risk: [DE]}\n  - {id: "+child+", parent: "+acme+"}\n")
	g.write(t, "same.yaml", "version: 1\naccounts:\n  - id: "+acme+"\n    messaging: [US, GB, PK]\n    voice: {low_risk: [US, FR], high_risk_special: [FR]}\n  - {id: "+child+", parent: "+acme+"}\n")
	g.write(t, "child.yaml", "version: 1\naccounts:\n  - id: "+child+"\n    messaging: [US]\n    voice: {low_risk: [US]}\n")
	for _, test := range []struct {
		name, command string

		status            int
		output, complaint string
	}{
		{"what would open", "-p same.yaml", 1, "  opens   voice low_risk  FR France, such as +33", "note: this is a dry run"},
		{"what has no finer entry stays closed", "-p same.yaml", 1, "; is not opened without --widen; the entry is for CA too, which the policy does not permit\n", ""},
		{"what is open stays open", "-p same.yaml", 1, "  leaves  messaging  FR France, such as +33", ""},
		{"what is high risk stays closed", "-p same.yaml", 1, "  leaves  voice high_risk_special  FR France, such as +33", ""},
		{"nothing was written", "-p same.yaml", 1, "  opens   voice low_risk  FR France, such as +33", ""},
		{"it is written", "-p same.yaml --apply", 1, "  opens   messaging  GB United Kingdom", ""},
		{"and is there", "-p same.yaml --apply", 1, "account " + acme + " \"{env.HOME} 11\"\n  leaves", ""},
		{"all of it", "-p same.yaml --apply --close --widen --acknowledge-high-risk", 1, "  closes  voice low_risk  DE Germany",
			"error: account " + acme + ": messaging  PK Pakistan, such as +92"},
		{"what the carrier refuses is said", "-p same.yaml --apply --acknowledge-high-risk", 1, "", "is not as it should be: error 30649: High risk country permission cannot be updated\n"},
		{"what inherits in both is left", "-p same.yaml --subaccounts --apply", 1, "", "account " + child + ": its calls inherit at the carrier and in the policy"},
		{"an account that the policy does not name is left", "-p child.yaml --apply --close", 0, "", "note: account " + acme + " is left as it is: the policy does not name it"},
		{"a subaccount inherits", "-p child.yaml --subaccounts --close --apply", 0, "  leaves  voice low_risk  FR France", ""},
		{"until it is to end", "-p child.yaml --subaccounts --close --apply --end-inheritance", 0, "  closes  voice low_risk  FR France", ""},
		{"then both say the same", "-p child.yaml --subaccounts", 0, "account " + child + " \"{env.HOME} 22\": nothing to do\n", ""},
	} {
		status, output, complaint := g.ask(t, append([]string{"mirror"}, strings.Fields(test.command)...)...)
		if status != test.status || !strings.Contains(output, test.output) || !strings.Contains(complaint, test.complaint) {
			t.Errorf("%s: status %d\n%s\n%s", test.name, status, output, complaint)
		}
	}
	if status, _, complaint := ask(t, g.in, "", "suspend", "--reason", "leaked", acme, "--address", g.admin); status != 0 {
		t.Fatal(complaint)
	}
	status, _, complaint := g.ask(t, "mirror", "-p", "policy.yaml", "--apply")
	for _, want := range []string{
		"error: account " + acme + ": messaging  CA Canada, such as +1", "error: account " + acme + ": writing its permissions for messages: accounts.twilio.com/v1/Messaging/GeoPermissions answers 403",
	} {
		if status != 2 || !strings.Contains(complaint, want) {
			t.Errorf("what the carrier refuses to write ends with %d and\n%s", status, complaint)
		}
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	const closed, outdated, hidden = "AC33333333333333333333333333333333", "AC44444444444444444444444444444444", "AC55555555555555555555555555555555"
	g := runCarrier(t, atCarrier,
		map[string]string{"sid": closed, "owner_account_sid": acme, "status": "closed", "auth_token": tokenOf(closed)},
		map[string]string{"sid": outdated, "owner_account_sid": acme, "status": "suspended", "auth_token": "outdated"},
		map[string]string{"sid": hidden, "owner_account_sid": acme, "status": "active"})
	token := []string{"TWILIO_ACCOUNT_SID=" + acme, "TWILIO_AUTH_TOKEN=" + tokenOf(acme)}
	wrong := []string{"TWILIO_ACCOUNT_SID=" + acme, "TWILIO_AUTH_TOKEN=wrong"}
	g.write(t, "other.yaml", "version: 1\naccounts:\n  - id: "+acme+"\n    messaging: [US]\n  - {id: "+outdated+", messaging: [US]}\n")
	for _, test := range []struct {
		name, command string
		environment   []string

		status            int
		output, complaint string
	}{
		{"the policy has the others", "import twilio --subaccounts", token, 1, "  - id: " + child, "error: account " + outdated + " is not read: reading whether its calls inherit: voice.twilio.com/v1/Settings answers 401"},
		{"and names those that it lacks", "import twilio --subaccounts", token, 1, "# account " + hidden + " could not be read, and is not here\n", "note: account " + closed + " is closed, and left out\n"},
		{"one that is suspended may not be read", "import twilio --subaccounts", token, 1, "", "note: account " + outdated + " is suspended, and the carrier may refuse to read it\n"},
		{"an account without an auth token", "import twilio --subaccounts", token, 1, "", "error: account " + hidden + " is not read: the list of accounts has no auth token for it"},
		{"a comparison is not whole", "drift --policy policy.yaml --subaccounts --json", token, 2, "\"unread\": [\n    \"" + outdated + "\",\n    \"" + hidden + "\"\n  ]", ""},
		{"a mirror is not whole", "mirror --policy other.yaml --subaccounts", token, 2, "account " + acme, "error: account " + outdated + ": reading whether its calls inherit"},
		{"no account can be read", "import twilio", wrong, 2, "", "error: account " + acme + " is not read"},
		{"the list of accounts cannot", "import twilio --subaccounts", wrong, 2, "", "error: listing the subaccounts, which needs the auth token of the account: api.twilio.com/2010-04-01/Accounts.json answers 401, error 20003: Authenticate\n"},
		{"no credentials", "import twilio", []string{"TWILIO_ACCOUNT_SID="}, 2, "", "error: no account given: set TWILIO_ACCOUNT_SID"},
		{"an unknown format", "import twilio --format yml", token, 2, "", `unknown format "yml", did you mean "yaml"?`},
		{"the formats are completed", "__complete import twilio --format y", token, 0, "yaml\n", ""},
		{"an argument", "import twilio " + acme, token, 2, "", "import twilio takes no arguments"},
	} {
		status, output, complaint := g.askWith(t, test.environment, strings.Fields(test.command)...)
		if status != test.status || !strings.Contains(output, test.output) || !strings.Contains(complaint, test.complaint) {
			t.Errorf("%s: status %d\n%s\n%s", test.name, status, output, complaint)
		}
	}
}

func TestARunningGateIsComparedWithOrWithoutAStore(t *testing.T) {
	g := runCarrier(t, atCarrier)
	g.write(t, "stated.yaml", atCarrier)
	for name, options := range map[string]string{"a policy file": "policy stated.yaml", "a policy file and a store": "policy stated.yaml\n\t\tstore sqlite other.db"} {
		admin := harness.FreeAddress(t)
		g.write(t, "second.caddy", "{\n\tadmin "+admin+"\n\tpersist_config off\n\ttollgate {\n\t\t"+options+"\n\t}\n}\n")
		second := exec.Command(program(t), "run", "--config", "second.caddy", "--adapter", "caddyfile")
		second.Dir = g.in
		harness.Start(t, second).AwaitListening(t, admin)
		awaitGate(t, admin)
		if status, output, complaint := g.ask(t, "drift", "--running", "--address", admin, "--subaccounts"); status != 0 || !strings.Contains(output, "NO DIFFERENCE  2 accounts compared") {
			t.Errorf("%s: status %d\n%s\n%s", name, status, output, complaint)
		}
	}
	status, _, complaint := g.ask(t, "drift", "--running", "--address", "127.0.0.1:1")
	if status != 2 || !strings.Contains(complaint, "asking the running gate (is it running") {
		t.Errorf("a gate that does not run is compared: status %d, %s", status, complaint)
	}
}
