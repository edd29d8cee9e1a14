//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// process is a process that this program started.
type process struct {
	name    string
	address string
	cmd     *exec.Cmd
	output  string    // file of what it writes; none for a server that this program itself is
	stdin   io.Closer // whose end ends a server that this program itself is
	exited  chan struct{}
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// command is a command that dies with this program, however it ends.
func command(name string, arguments ...string) *exec.Cmd {
	cmd := exec.Command(name, arguments...)
	// The kernel takes the end of the thread that started a process for the
	// parent's: main keeps to the first thread, which lasts.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// start starts a process and watches for its end.
func (p *process) start() error {
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", p.name, err)
	}
	p.exited = make(chan struct{})
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	return nil
}

// startWith starts a process, its output in a file, and waits until it takes
// connections.
func (p *process) startWith(ctx context.Context, output string) error {
	file, err := os.Create(output)
	if err != nil {
		return err
	}
	defer file.Close()
	p.output, p.cmd.Stdout, p.cmd.Stderr = output, file, file
	if err := p.start(); err != nil {
		return err
	}
	if err := p.ready(ctx); err != nil {
		p.stop()
		return fmt.Errorf("%w\n%s", err, p.said())
	}
	return nil
}

// said is the end of what a process has written.
func (p *process) said() []byte {
	const most = 2000
	text, _ := os.ReadFile(p.output)
	return text[max(0, len(text)-most):]
}

// stop ends a process and waits for that.
func (p *process) stop() {
	if p.stdin != nil {
		p.stdin.Close()
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(3 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
}

// freeAddress is a loopback address that nothing listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready waits until the process takes connections.
func (p *process) ready(ctx context.Context) error {
	timeout := time.After(2 * time.Minute)
	for {
		if conn, err := net.Dial("tcp", p.address); err == nil {
			return conn.Close()
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-p.exited:
			return fmt.Errorf("%s ended at once", p.name)
		case <-timeout:
			return fmt.Errorf("%s takes no connections", p.name)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
