package harness

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// module is the path of the module whose programs are built.
const module = "github.com/caddy-tollgate/tollgate"

// programsVariable names the folder of the programs that are built. A test that starts
// itself again as another process shares it that way, and so do all packages in CI.
const programsVariable = "TOLLGATE_TEST_PROGRAMS"

// Main runs the tests of a package that calls Build, and removes what that built:
//
//	func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
func Main(m *testing.M) int {
	if os.Getenv(programsVariable) != "" {
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "tollgate")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	os.Setenv(programsVariable, folder)
	return m.Run()
}

// Build builds a program of this repository, cmd/tollgate for one, once for all tests that share
// a folder of programs, and returns its path. The package's TestMain must call Main.
func Build(t testing.TB, program string) string {
	t.Helper()
	folder := os.Getenv(programsVariable)
	if folder == "" {
		t.Fatal("TestMain of this package does not call harness.Main")
	}
	// A folder for each, so that the program has its own name.
	binary := filepath.Join(folder, strings.ReplaceAll(program, "/", "-"), path.Base(program))
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	// Packages that share the folder may build it at once: each finds none of it, or all.
	built, err := os.MkdirTemp(folder, "build")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(built)
	unfinished := filepath.Join(built, path.Base(program))
	if output, err := exec.Command("go", "build", "-o", unfinished, module+"/"+program).CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", program, err, output)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(binary), 0o755), os.Rename(unfinished, binary)); err != nil {
		t.Fatal(err)
	}
	return binary
}

// Process is a program that runs until the test ends.
type Process struct {
	// Folder is its home directory. It holds the log.
	Folder string
	name   string
	ended  chan struct{}
}

// Start starts a command. Its standard error goes to a file, which is shown if the test
// fails, and what it keeps in its home directory to a folder of the test.
func Start(t testing.TB, command *exec.Cmd) *Process {
	t.Helper()
	p := &Process{Folder: t.TempDir(), name: filepath.Base(command.Path), ended: make(chan struct{})}
	log, err := os.Create(p.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() // the process has its own descriptor
	command.Stderr = log
	skipStorageCleaning(t, p.Folder)
	command.Env = append(command.Environ(), "HOME="+p.Folder, "XDG_DATA_HOME="+p.Folder, "XDG_CONFIG_HOME="+p.Folder)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = command.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("%s logged\n%s", p.name, p.Log(t))
		}
	})
	return p
}

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// skipStorageCleaning makes a Caddy believe that its storage was just cleaned. In an empty
// one, cleaning at the start may remove the folder of a certificate that is being obtained,
// which Caddy then tries again after a minute (CertMagic v0.25, maintain.go).
func skipStorageCleaning(t testing.TB, folder string) {
	t.Helper()
	storage := filepath.Join(folder, "caddy")
	if err := os.MkdirAll(storage, 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`{"tls":{"timestamp":%q}}`, time.Now().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(storage, "last_clean.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// LogFile is the file that the process logs to: tollgate.log for the gate.
func (p *Process) LogFile() string { return filepath.Join(p.Folder, p.name+".log") }

// Log is what the process has logged until now.
func (p *Process) Log(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(p.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// AwaitListening waits until something listens on an address, and ends the test as soon as
// the process ends.
func (p *Process) AwaitListening(t testing.TB, address string) {
	t.Helper()
	AwaitNil(t, p.name+" listens on "+address, func() error {
		select {
		case <-p.ended:
			t.Fatalf("%s ended before it listened on %s", p.name, address)
		default:
		}
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}
