package command_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// runGate runs a gate with an empty store, in a folder that has the files, and returns its
// admin endpoint.
func runGate(t *testing.T, in, policy string) string {
	t.Helper()
	admin := harness.FreeAddress(t)
	text := "{\n\tadmin " + admin + "\n\tpersist_config off\n\ttollgate {\n\t\tstore sqlite permissions.db\n\t\t" + policy + "\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(in, "gate.caddy"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := exec.Command(program(t), "run", "--config", "gate.caddy", "--adapter", "caddyfile")
	gate.Dir = in
	harness.Start(t, gate).AwaitListening(t, admin)
	awaitGate(t, admin)
	return admin
}

// awaitGate waits until a gate is in force: Caddy's admin endpoint listens before.
func awaitGate(t *testing.T, admin string) {
	t.Helper()
	harness.Await(t, "the gate is in force", func() bool {
		response, err := http.Get("http://" + admin + "/tollgate/policy")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// gateStep is a command against a running gate.
type gateStep struct {
	name, command, input string

	status            int
	output, complaint string
}

// askGate runs commands one after another: each finds what those before it left.
func askGate(t *testing.T, in, admin string, steps []gateStep) {
	t.Helper()
	for _, step := range steps {
		args := append(strings.Split(step.command, "|"), "--address", admin)
		status, output, complaint := ask(t, in, step.input, args...)
		if status != step.status || !strings.Contains(output, step.output) || !strings.Contains(complaint, step.complaint) {
			t.Errorf("%s: status %d\n%s\n%s", step.name, status, output, complaint)
		}
	}
}

func TestCommandsChangeARunningGate(t *testing.T) {
	in := folder(t)
	const third = "AC33333333333333333333333333333333"
	admin := runGate(t, in, "account "+third)
	for name, text := range map[string]string{
		"acme.yaml":  "version: 1\naccounts:\n  - id: " + acme + "\n    label: Acme\n    messaging: [US]\n",
		"third.yaml": "version: 1\naccounts:\n  - id: " + acme + "\n  - id: " + third + "\n",
		"child.yaml": "version: 1\naccounts:\n  - id: " + acme + "\n  - id: " + child + "\n    parent: AC44444444444444444444444444444444\n",
	} {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	askGate(t, in, admin, []gateStep{
		{"nothing is there", "account|show|" + acme, "", 1, "", "not found"},
		{"an account that is tried", "account|put|--dry-run|acme.yaml", "", 0, "account " + acme + ": would be changed, revision ", ""},
		{"is not there", "account|show|" + acme, "", 1, "", "not found"},
		{"an account", "account|put|--reason|new customer|acme.yaml", "", 0, "account " + acme + ": changed, revision ", ""},
		{"the same again", "account|put|-", "version: 1\naccounts: [{id: " + acme + ", label: Acme, messaging: [US]}]\n", 0, "as it was", ""},
		{"is shown as a policy file", "account|show|" + acme, "", 0, "version: 1\naccounts:\n  - id: " + acme + "\n    label: Acme\n    messaging: [US]\n", ""},
		{"and in JSON", "account|show|--json|" + acme, "", 0, `"label": "Acme"`, ""},
		{"an account with a mistake", "account|put|mistake.yaml", "", 2, "", "mistake.yaml:4:17: "},
		{"a file that states more", "account|put|policy.yaml", "", 2, "", "states more than accounts"},
		{"a file without accounts", "account|put|-", "version: 1\n", 2, "", "standard input states no account"},
		{"one that a file states", "account|delete|" + third, "", 1, "", third},

		{"the store as a policy file", "policy|pull", "", 0, "    label: Acme\n", "revision 1 of the store\n"},
		{"is as the store is", "policy|diff|acme.yaml", "", 0, "NO DIFFERENCE", ""},
		{"another one is not", "policy|diff|wider.yaml", "", 1, "  opens    ", ""},
		{"a push that is tried", "policy|push|--dry-run|wider.yaml", "", 0, "1 object of the store would be changed, revision 1 of the store", ""},
		{"a push by what was before", "policy|push|--expect-revision|0|wider.yaml", "", 1, "", "the store is at revision 1: "},
		{"a push", "policy|push|--expect-revision|1|wider.yaml", "", 0, "1 object of the store changed, revision 2 of the store", ""},
		{"a push again, in JSON", "policy|push|--json|wider.yaml", "", 0, `"objects": [],`, ""},
		{"a push of what a file states", "policy|push|third.yaml", "", 1, "", third},
		{"a push with a mistake that the gate finds names the line", "policy|push|child.yaml", "", 1, "", "child.yaml:5:13: "},
		{"a push of a file with a mistake", "policy|push|mistake.yaml", "", 2, "", "mistake.yaml:4:17: "},
		{"a diff with it", "policy|diff|mistake.yaml", "", 2, "", "mistake.yaml:4:17: "},

		{"the accounts of the store", "account|list", "", 0, acme, ""},
		{"a territory is added", "account|add|--channel|voice|" + acme + "|FR", "", 0, "account " + acme + ": changed, revision ", ""},
		{"to those of before", "account|show|" + acme, "", 0, "voice: {low_risk: [US, FR]}", ""},
		{"a territory would be removed", "account|remove|--channel|voice|--dry-run|" + acme + "|FR", "", 0, "\n  closes   ", ""},
		{"and is", "account|remove|--channel|voice|" + acme + "|FR", "", 0, ": changed, revision ", ""},

		{"a block without a reason", "block|+1900", "", 2, "", "no reason given"},
		{"a block", "block|--reason|premium|+1900", "", 0, "block +1900: changed, revision ", ""},
		{"a block with a mistake", "block|--reason|premium|1900", "", 1, "", "1900"},
		{"an allow", "allow|--reason|support|--channel|voice|--until|2030-01-01|+4930123456", "", 0, "allow +4930123456: changed, revision ", ""},
		{"the rules", "block|list", "", 0, "allow +4930123456  voice    -     2030-01-01  support\n", ""},
		{"a block for a time, with an exception", "block|--reason|attack|--from|1h|--until|3d|--except|+4420,+4421|+442", "", 0, "changed, revision ", ""},
		{"is listed with what it excepts", "block|list", "", 0, "block +442 except +4420 +4421  ", ""},
		{"a block that is over", "block|--reason|attack|--until|2020-01-01|+442", "", 1, "", "until: must be in the future"},
		{"a block until a time in words", "block|--reason|attack|--until|soon|+442", "", 2, "", `--until: cannot read "soon" as a duration, date or time`},
		{"a block of a mistyped channel", "block|--reason|attack|--channel|vocie|+442", "", 2, "", `--channel: unknown word "vocie", did you mean "voice"?`},
		{"a rule that is not there", "block|delete|--reason|x|none", "", 1, "", "not found"},

		{"a suspension of one that a file states", "suspend|--reason|leaked key|" + third, "", 0, "suspension of " + third + ": changed", ""},
		{"its end", "resume|--reason|revoked|" + third, "", 0, "suspension of " + third + ": deleted", ""},
		{"no suspension to end", "resume|--reason|revoked|" + third, "", 1, "", "not found"},
		{"says where others are", "resume|--reason|revoked|" + third, "", 1, "", "one that a file or the account itself states is ended there"},
		{"a suspension for two days", "suspend|--reason|leaked key|--until|2d|" + third, "", 0, "suspension of " + third + ": changed", ""},
		{"and its end", "resume|--reason|revoked|" + third, "", 0, "suspension of " + third + ": deleted", ""},
		{"a panic that is tried", "panic|--reason|leaked keys|--dry-run", "", 0, "\nall accounts\n  closes   panic \"leaked keys\": ", ""},
		{"a panic", "panic|--reason|leaked keys|--protect|" + acme, "", 0, "panic: changed", ""},
		{"its end", "panic|--undo|--reason|keys revoked", "", 0, "panic: deleted", ""},
		{"no incidents", "incident|list", "", 0, "STATE  ACCOUNT  RULE", ""},
		{"no incidents, in JSON", "incident|list|--json", "", 0, "[]\n", ""},
		{"incidents of one account", "incident|list|" + acme, "", 2, "", "incident list takes no arguments"},

		{"no holds", "hold|list", "", 0, "ID  LIMIT", ""},
		{"no holds to release", "hold|release|--reason|ours|--all", "", 0, "", "note: nothing is held"},
		{"no feeds", "feed|list|--json", "", 0, "[]\n", ""},
		{"a feed that there is not", "feed|show|iprn", "", 1, "", "error: feed iprn: not found"},
		{"a number that no feed has", "feed|show|+12015550123", "", 1, "no feed has +12015550123", ""},
		{"what is not a number", "feed|show|+1201x", "", 1, "", "it is not a number"},
		{"what a file would change of a feed that there is not", "feed|diff|iprn|-", "+8821300\n", 2, "", "error: feed iprn: not found"},

		{"an opening without an end", "open|--account|" + acme + "|--channel|voice|--reason|fair|FR", "", 2, "", "an opening needs --until"},
		{"an opening with a mistake", "open|--account|" + acme + "|--channel|voice|--until|2020-01-01|--reason|fair|FR", "", 1, "", "until"},
		{"an opening of a mistyped territory", "open|--account|" + acme + "|--channel|voice|--until|3d|--reason|fair|Indonesiaa", "", 1, "", `to: unknown territory "Indonesiaa", did you mean "ID"?`},
		{"an opening of what is high risk", "open|--account|" + acme + "|--channel|messaging|--until|3d|--reason|fair|BD", "", 1, "", "--acknowledge-high-risk is needed: the opening is high risk"},
		{"an opening", "open|--account|" + acme + "|--channel|voice|--until|3d|--reason|fair|ID", "", 0, ": changed, revision ", ""},
		{"is listed with whose it is and what for", "open|list|--state|open", "", 0, "  open   " + acme + "  ID  voice    ", ""},
		{"openings in a mistyped state", "open|list|--state|opne", "", 2, "", `--state: unknown word "opne", did you mean "open"?`},
		{"no openings", "open|list|--state|pending", "", 0, "ID  STATE", ""},
		{"an opening that is not there", "approve|none", "", 1, "", ""},

		{"a token", "token|create|--name|onboarding|--role|admin|--account|" + acme + "|--expires|90d", "", 0, "token  tgt_", ""},
		{"a token without a role", "token|create|--name|onboarding|--expires|90d", "", 2, "", "a token needs --name, --role and --expires"},
		{"the tokens", "token|list", "", 0, "  active  admin  " + acme, ""},
		{"a token of a mistyped role", "token|create|--name|onboarding|--role|admn|--expires|90d", "", 2, "", `--role: unknown word "admn", did you mean "admin"?`},
		{"a token that is not there", "token|revoke|aaaaaaaaaaaaa", "", 1, "", "not found"},

		{"what is not there cannot be deleted", "account|delete|" + child, "", 1, "", "not found"},
		{"changes from a date on", "audit|list|--action|suspension.put|--from|2020-01-01", "", 0, "suspension.put  " + third, ""},
		{"changes before a date", "audit|list|--to|2020-01-01|--json", "", 0, "[]", ""},
		{"changes of a day in words", "audit|list|--from|yesterday", "", 2, "", `--from: cannot read "yesterday" as a date or time`},
		{"changes of a mistyped action", "audit|list|--action|acount.put", "", 2, "", `--action: unknown word "acount.put", did you mean "account.put"?`},
		{"refusals by a mistyped dimension", "audit|report|--by|teritory,reason", "", 2, "", `--by: unknown word "teritory", did you mean "territory"?`},
		{"an account is deleted", "account|delete|" + acme, "", 0, "account " + acme + ": deleted, revision ", ""},
	})
}

func TestAGateThatDoesNotRunIsNotAsked(t *testing.T) {
	in := folder(t)
	for _, command := range []string{"policy pull", "account show acme", "policy push policy.yaml", "incident list"} {
		status, _, complaint := ask(t, in, "", append(strings.Fields(command), "--address", "127.0.0.1:1")...)
		if status != 2 || !strings.Contains(complaint, "asking the running gate (is it running") {
			t.Errorf("%s: status %d, %s", command, status, complaint)
		}
	}
}
