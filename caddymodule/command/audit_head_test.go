package command_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to alter what a gate has stored

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestALogThatIsCutShortAsAWholeIsFoundByTheHeadsOfTheGate(t *testing.T) {
	in := folder(t)
	t.Setenv("XDG_DATA_HOME", t.TempDir()) // where the key of the gate is
	admin := runGate(t, in, "audit {\n\t\t\thead heads.txt\n\t\t}")
	askGate(t, in, admin, []gateStep{
		{"an account", "account|put|-", "version: 1\naccounts: [{id: " + acme + ", messaging: [US]}]\n", 0, "changed", ""},
		{"another one", "account|put|-", "version: 1\naccounts: [{id: " + child + ", messaging: [FR]}]\n", 0, "changed", ""},
	})
	heads := filepath.Join(in, "heads.txt")
	harness.Await(t, "the changes of an owner are signed at once", func() bool {
		text, _ := os.ReadFile(heads)
		return strings.Contains(string(text), "\n2\n")
	})
	_, public, _ := ask(t, in, "", "audit", "key", "--address", admin)
	if err := os.WriteFile(filepath.Join(in, "gate.pub"), []byte(public), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func(want int, says string, args ...string) {
		t.Helper()
		args = append([]string{"audit", "verify", "--config", "gate.caddy"}, args...)
		if status, output, complaint := ask(t, in, "", args...); status != want || !strings.Contains(output+complaint, says) {
			t.Errorf("%v: status %d\n%s\n%s", args, status, output, complaint)
		}
	}
	verify(0, "2 records, ", "--since", "heads.txt", "--key", "gate.pub")
	verify(0, `"heads": `, "--since", "heads.txt", "--key", strings.TrimSpace(public), "--json")
	verify(2, "add --key", "--since", "heads.txt")
	verify(2, "add --since", "--key", "gate.pub")
	verify(2, "there is no head in it", "--since", "/dev/null", "--key", "gate.pub")
	verify(2, "mistake.yaml", "--since", "heads.txt", "--key", "mistake.yaml")

	askGate(t, in, admin, []gateStep{
		{"the changes are listed", "audit|list|--account|" + acme, "", 0, "account.put  " + acme, ""},
		{"and selected", "audit|list|--action|account.delete|--json", "", 0, "[]", ""},
		{"by a time that is none", "audit|list|--from|noon", "", 2, "", `--from: cannot read "noon"`},
		{"refusals are counted", "audit|report|--by|territory,reason", "", 0, "TERRITORY  REASON  COUNT\n", ""},
		{"by nothing", "audit|report", "", 2, "", "add --by"},
		{"a record is proved", "audit|prove|1", "", 0, `"leaf": `, ""},
		{"one that does not exist is not", "audit|prove|2", "", 1, "", "the log has 2"},
	})
	_, proof, _ := ask(t, in, "", "audit", "prove", "1", "--address", admin)
	for _, c := range []struct {
		proof, says string
		status      int
	}{
		{proof, "proved by a head of 2 records", 0},
		{strings.Replace(proof, child, acme, 1), "does not lead to the signed head", 1},
	} {
		status, output, complaint := ask(t, in, c.proof, "audit", "check-proof", "--key", "gate.pub", "-")
		if status != c.status || !strings.Contains(output+complaint, c.says) {
			t.Errorf("a proof: status %d\n%s\n%s", status, output, complaint)
		}
	}

	alter := func(statements ...string) {
		t.Helper()
		db, err := sql.Open("sqlite", filepath.Join(in, "permissions.db")+"?_pragma=busy_timeout(10000)")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Of one record, there is one hash.
	alter("DELETE FROM records WHERE number = 1", "DELETE FROM hashes WHERE place > 0")
	verify(0, "1 record, ")
	verify(1, "a signed head states 2", "--since", "heads.txt", "--key", "gate.pub")
	alter(`UPDATE records SET leaf = CAST(replace(CAST(leaf AS TEXT), 'account.put', 'account.pat') AS BLOB)`)
	verify(1, "record 0: ", "--since", "heads.txt", "--key", "gate.pub")
}
