package twiml_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

const (
	account = "AC00000000000000000000000000000001"
	token   = "0123456789abcdef0123456789abcdef"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// The application and the gate are two processes, run as this folder says.
func TestTheHotlineConnectsNoCallBeyondItsTerritories(t *testing.T) {
	address := start(t)
	for _, c := range []struct {
		name, path string
		parameters url.Values
		want       string
		without    string
	}{
		{"a call is greeted", "/voice", nil, `<Gather action="/dial" finishOnKey="#">`, ""},
		{"a number in the US is dialled", "/dial", url.Values{"Digits": {"12015550123"}}, "+12015550123</Dial>", ""},
		{"one in Uzbekistan is not", "/dial", url.Values{"Digits": {"998912345678"}}, "<Say>This number cannot be called from here.</Say>", "Dial"},
		{"a message is answered", "/sms", url.Values{"CallSid": nil, "MessageSid": {"SM1"}, "Body": {"Hello"}}, "You wrote: Hello", ""},
		{"one from Uzbekistan is not", "/sms", url.Values{"CallSid": nil, "MessageSid": {"SM1"}, "Body": {"Hello"}, "From": {"+998912345678"}}, "<Response>", "Message"},
	} {
		t.Run(c.name, func(t *testing.T) {
			parameters := url.Values{"AccountSid": {account}, "CallSid": {"CA1"}, "From": {"+12015550123"}, "To": {"+12015550199"}, "Direction": {"inbound"}}
			maps.Copy(parameters, c.parameters)
			response, body := ask(t, address, c.path, parameters, token)
			if response.StatusCode != http.StatusOK || !strings.Contains(body, c.want) || c.without != "" && strings.Contains(body, c.without) {
				t.Errorf("%s %s", response.Status, body)
			}
		})
	}
	if response, body := ask(t, address, "/voice", url.Values{"AccountSid": {account}}, "another token"); response.StatusCode != http.StatusForbidden {
		t.Errorf("another token is answered %s %s", response.Status, body)
	}
}

// ask asks for instructions and signs that, as Twilio does.
func ask(t *testing.T, address, path string, parameters url.Values, token string) (*http.Response, string) {
	t.Helper()
	signed := "https://hooks.example.com" + path
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		for _, value := range parameters[name] {
			signed += name + value
		}
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(signed))
	request, err := http.NewRequest(http.MethodPost, "http://"+address+path, strings.NewReader(parameters.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// start runs both, on ports that are free on this machine, and returns the address
// that Twilio would ask at.
func start(t *testing.T) string {
	t.Helper()
	node := withLibrary(t)
	folder := t.TempDir()
	text, err := os.ReadFile("Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	application, gate, hooks := harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t)
	ports := strings.NewReplacer("127.0.0.1:3000", application, ":8080", ":"+harness.Port(gate), ":8082", ":"+harness.Port(hooks),
		"{\n\tservers {", "{\n\tadmin off\n\tservers {")
	caddyfile := filepath.Join(folder, "Caddyfile")
	if err := os.WriteFile(caddyfile, []byte(ports.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, hooks, harness.Build(t, "cmd/tollgate"), "run", "--config", caddyfile)
	t.Setenv("PORT", harness.Port(application))
	run(t, application, node, "app.js")
	return hooks
}

// withLibrary finds Node, and Twilio's library where .ci/install-clients puts it. The
// test is skipped where either is missing, but not in CI.
func withLibrary(t *testing.T) string {
	t.Helper()
	modules, err := filepath.Abs("../clients/node/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(modules, "twilio"))
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%v; .ci/install-clients installs it", err)
	}
	t.Setenv("NODE_PATH", modules)
	return node
}

// run runs a command until the test ends. It is up once something listens at the
// address.
func run(t *testing.T, address, binary string, arguments ...string) {
	t.Helper()
	command := exec.Command(binary, arguments...)
	command.Env = append(os.Environ(), "TWILIO_ACCOUNT_SID="+account, "TWILIO_AUTH_TOKEN="+token)
	harness.Start(t, command).AwaitListening(t, address)
}
