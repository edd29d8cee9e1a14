package faults_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// gate is a gate that runs as a process of its own, with a store.
type gate struct {
	// address and admin are where it listens: for messages, and for changes.
	address, admin string
	accessLog      string
	caddyfile      string
	command        *exec.Cmd
	process        *harness.Process
	client         *http.Client
}

// newGate returns a gate that is not started. The store is as the Caddyfile has it, after the
// word store.
func newGate(t testing.TB, store string) *gate {
	t.Helper()
	folder := t.TempDir()
	g := &gate{
		address: harness.FreeAddress(t), admin: harness.FreeAddress(t),
		accessLog: filepath.Join(folder, "access.log"), caddyfile: filepath.Join(folder, "Caddyfile"),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}, Timeout: 20 * time.Second},
	}
	text := fmt.Sprintf(`{
	admin %s
	auto_https off
	persist_config off
	grace_period 1s
	tollgate {
		store %s
	}
}
http://:%s {
	bind 127.0.0.1
	log {
		output file %s
	}
	route {
		tollgate twilio {
			upstream %s
			permissions_api write
		}
		reverse_proxy {http.tollgate.upstream}
	}
}
`, g.admin, store, harness.Port(g.address), g.accessLog, startCarrier(t))
	if err := os.WriteFile(g.caddyfile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

// startCarrier starts one that accepts everything, and returns its address.
func startCarrier(t testing.TB) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// start starts the gate, by way of a program before it if one is named, and does not wait.
func (g *gate) start(t testing.TB, before ...string) {
	t.Helper()
	arguments := append(before, harness.Build(t, "cmd/tollgate"), "run", "--config", g.caddyfile)
	g.command = exec.Command(arguments[0], arguments[1:]...)
	g.process = harness.Start(t, g.command)
}

// kill ends the gate at once.
func (g *gate) kill() {
	_ = g.command.Process.Kill()
	<-g.process.Ended()
	g.client.CloseIdleConnections()
}

// awaitJudging waits until the gate judges by its store.
func (g *gate) awaitJudging(t testing.TB) {
	t.Helper()
	harness.AwaitNil(t, "the gate judges by its store", func() error {
		select {
		case <-g.process.Ended():
			t.Fatal("the gate has ended")
		default:
		}
		_, err := g.send(accountID(0), "US")
		return err
	})
}

// numbers has one number in each territory that these tests send to.
var numbers = map[string]string{"DE": "+4915112345678", "GB": "+447400123456", "US": "+12015550123", "UZ": "+998912345678"}

// answer is what a gate answers.
type answer struct {
	status int
	body   string
}

// message sends a message of an account to a territory.
func (g *gate) message(account, territory string) (answer, error) {
	form := url.Values{"To": {numbers[territory]}, "From": {"+12015550100"}, "Body": {"Hello"}}
	r, err := http.NewRequest(http.MethodPost, "http://"+g.address+"/2010-04-01/Accounts/"+account+"/Messages.json",
		strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	r.SetBasicAuth(account, "secret")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return g.do(r)
}

// send reports whether the gate lets a message through. It is an error if the gate does not
// judge.
func (g *gate) send(account, territory string) (bool, error) {
	got, err := g.message(account, territory)
	switch {
	case err != nil:
		return false, err
	case got.status == http.StatusCreated:
		return true, nil
	case got.status < 500:
		return false, nil
	}
	return false, fmt.Errorf("a message is answered %d %s", got.status, got.body)
}

// manage sends a request to the management API.
func (g *gate) manage(method, path, body string) (answer, error) {
	r, err := http.NewRequest(method, "http://"+g.admin+"/tollgate/v1"+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	return g.do(r)
}

// permit states the territories of an account.
func (g *gate) permit(account string, territories ...string) (answer, error) {
	text, err := json.Marshal(map[string][]string{"messaging": territories})
	if err != nil {
		return answer{}, err
	}
	return g.manage(http.MethodPut, "/accounts/"+account, string(text))
}

func (g *gate) do(r *http.Request) (answer, error) {
	response, err := g.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, string(body)}, err
}

// accountID is the ID of an account by its number.
func accountID(i int) string { return fmt.Sprintf("AC%032d", i+1) }

// limitFiles makes each file of the gate fail to grow beyond a number of bytes.
func (g *gate) limitFiles(t testing.TB, bytes string) {
	t.Helper()
	command := exec.Command("prlimit", "--pid", fmt.Sprint(g.command.Process.Pid), "--fsize="+bytes+":")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("limiting the files of the gate: %v\n%s", err, output)
	}
}
