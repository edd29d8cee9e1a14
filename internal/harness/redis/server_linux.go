package redis

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
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
	Address  string
	program  string
	settings []string
	server   harness.Server
}

// Start starts a server for one test, which may do to it what it likes. It skips the test where
// Redis is not installed, except in a run that says CI. Settings are as in `--requirepass x`.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	program := program()
	if program == "" {
		const missing = "neither Redis nor Valkey is installed: apt-get install redis-server"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	s := &Server{Address: harness.FreeAddress(t), program: program, settings: settings, server: harness.Server{Name: "Redis", Folder: t.TempDir()}}
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
	arguments := append([]string{"--bind", "127.0.0.1", "--port", harness.Port(s.Address), "--dir", s.server.Folder, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"}, s.settings...)
	s.server.Launch(t, exec.Command(s.program, arguments...), syscall.SIGKILL)
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
