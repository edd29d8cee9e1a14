package harness

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// Server is a server of someone else's that a test runs, ends and starts again.
type Server struct {
	// Name is what failures call it.
	Name string
	// Folder is where its log is.
	Folder string
	*os.Process
	// ended is closed once the process has.
	ended chan struct{}
}

// Launch starts the server, which ends by a signal when the test binary does. It does not wait
// until the server answers.
func (s *Server) Launch(t testing.TB, command *exec.Cmd, atEnd syscall.Signal) {
	t.Helper()
	log, err := os.OpenFile(filepath.Join(s.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() // the server has its own descriptor
	command.Stdout, command.Stderr = log, log
	if command.SysProcAttr == nil {
		command.SysProcAttr = new(syscall.SysProcAttr)
	}
	command.SysProcAttr.Pdeathsig = atEnd
	started, ended := make(chan error), make(chan struct{})
	go func() {
		// The signal comes when the thread ends that started the server: it must live on.
		runtime.LockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			_ = command.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	s.Process, s.ended = command.Process, ended
}

// Await waits until the server answers, and fails if it ends before.
func (s *Server) Await(t testing.TB, ask func() error) {
	t.Helper()
	AwaitNil(t, s.Name+" answers", func() error {
		select {
		case <-s.ended:
			t.Fatalf("%s ended:\n%s", s.Name, s.log())
		default:
		}
		return ask()
	})
}

// AwaitEnd waits until the process has ended.
func (s *Server) AwaitEnd() { <-s.ended }

// LogIfFailed writes what the server logged into that of a test that failed.
func (s *Server) LogIfFailed(t testing.TB) {
	t.Helper()
	if t.Failed() {
		t.Logf("%s logged\n%s", s.Name, s.log())
	}
}

func (s *Server) log() string {
	text, err := os.ReadFile(filepath.Join(s.Folder, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
