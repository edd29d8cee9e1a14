package postgres

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// Server is a PostgreSQL server with a socket in a folder of its own.
type Server struct {
	cluster  *cluster
	settings []string
	server   harness.Server
}

// volatile are the settings of a server whose data no test needs after a crash.
var volatile = []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off"}

// count numbers the servers and databases of a test binary.
var count atomic.Int64

// Shared returns the server that the tests of a package share. It does not write through to
// disk, and no test may end it. The package's TestMain must call Main.
func Shared(t testing.TB) *Server {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	c := begin(t)
	if c.shared == nil {
		c.shared = c.start(t, volatile)
	}
	return c.shared
}

// Start starts a server for one test, which may do to it what it likes. It writes through to
// disk before it acknowledges, as in production. The package's TestMain must call Main.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	s := begin(t).start(t, settings)
	t.Cleanup(func() {
		s.kill()
		s.server.LogIfFailed(t)
		os.RemoveAll(s.server.Folder)
	})
	return s
}

func (c *cluster) start(t testing.TB, settings []string) *Server {
	t.Helper()
	folder := filepath.Join(c.folder, strconv.FormatInt(count.Add(1), 10))
	s := &Server{cluster: c, settings: settings, server: harness.Server{Name: "PostgreSQL", Folder: folder}}
	if err := os.Mkdir(s.server.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if c.owner != nil {
		if err := os.Chown(s.server.Folder, int(c.owner.Uid), int(c.owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.copyTemplate(s.data()); err != nil {
		t.Fatal(err)
	}
	s.Restart(t)
	return s
}

func (s *Server) data() string { return filepath.Join(s.server.Folder, "data") }

// Restart starts a server that was killed or stopped, with the same data, and waits until it
// answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Launch(t)
	s.Await(t)
}

// Launch starts a server that was killed or stopped and does not wait for it.
func (s *Server) Launch(t testing.TB) {
	t.Helper()
	arguments := []string{"-D", s.data(), "-k", s.server.Folder, "-c", "listen_addresses=", "-c", "shared_buffers=32MB"}
	for _, setting := range s.settings {
		arguments = append(arguments, "-c", setting)
	}
	command := exec.Command(s.cluster.postgres, arguments...)
	s.cluster.runAsOwner(command)
	s.server.Launch(t, command, syscall.SIGQUIT) // which shuts down at once
}

// Await waits until the server answers.
func (s *Server) Await(t testing.TB) {
	t.Helper()
	s.server.Await(t, func() error { return s.exec("postgres", "SELECT 1") })
}

// Kill ends the server and the processes of its connections as a crash does.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	for _, child := range s.kill() {
		// One that is alive holds the memory that they share, and a new server refuses it.
		harness.Await(t, "a process of PostgreSQL has ended", func() bool { return hasEnded(child) })
	}
}

// kill returns the processes that the server had started.
func (s *Server) kill() []int {
	s.signal(syscall.SIGSTOP) // so that it starts no process while they are counted
	children := s.signal(syscall.SIGKILL)
	s.server.AwaitEnd()
	return children
}

// Stop shuts the server down: it ends all connections and writes its data.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.server.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	s.server.AwaitEnd()
}

// Stall makes the server answer nothing, while the system goes on accepting what is sent to
// it, until Continue.
func (s *Server) Stall(t testing.TB) {
	t.Helper()
	s.signal(syscall.SIGSTOP)
}

// Continue ends a stall.
func (s *Server) Continue(t testing.TB) {
	t.Helper()
	s.signal(syscall.SIGCONT)
}

// FillDisk makes each file of the server fail to grow beyond a number of bytes, as on a disk
// that is full, until FreeDisk.
func (s *Server) FillDisk(t testing.TB, bytes int64) {
	t.Helper()
	s.limitFiles(t, strconv.FormatInt(bytes, 10))
}

// FreeDisk ends what FillDisk has begun.
func (s *Server) FreeDisk(t testing.TB) {
	t.Helper()
	s.limitFiles(t, "unlimited")
}

// limitFiles sets the limit of the processes that run. Those that are started have it too.
// Only their owner may do so, hence by a program.
func (s *Server) limitFiles(t testing.TB, bytes string) {
	t.Helper()
	for _, process := range append([]int{s.server.Pid}, s.children()...) {
		// The hard limit stays, so that the other can be raised again.
		command := exec.Command("prlimit", "--pid", strconv.Itoa(process), "--fsize="+bytes+":")
		s.cluster.runAsOwner(command)
		if output, err := command.CombinedOutput(); err != nil && !hasEnded(process) {
			t.Fatalf("limiting the files of process %d: %v\n%s", process, err, output)
		}
	}
}

// signal sends a signal to the server and each process that it has started, which it
// returns.
func (s *Server) signal(signal syscall.Signal) (children []int) {
	children = s.children()
	_ = s.server.Signal(signal) // first, since it acts when one of the others ends
	for _, child := range children {
		_ = syscall.Kill(child, signal)
	}
	return children
}

// children are the processes that the server has started.
func (s *Server) children() (children []int) {
	server := strconv.Itoa(s.server.Pid)
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		if _, parent := stat(file); parent == server {
			child, _ := strconv.Atoi(strings.Split(file, "/")[2])
			children = append(children, child)
		}
	}
	return children
}

// stat reads the state and the parent of a process. Both are empty if it has ended.
func stat(file string) (state, parent string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", ""
	}
	// They come after the name, which is in parentheses and may hold spaces.
	_, rest, _ := strings.Cut(string(text), ") ")
	if fields := strings.Fields(rest); len(fields) > 1 {
		return fields[0], fields[1]
	}
	return "", ""
}

func hasEnded(process int) bool {
	state, _ := stat(fmt.Sprintf("/proc/%d/stat", process))
	return state == "" || state == "Z"
}

// Disconnect ends all connections to all databases but its own.
func (s *Server) Disconnect(t testing.TB) {
	t.Helper()
	s.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"+
		" WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
}

// Exec runs a statement in the database of the server's own.
func (s *Server) Exec(t testing.TB, statement string) {
	t.Helper()
	if err := s.exec("postgres", statement); err != nil {
		t.Fatal(err)
	}
}

// TryExec is Exec that may fail.
func (s *Server) TryExec(statement string) error { return s.exec("postgres", statement) }

func (s *Server) exec(database, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.dsn(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

func (s *Server) dsn(database string) string {
	return fmt.Sprintf("postgres://tollgate@/%s?host=%s", database, url.QueryEscape(s.server.Folder))
}

// Database creates an empty database and returns its DSN.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := "test" + strconv.FormatInt(count.Add(1), 10)
	s.Exec(t, "CREATE DATABASE "+name)
	return s.dsn(name)
}
