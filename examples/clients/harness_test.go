package clients_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
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
	refusedMessage      = refusal{"21408", "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: " + inUZ + "."}
	refusedVerification = refusal{"60605", "The destination phone number has been blocked by Verify Geo-Permissions. UZ is blocked for sms channel for all services"}
)

// in tells whether an output is the refusal. Python's library has words of its
// own between code and text.
func (r refusal) in(output string) bool {
	return strings.HasPrefix(output, r.code+" ") && strings.HasSuffix(output, r.text)
}

// binariesVariable names the folder where the gate and the Go clients are built,
// once for all tests, those that run in a network of their own among them.
const binariesVariable = "TOLLGATE_TEST_BINARIES"

func TestMain(m *testing.M) {
	if os.Getenv(binariesVariable) != "" {
		os.Exit(m.Run())
	}
	folder, err := os.MkdirTemp("", "tollgate")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv(binariesVariable, folder)
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// build returns the path of a command of this repository.
func build(t *testing.T, command string) string {
	t.Helper()
	binary := filepath.Join(os.Getenv(binariesVariable), strings.ReplaceAll(command, "/", "-"))
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	run := exec.Command("go", "build", "-o", binary, "./"+command)
	run.Dir = root
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", command, err, output)
	}
	return binary
}

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
	return func(t *testing.T) []string { return []string{build(t, "examples/clients/go/"+name)} }
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
type server struct {
	folder string // of its data
	log    string // file it logs to
}

// startGate runs the binary with a Caddyfile until the test ends. It is up once
// something listens at the address.
func startGate(t *testing.T, caddyfile, address string, environment ...string) *server {
	t.Helper()
	folder := t.TempDir()
	s := &server{folder: folder, log: filepath.Join(folder, "log")}
	file := filepath.Join(folder, "Caddyfile")
	if err := os.WriteFile(file, []byte(caddyfile), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(build(t, "cmd/tollgate"), "run", "--config", file)
	process.Stderr = output
	process.Env = append(os.Environ(), "HOME="+folder, "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder, "TWILIO_ACCOUNT_SID="+account)
	process.Env = append(process.Env, environment...)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = process.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = process.Process.Kill()
		<-ended
		output.Close()
	})
	timeout := time.After(20 * time.Second)
	for {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return s
		}
		select {
		case <-ended:
			t.Fatalf("the gate does not start:\n%s", s.logged(t))
		case <-timeout:
			t.Fatalf("the gate does not listen:\n%s", s.logged(t))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *server) logged(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(s.log)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// waitForLog waits for n lines with a text in the log.
func (s *server) waitForLog(t *testing.T, text string, n int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if bytes.Count(s.logged(t), []byte(text)) >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %d lines with %q in the log\n%s", n, text, s.logged(t))
		}
	}
}

// startQuickstart runs the example of the README, on ports that are free, and
// returns the gate's base URL.
func startQuickstart(t *testing.T) (gate string, s *server) {
	t.Helper()
	text, err := os.ReadFile(root + "/examples/quickstart/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	address, sandbox := freeAddress(t), freeAddress(t)
	ports := strings.NewReplacer(":8080", port(address), ":8081", port(sandbox))
	s = startGate(t, ports.Replace(string(text)), address)
	return "http://" + address, s
}

// freeAddress is a loopback address that nothing listens on. It is taken from
// below the ports that the system gives to outgoing connections, or one of
// those would have it by the time that it is used.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		if listener, err := net.Listen("tcp", address); err == nil {
			listener.Close()
			return address
		}
	}
	t.Fatal("no free port found")
	return ""
}

// port makes of an address a site for every host name.
func port(address string) string { return address[strings.LastIndexByte(address, ':'):] }
