package command_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// A script that creates or revokes may be killed at any point, and a leaked key must
// be revocable at once even so.
func TestAKeyCommandThatIsKilledLeavesTheFileWholeAndTheNextOneWorks(t *testing.T) {
	const rounds = 8
	in := t.TempDir()
	kept, keptSecret := createKey(t, in, "--account", acme)
	began := time.Now()
	victim, _ := createKey(t, in, "--account", acme)
	takes := time.Since(began)
	acknowledged := map[string]bool{kept: false, victim: false} // by SID, whether it is revoked
	for round := range rounds {
		args := []string{"key", "create", "--keys", "keys.json", "--account", acme}
		if round%2 == 1 {
			args = []string{"key", "revoke", "--keys", "keys.json", victim}
		}
		command := exec.Command(program(t), args...)
		command.Dir = in
		var output bytes.Buffer
		command.Stdout = &output
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		// It writes at its end.
		kill := time.AfterFunc(takes/2+rand.N(takes/2), func() { command.Process.Kill() })
		command.Wait()
		kill.Stop()
		if match := issued.FindStringSubmatch(output.String()); match != nil {
			acknowledged[match[1]] = false
		}
		if strings.HasPrefix(output.String(), victim+" revoked ") {
			acknowledged[victim] = true
		}

		if status, _, complaint := ask(t, in, "", "key", "revoke", "--keys", "keys.json", victim); status != 0 {
			t.Fatalf("round %d: the next command fails: %s", round, complaint)
		}
		acknowledged[victim] = true
		victim, _ = createKey(t, in, "--account", acme)
		acknowledged[victim] = false

		set, err := keys.Read(filepath.Join(in, "keys.json"), carriers.All())
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		state := make(map[string]bool)
		for key := range set.All() {
			state[key.SID] = !key.Revoked.IsZero()
		}
		for sid, revoked := range acknowledged {
			if is, there := state[sid]; !there || revoked && !is {
				t.Fatalf("round %d: %s was acknowledged, revoked %t, and is there %t, revoked %t", round, sid, revoked, there, is)
			}
		}
		if _, refusal := set.Verify(kept, keptSecret, time.Now()); refusal != keys.Accepted {
			t.Fatalf("round %d: a key that no one touched is %q", round, refusal)
		}
	}
	if entries, _ := os.ReadDir(in); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
