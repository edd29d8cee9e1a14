package redis

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// Server is a Redis server with a folder of its own, which writes through to disk before it
// answers.
type Server struct {
	// Address is where it listens.
	Address   string
	program   string
	arguments []string
	server    harness.Server
}

// Start starts a server for one test, which may do to it what it likes. It skips the test where
// Redis is not installed, except in a run that says CI. Settings are as in `--requirepass x`.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s := newServer(t)
	s.arguments = append([]string{"--bind", "127.0.0.1", "--port", harness.Port(s.Address), "--dir", s.server.Folder, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"}, settings...)
	return s.start(t)
}

// Watch starts a sentinel that watches a server by a name, at one of its addresses, and has a replica
// take over once that is away for half a second. It is a server of its own, for one test, with more
// lines of configuration.
func (s *Server) Watch(t testing.TB, name, address string, more ...string) *Server {
	t.Helper()
	sentinel := newServer(t)
	configuration := filepath.Join(sentinel.server.Folder, "sentinel.conf") // which it writes to
	text := fmt.Sprintf("bind 127.0.0.1\nport %s\ndir %s\nsentinel monitor %s 127.0.0.1 %s 1\nsentinel down-after-milliseconds %[3]s 500\nsentinel failover-timeout %[3]s 5000\n%[5]s\n",
		harness.Port(sentinel.Address), sentinel.server.Folder, name, harness.Port(address), strings.Join(more, "\n"))
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel.arguments = []string{configuration, "--sentinel"}
	return sentinel.start(t)
}

// newServer is one that is not started.
func newServer(t testing.TB) *Server {
	t.Helper()
	program := program()
	if program == "" {
		const missing = "neither Redis nor Valkey is installed: apt-get install redis-server"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	return &Server{Address: harness.FreeAddress(t), program: program, server: harness.Server{Name: "Redis", Folder: t.TempDir()}}
}

func (s *Server) start(t testing.TB) *Server {
	t.Helper()
	s.Restart(t)
	t.Cleanup(func() {
		s.kill()
		s.server.LogIfFailed(t)
	})
	return s
}

// program is the path of the server, or empty.
func program() string {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Restart starts a server that was killed, with the same data, and waits until it answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.launch(t)
	s.server.Await(t, s.ping)
}

func (s *Server) launch(t testing.TB) {
	t.Helper()
	s.server.Launch(t, exec.Command(s.program, s.arguments...), syscall.SIGKILL)
}

// ping is nil if the server answers, and not that it is still reading its data. One that wants
// a password is as good.
func (s *Server) ping() error {
	conn, err := net.Dial("tcp", s.Address)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(answer, "+PONG") && !strings.HasPrefix(answer, "-NOAUTH") {
		err = fmt.Errorf("it answers %q", answer)
	}
	return err
}

// Do sends a command, and returns the first line of the answer.
func (s *Server) Do(t testing.TB, command string) string {
	t.Helper()
	answer, err := s.Ask(command)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// Ask is Do for a server that may end the connection, such as one that becomes a master.
func (s *Server) Ask(command string) (string, error) {
	conn, err := net.Dial("tcp", s.Address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return "", err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(answer), err
}

// Kill ends the server as a crash does.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	s.kill()
}

func (s *Server) kill() {
	_ = s.server.Kill()
	s.server.AwaitEnd()
}

// Stall makes the server answer nothing, while the system goes on accepting what is sent to it,
// until Continue.
func (s *Server) Stall(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

// Continue ends a stall.
func (s *Server) Continue(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *Server) signal(t testing.TB, signal syscall.Signal) {
	t.Helper()
	if err := s.server.Signal(signal); err != nil {
		t.Fatal(err)
	}
}
