//go:build unix

package tollgate_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// balancer is the Caddyfile of docs/production.md that is in front of two gates.
var balancer = regexp.MustCompile("(?s)```caddyfile\n(:8000 .*?)```")

// Two gates with the shipped Caddyfile, behind the page's load balancer: each in turn is
// stopped and another program started in its place, while messages are sent all the time.
func TestTwoGatesAreUpgradedWithoutLosingOrRepeatingAMessage(t *testing.T) {
	shown := balancer.FindStringSubmatch(readFile(t, "docs/production.md"))
	if shown == nil {
		t.Fatal("docs/production.md shows no load balancer")
	}
	carrier := newCountingCarrier(t)
	gates := []*testGate{newTestGate(t, carrier.URL), newTestGate(t, carrier.URL)}
	address := harness.FreeAddress(t)
	text := strings.NewReplacer(":8000 ", "http://:"+harness.Port(address)+" ", "gate-1:8080", gates[0].address, "gate-2:8080", gates[1].address).Replace(shown[1])
	command := exec.Command(harness.Build(t, "cmd/tollgate"), "run", "--config", caddyfileWith(t, "{\n\tadmin off\n\tauto_https off\n}\n"+text))
	harness.Start(t, command).AwaitListening(t, address)

	sent := carrier.sendMessages(t, "http://"+address)
	newer := filepath.Join(t.TempDir(), "tollgate")
	if err := os.Link(harness.Build(t, "cmd/tollgate"), newer); err != nil {
		t.Fatal(err)
	}
	for i, gate := range gates {
		before := gate.answered()
		harness.Await(t, fmt.Sprintf("gate %d is sent messages", i+1), func() bool { return gate.answered() > before })
		gate.stop(t)
		gate.start(t, newer)
	}
	for i, gate := range gates {
		harness.Await(t, fmt.Sprintf("gate %d is sent messages after its upgrade", i+1), func() bool { return gate.answered() > 0 })
	}
	messages := sent()
	if messages < 100 {
		t.Errorf("only %d messages were sent", messages)
	}
	t.Logf("%d messages were sent", messages)
}

// countingCarrier is in the place of the carrier, and counts how often each message comes.
type countingCarrier struct {
	*httptest.Server
	counts sync.Map // of *atomic.Int64, by the body of a message
}

func newCountingCarrier(t *testing.T) *countingCarrier {
	c := &countingCarrier{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count, _ := c.counts.LoadOrStore(r.FormValue("Body"), new(atomic.Int64))
		count.(*atomic.Int64).Add(1)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(c.Close)
	return c
}

// sendMessages sends messages from several clients until the function that it returns is
// called. That checks that each had its answer and came to the carrier once, and returns
// their number.
func (c *countingCarrier) sendMessages(t *testing.T, address string) (stop func() int64) {
	var number atomic.Int64
	var clients sync.WaitGroup
	done := make(chan struct{})
	const account = "AC11111111111111111111111111111111"
	for range 4 {
		clients.Go(func() {
			pause := time.NewTicker(5 * time.Millisecond) // leaves cores to other tests
			defer pause.Stop()
			for {
				select {
				case <-done:
					return
				case <-pause.C:
				}
				body := fmt.Sprint("message ", number.Add(1))
				form := url.Values{"To": {"+12015550123"}, "From": {"+12015550199"}, "Body": {body}}
				request, _ := http.NewRequest(http.MethodPost, address+"/2010-04-01/Accounts/"+account+"/Messages.json", strings.NewReader(form.Encode()))
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				request.SetBasicAuth(account, "secret")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Errorf("%s: %v", body, err)
					continue
				}
				answer, _ := io.ReadAll(response.Body)
				_ = response.Body.Close()
				count, arrived := c.counts.Load(body)
				if response.StatusCode != http.StatusCreated || !arrived || count.(*atomic.Int64).Load() != 1 {
					t.Errorf("%s: answered %s %s, arrived: %v", body, response.Status, answer, arrived)
				}
			}
		})
	}
	var once sync.Once
	stop = func() int64 {
		once.Do(func() { close(done) })
		clients.Wait()
		return number.Load()
	}
	t.Cleanup(func() { stop() })
	return stop
}

// testGate is a gate with the Caddyfile of the packages.
type testGate struct {
	address, caddyfile string
	command            *exec.Cmd
	process            *harness.Process
}

func newTestGate(t *testing.T, carrier string) *testGate {
	gate := &testGate{address: harness.FreeAddress(t)}
	accessLog := "\n\tlog {\n\t\toutput stderr\n\t\tformat tollgate"
	text := strings.NewReplacer(
		"\tadmin unix//run/tollgate/admin.sock|0600\n", "\tadmin off\n\tauto_https off\n",
		"\n:8080 {", "\nhttp://:"+harness.Port(gate.address)+" {",
		"\t\tproduct api\n", "\t\tupstream "+strings.TrimPrefix(carrier, "http://")+"\n",
		"\t\t\t\ttls\n", "", "\n\tlog {\n\t\tformat tollgate", accessLog,
	).Replace(readFile(t, "packaging/Caddyfile"))
	gate.caddyfile = caddyfileWith(t, text)
	gate.start(t, harness.Build(t, "cmd/tollgate"))
	return gate
}

func (g *testGate) start(t *testing.T, program string) {
	t.Helper()
	g.command = exec.Command(program, "run", "--config", g.caddyfile)
	g.command.Env = append(os.Environ(), "TWILIO_ACCOUNT_SID=AC11111111111111111111111111111111")
	g.process = harness.Start(t, g.command)
	g.process.AwaitListening(t, g.address)
}

// stop does as systemd does, and waits for the end of the program.
func (g *testGate) stop(t *testing.T) {
	t.Helper()
	if err := g.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-g.process.Ended():
	case <-time.After(time.Minute):
		t.Fatal("the gate does not stop")
	}
}

// answered is how many messages this gate has forwarded since it was started.
func (g *testGate) answered() int {
	text, _ := os.ReadFile(g.process.LogFile())
	return bytes.Count(text, []byte(`"verdict":"allow"`))
}

func caddyfileWith(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
