//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// variant is one way to set a server up.
type variant struct {
	name   string
	status int // of its answers
	// policy is a line for the global options, site the inside of the site.
	policy string
	site   string
}

// Parts of sites. {upstream} and {log} are filled in when a server starts.
const (
	// forward is how the Caddyfile of the project forwards, except for TLS, which
	// costs the same on both sides.
	forward = ` {
			header_up Host {http.reverse_proxy.upstream.host}
			header_up -X-Forwarded-*
			header_up -Via
			transport http {
				compression off
			}
		}`
	stockForward = `
		reverse_proxy {upstream}` + forward
	bareForward = `
		reverse_proxy {upstream}`
	gateForward = `
	route {
		tollgate twilio {
			upstream {upstream}
		}
		reverse_proxy {http.tollgate.upstream}` + forward + `
	}`

	stockLog = `
	log {
		output file {log} {
			roll_size 20MiB
			roll_keep 1
			roll_uncompressed
		}
	}`
	// gateLog masks destinations in the logged URI, as the Caddyfile of the
	// project does; that cost is the gate's.
	gateLog = `
	log {
		output file {log} {
			roll_size 20MiB
			roll_keep 1
			roll_uncompressed
		}
		format tollgate
	}`

	// refusal is about as long as the gate's. It has no braces, or Caddy would
	// look for placeholders in it.
	refusal = `
	respond "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +1201555XXXX More about this error: https://www.twilio.com/docs/errors/21408 (code 21408, status 400)" 400`

	permitUS = "tollgate {\n\t\taccount " + account + " {\n\t\t\tmessaging US CA\n\t\t\tvoice US CA\n\t\t}\n\t}"
	permitGB = "tollgate {\n\t\taccount " + account + " {\n\t\t\tmessaging GB\n\t\t}\n\t}"
)

// caddyfile of a server.
func (v *variant) caddyfile(address, upstream, log string) string {
	_, port, _ := net.SplitHostPort(address)
	return fmt.Sprintf(`{
	admin off
	auto_https off
	persist_config off
	grace_period 1s
	servers {
		protocols h1
	}
	log {
		level ERROR
	}
	%s
}
http://:%s {
	bind 127.0.0.1
	%s
}
`, v.policy, port, strings.NewReplacer("{upstream}", upstream, "{log}", log).Replace(v.site))
}

// process is a process that this program started.
type process struct {
	name    string
	address string
	cmd     *exec.Cmd
	stdin   io.Closer // whose end ends the upstream
	exited  chan struct{}
	sent    atomic.Int64 // requests to it
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

// build builds Caddy with the gate in it.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "tollgate")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/caddy-tollgate/tollgate/cmd/tollgate")
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w\n%s", err, output)
	}
	return binary, nil
}

// startCaddy starts a server and waits until it takes connections.
func startCaddy(ctx context.Context, binary, dir, upstream string, v *variant) (*process, error) {
	dir = filepath.Join(dir, strings.ReplaceAll(v.name, " ", "-"))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	caddyfile, messages := filepath.Join(dir, "Caddyfile"), filepath.Join(dir, "stderr")
	text := v.caddyfile(address, upstream, filepath.Join(dir, "access.log"))
	if err := os.WriteFile(caddyfile, []byte(text), 0o600); err != nil {
		return nil, err
	}
	stderr, err := os.Create(messages)
	if err != nil {
		return nil, err
	}
	defer stderr.Close()

	p := &process{name: v.name, address: address}
	p.cmd = command(binary, "run", "--config", caddyfile, "--adapter", "caddyfile")
	p.cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	p.cmd.Stderr = stderr
	if err := p.start(); err != nil {
		return nil, err
	}
	if err := p.ready(ctx); err != nil {
		p.stop()
		said, _ := os.ReadFile(messages)
		return nil, fmt.Errorf("%w\n%s\n%s", err, text, said)
	}
	return p, nil
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
	timeout := time.After(20 * time.Second)
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

// startUpstream starts the upstream: this program, told so by a flag.
func startUpstream() (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{name: "upstream", cmd: command(self, "-"+upstreamFlag)}
	p.cmd.Stderr = os.Stderr
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the upstream: %w", err)
	}
	// Its first line is its address. Wait would close the pipe.
	line, err := bufio.NewReader(stdout).ReadString('\n')
	p.address = strings.TrimSpace(line)
	p.exited = make(chan struct{})
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("reading the address of the upstream: %w", err)
	}
	return p, nil
}

// upstreamFlag makes this program the upstream.
const upstreamFlag = "serve-upstream"

// message is the answer of the upstream, like Twilio's to a message.
const message = `{"account_sid": "AC11111111111111111111111111111111", "api_version": "2010-04-01", ` +
	`"body": "Your verification code is 123456. It expires in ten minutes. Do not share it with anyone.", ` +
	`"date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null, "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000", ` +
	`"direction": "outbound-api", "error_code": null, "error_message": null, "from": "+12025550199", ` +
	`"messaging_service_sid": null, "num_media": "0", "num_segments": "1", "price": null, "price_unit": "USD", ` +
	`"sid": "SM11111111111111111111111111111111", "status": "queued", "subresource_uris": {}, "to": "+12015550123", ` +
	`"uri": "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages/SM11111111111111111111111111111111.json"}`

// serveUpstream answers every request as Twilio answers a message. It prints
// its address and ends when its standard input does.
func serveUpstream() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		l.Close()
	}()
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(message)))
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, message)
		}),
	}
	if err := server.Serve(l); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
