//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// silent logs nothing: what net/http complains of is on purpose here.
var silent = log.New(io.Discard, "", 0)

// gate is the gate, a process of its own.
type gate struct {
	settings
	cmd    *exec.Cmd
	exited chan struct{}
	exit   error
	admin  http.Client
	// configurations that are equivalent, as JSON.
	configurations [2][]byte
	mu             sync.Mutex
	reloads        []span
}

// build builds the gate as it is shipped, or with the race detector.
func build(ctx context.Context, dir string, race bool) (string, error) {
	binary := filepath.Join(dir, "tollgate")
	arguments := []string{"build", "-o", binary}
	if race {
		arguments = append(arguments, "-race")
	}
	cmd := exec.CommandContext(ctx, "go", append(arguments, "./cmd/tollgate")...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the gate: %w\n%s", err, output)
	}
	return binary, nil
}

// startGate starts a gate and waits until it takes requests. Its log is read by a function
// that runs until the gate ends.
func startGate(ctx context.Context, binary string, s settings, readLog func(io.Reader)) (*gate, error) {
	g := &gate{settings: s, exited: make(chan struct{})}
	g.admin.Transport = &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", s.admin())
		},
		DisableKeepAlives: true, // the endpoint begins again with each configuration
	}
	for i := range g.configurations {
		g.settings.grace = 30 - i
		var err error
		if g.configurations[i], err = g.adapt(ctx, binary); err != nil {
			return nil, err
		}
	}
	g.cmd = exec.Command(binary, "run", "--config", filepath.Join(s.dir, "Caddyfile"), "--adapter", "caddyfile")
	// The gate ends with this program, however that ends.
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	g.cmd.Env = g.environment()
	stderr, err := g.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := g.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the gate: %w", err)
	}
	go func() {
		readLog(stderr)
		g.exit = g.cmd.Wait()
		close(g.exited)
	}()
	return g, g.ready(ctx)
}

func (g *gate) environment() []string {
	return append(os.Environ(), "HOME="+g.dir, "XDG_DATA_HOME="+g.dir, "XDG_CONFIG_HOME="+g.dir, "GORACE=halt_on_error=0", secretVariable+"="+carrierSecret)
}

// adapt writes the Caddyfile and returns it as JSON.
func (g *gate) adapt(ctx context.Context, binary string) ([]byte, error) {
	text, err := g.caddyfile()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(g.dir, "Caddyfile")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, binary, "adapt", "--config", file, "--adapter", "caddyfile")
	cmd.Env = g.environment()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	adapted, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("adapting the Caddyfile: %w\n%s\n%s", err, stderr.Bytes(), text)
	}
	return adapted, nil
}

// ready waits until the gate takes connections.
func (g *gate) ready(ctx context.Context) error {
	for {
		conn, err := net.Dial("tcp", g.addresses[sites-1])
		if err == nil {
			return conn.Close()
		}
		select {
		case <-g.exited:
			return fmt.Errorf("the gate ended as it started: %w", g.exit)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ask sends a request to the admin endpoint.
func (g *gate) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := g.admin.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the admin endpoint answers %s: %s", response.Status, answer)
	}
	return answer, err
}

// reload loads the one and the other configuration in turn, until the context ends.
func (g *gate) reload(ctx context.Context, report *report) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for i := 1; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		began := time.Now()
		if _, err := g.ask(ctx, http.MethodPost, "/load", g.configurations[i%2]); err != nil && ctx.Err() == nil {
			report.fail(checkGate, "loading a configuration: %v", err)
		}
		g.mu.Lock()
		g.reloads = append(g.reloads, span{began, time.Now()})
		g.mu.Unlock()
	}
}

// span is a time.
type span struct{ began, ended time.Time }

// reloadedWithin reports whether a configuration took over in the time of a request. The
// old one closes its socket when the new one has been loaded.
func (g *gate) reloadedWithin(b broken) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.ContainsFunc(g.reloads, func(s span) bool {
		return s.began.Before(b.ended) && s.ended.Add(time.Second).After(b.began)
	})
}

// migrates reports whether Linux hands connections that wait at a socket that closes to the
// next one (net.ipv4.tcp_migrate_req). If it does not, it resets them.
func migrates() bool {
	text, err := os.ReadFile("/proc/sys/net/ipv4/tcp_migrate_req")
	return err == nil && strings.TrimSpace(string(text)) == "1"
}

// revision is that of the policy in force.
func (g *gate) revision(ctx context.Context) (string, error) {
	answer, err := g.ask(ctx, http.MethodGet, "/tollgate/policy", nil)
	if err != nil {
		return "", err
	}
	var shown struct{ Revision string }
	err = json.Unmarshal(answer, &shown)
	return shown.Revision, err
}

// stop ends the gate and waits for that.
func (g *gate) stop() error {
	_ = g.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-g.exited:
		return g.exit
	case <-time.After(patience):
		_ = g.cmd.Process.Kill()
		<-g.exited
		return errors.New("the gate does not end")
	}
}
