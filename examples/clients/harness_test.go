package clients_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// root of the repository.
const root = "../.."

// The account of the tests and the places it writes to.
const (
	account = "AC00000000000000000000000000000001"
	service = "VA00000000000000000000000000000001"
	inUS    = "+12015550123"
	inUZ    = "+998912345678" // not enabled
)

// refusal is a code and a text of Twilio's, as a client prints them.
type refusal struct{ code, text string }

var (
	refusedMessage      = refusal{"21408", "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +99891234XXXX"}
	refusedVerification = refusal{"60605", "The destination phone number has been blocked by Verify Geo-Permissions. UZ is blocked for sms channel for all services"}
)

// in reports whether an output is the refusal. Python's library puts words of its
// own between code and text.
func (r refusal) in(output string) bool {
	return strings.HasPrefix(output, r.code+" ") && strings.HasSuffix(output, r.text)
}

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// without says what a test cannot do without. CI has everything.
func without(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing; .ci/install-clients installs what can be installed", what)
	}
	t.Skipf("%s is missing; .ci/install-clients installs what can be installed", what)
}

// program is an example program: one of a language's files with the command
// that runs it.
type program func(t *testing.T) []string

func goProgram(name string) program {
	return func(t *testing.T) []string { return []string{harness.Build(t, "examples/clients/go/"+name)} }
}

func nodeProgram(name string) program {
	return func(t *testing.T) []string {
		node, err := exec.LookPath("node")
		if err != nil {
			without(t, "node")
		}
		if _, err := os.Stat("node/node_modules/twilio"); err != nil {
			without(t, "examples/clients/node/node_modules")
		}
		return []string{node, "node/" + name + ".js"}
	}
}

func pythonProgram(name string) program {
	return func(t *testing.T) []string {
		// Debian's packages are for Debian's Python, which may not be the first.
		for _, python := range []string{"python3", "/usr/bin/python3"} {
			if exec.Command(python, "-c", "import twilio").Run() == nil {
				return []string{python, "python/" + name + ".py"}
			}
		}
		without(t, "the module twilio of python3")
		return nil
	}
}

// run runs a program with a destination and returns what it printed.
func run(t *testing.T, command []string, to string, environment ...string) (output string, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	client := exec.CommandContext(ctx, command[0], append(command[1:len(command):len(command)], to)...)
	client.Env = append(os.Environ(),
		"TWILIO_ACCOUNT_SID="+account,
		"TWILIO_AUTH_TOKEN=secret",
		"TWILIO_VERIFY_SERVICE="+service,
		// Requests to loopback addresses pass no proxy of this machine.
		"HTTP_PROXY=", "HTTPS_PROXY=", "http_proxy=", "https_proxy=", "NODE_USE_ENV_PROXY=", "NODE_EXTRA_CA_CERTS=",
	)
	client.Env = append(client.Env, environment...)
	text, err := client.CombinedOutput()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("%s: %v", command, err)
	}
	return strings.TrimSpace(string(text)), err == nil
}

// server is a running gate.
type server struct{ *harness.Process }

// startGate runs the binary with a Caddyfile until the test ends. It is up once
// something listens at the address.
func startGate(t *testing.T, caddyfile, address string, environment ...string) *server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(file, []byte(caddyfile), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(harness.Build(t, "cmd/tollgate"), "run", "--config", file)
	command.Env = append(append(os.Environ(), "TWILIO_ACCOUNT_SID="+account), environment...)
	s := &server{harness.Start(t, command)}
	s.AwaitListening(t, address)
	return s
}

// waitForLog waits for n lines with a text in the log.
func (s *server) waitForLog(t *testing.T, text string, n int) {
	t.Helper()
	harness.Await(t, fmt.Sprintf("%d lines with %q are in the log", n, text), func() bool {
		return strings.Count(s.Log(t), text) >= n
	})
}

// startQuickstart runs the example of the README, on ports that are free, and
// returns the gate's base URL.
func startQuickstart(t *testing.T) (gate string, s *server) {
	t.Helper()
	text, err := os.ReadFile(root + "/examples/quickstart/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	address, sandbox := harness.FreeAddress(t), harness.FreeAddress(t)
	ports := strings.NewReplacer(":8080", port(address), ":8081", port(sandbox), "admin localhost:2019", "admin off")
	s = startGate(t, ports.Replace(string(text)), address)
	return "http://" + address, s
}

// port makes of an address a site for every host name.
func port(address string) string { return ":" + harness.Port(address) }
