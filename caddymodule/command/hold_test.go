package command_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestHoldsAreNamedByIDsOrTogether(t *testing.T) {
	in := folder(t)
	askGate(t, in, runGate(t, in, "account "+acme), []gateStep{
		{"of a store, they are those of all gates", "hold|list", "", 0, "ID  LIMIT  HELD  SINCE  UNTIL  REFUSED  SEEN", ""},
		{"all together", "hold|release|--reason|ours|--all", "", 0, "0 holds released, revision ", "note: nothing is held"},
		{"all, tried", "hold|release|--reason|ours|--all|--dry-run", "", 0, "0 holds ", "note: nothing is held"},
		{"those of a limit of an account", "hold|release|--reason|ours|--limit|block|--account|" + acme, "", 0, "0 holds released", ""},
		{"as JSON", "hold|release|--reason|ours|--limit|block|--json", "", 0, `"released": []`, ""},
		{"nothing is named", "hold|release|--reason|ours", "", 2, "", "name holds by their IDs"},
		{"all, and those of a limit", "hold|release|--reason|ours|--all|--limit|block", "", 2, "", "name holds by their IDs"},
		{"an ID, and those of a limit", "hold|release|--reason|ours|--limit|block|abc", "", 2, "", "name holds by their IDs"},
		{"without a reason", "hold|release|--all", "", 2, "", "reason"},
		{"one that is over", "hold|release|--reason|ours|abc", "", 1, "", "it is over, or was released"},
	})
}

func TestTheHoldsOfAGateWithoutAStoreAreItsOwn(t *testing.T) {
	in, admin := folder(t), harness.FreeAddress(t)
	text := "{\n\tadmin " + admin + "\n\tpersist_config off\n\ttollgate {\n\t\taccount " + acme + "\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(in, "gate.caddy"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := exec.Command(program(t), "run", "--config", "gate.caddy", "--adapter", "caddyfile")
	gate.Dir = in
	harness.Start(t, gate).AwaitListening(t, admin)
	awaitGate(t, admin)
	askGate(t, in, admin, []gateStep{
		{"the list", "hold|list", "", 0, "ID  LIMIT", "note: these are the holds of this gate alone"},
		{"the list as JSON", "hold|list|--json", "", 0, "[]", "note: these are the holds of this gate alone"},
		{"a release", "hold|release|--reason|ours|--all", "", 0, "0 holds released", ""},
		{"what a store has", "account|list", "", 1, "", "there is no store"},
	})
}
