package permissions_test

import (
	"cmp"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// The gate is a process of its own, and the day a script that asks it, as people do.
func TestTheDayGoesAsTheScriptSays(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the script needs curl, which is not installed")
	}
	gate, api := start(t, "")
	day := exec.Command("sh", "day.sh")
	day.Env = append(os.Environ(), "GATE="+gate, "API="+api)
	said, err := day.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	harness.Golden(t, "day.txt", string(said))
}

// start runs the gate of this folder, on ports that are free on this machine, and returns the
// addresses of the gate and of the API. Behind the gate is a carrier, or without one the sandbox.
func start(t *testing.T, carrier string) (gate, api string) {
	t.Helper()
	text, err := os.ReadFile("Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	gate, api = harness.FreeAddress(t), harness.FreeAddress(t)
	admin, sandbox := harness.FreeAddress(t), harness.FreeAddress(t)
	ports := strings.NewReplacer("localhost:2019", admin, "8080", harness.Port(gate),
		"127.0.0.1:8081", cmp.Or(carrier, sandbox), ":8081", ":"+harness.Port(sandbox), "8082", harness.Port(api))
	// The store is beside the Caddyfile.
	caddyfile := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(caddyfile, []byte(ports.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	process := harness.Start(t, exec.Command(harness.Build(t, "cmd/tollgate"), "run", "--config", caddyfile))
	process.AwaitListening(t, gate)
	process.AwaitListening(t, api)
	harness.Await(t, "the gate has read its store", func() bool {
		response, err := http.Get("http://" + admin + "/tollgate/v1/accounts/none")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		// Before the gate is there at all, Caddy answers 404 too.
		return response.StatusCode == http.StatusNotFound && response.Header.Get("Content-Type") == "application/problem+json"
	})
	return gate, api
}
