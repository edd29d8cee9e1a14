package clients_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// keyCommand runs `tollgate key` and returns what it prints.
func keyCommand(t *testing.T, arguments ...string) []byte {
	t.Helper()
	output, err := exec.Command(harness.Build(t, "cmd/tollgate"), append([]string{"key"}, arguments...)...).Output()
	if err != nil {
		t.Fatalf("tollgate key %s: %v", arguments, err)
	}
	return output
}

// The example is set up as the page says, and Twilio's library for Node sends with a
// key until it is revoked.
func TestAnApplicationSendsWithAKeyOfTheGate(t *testing.T) {
	program := nodeProgram("key")(t)
	text, err := os.ReadFile(root + "/examples/broker/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keys.json")
	var key struct{ SID, Secret string }
	if err := json.Unmarshal(keyCommand(t, "create", "--keys", file, "--account", account, "--json"), &key); err != nil {
		t.Fatal(err)
	}
	address, sandbox := harness.FreeAddress(t), harness.FreeAddress(t)
	edits := strings.NewReplacer(":8080", port(address), ":8081", port(sandbox), "keys keys.json", "keys "+file)
	s := startGate(t, edits.Replace(string(text)), address, "TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef")
	environment := []string{"TOLLGATE=http://" + address, "TWILIO_API_KEY=" + key.SID, "TWILIO_API_SECRET=" + key.Secret}

	if output, ok := run(t, program, inUS, environment...); !ok || !strings.HasPrefix(output, "SM") {
		t.Fatalf("printed %s", output)
	}
	if output, ok := run(t, program, inUZ, environment...); ok || !refusedMessage.in(output) {
		t.Errorf("printed %s", output)
	}
	for _, secret := range []string{key.Secret, "0123456789abcdef0123456789abcdef"} {
		if strings.Contains(s.Log(t), secret) {
			t.Error("the log holds a secret")
		}
	}
	keyCommand(t, "revoke", "--keys", file, key.SID)
	for deadline := time.Now().Add(10 * time.Second); ; {
		output, ok := run(t, program, inUS, environment...)
		if !ok && strings.HasPrefix(output, "20003 ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("a revoked key is accepted: %s", output)
		}
	}
}
