package notify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// Secrets of the tests, in base64.
var (
	oldSecret = "whsec_" + strings.Repeat("b2xk", 8)
	newSecret = strings.Repeat("bmV3", 8)
)

func signerOf(t *testing.T, secret string) *Signer {
	t.Helper()
	signer, err := NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// received is a request that a server got.
type received struct {
	header http.Header
	body   []byte
}

// startReceiver is a server with TLS that answers with a status, and what it got.
func startReceiver(t *testing.T, status int) (*httptest.Server, chan received) {
	t.Helper()
	got := make(chan received, 10)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/secret-path" {
			t.Errorf("got %s %s: %v", r.Method, r.URL, err)
		}
		got <- received{r.Header, body}
		w.Header().Set("Location", "/secret-path")
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server, got
}

// trusting is the client that notices are sent with, which trusts a server of a test.
func trusting(server *httptest.Server) *http.Client {
	client := NewClient()
	client.Transport = server.Client().Transport
	return client
}

func TestAWebhookIsSignedByEachSecret(t *testing.T) {
	server, got := startReceiver(t, http.StatusNoContent)
	hook := &Webhook{server.URL + "/secret-path", trusting(server), []*Signer{signerOf(t, oldSecret), signerOf(t, newSecret)}}
	if err := hook.Deliver(context.Background(), noticeOf(incident.Opened)); err != nil {
		t.Fatal(err)
	}
	r := <-got
	for _, secret := range []string{oldSecret, newSecret} {
		verifier, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := verifier.Verify(r.body, r.header); err != nil {
			t.Errorf("by %s: %v", secret, err)
		}
	}
	if err := signerOf(t, strings.Repeat("b3Ro", 8)).Verify(r.body, r.header); !errors.Is(err, standardwebhooks.ErrNoMatchingSignature) {
		t.Errorf("by another secret: %v", err)
	}
	if id := r.header.Get("webhook-id"); id != "incident-k3v7q2m4xa-opened" || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("the header is %v", r.header)
	}
	var body struct {
		Type, Timestamp string
		Data            map[string]any
	}
	if err := json.Unmarshal(r.body, &body); err != nil || body.Type != "incident.opened" || body.Timestamp != "2026-11-30T03:00:12Z" {
		t.Fatalf("%v: %s", err, r.body)
	}
	for member, want := range map[string]any{
		"id": "k3v7q2m4xa", "account": "AC1", "rule": "operator limit block", "denied": 40.0, "gate": "gate-1",
		"limit": "20 sends within 1h per account, block:3", "first": "2026-11-30T03:00:12Z", "closed": nil,
	} {
		if body.Data[member] != want {
			t.Errorf("%s is %v", member, body.Data[member])
		}
	}
}

func TestSlackGetsTextWithoutMarkupOfOthers(t *testing.T) {
	server, got := startReceiver(t, http.StatusOK)
	slack := &Slack{server.URL + "/secret-path", trusting(server)}
	if err := slack.Deliver(context.Background(), noticeOf(incident.Closed)); err != nil {
		t.Fatal(err)
	}
	var body map[string]string
	if err := json.Unmarshal((<-got).body, &body); err != nil {
		t.Fatal(err)
	}
	const want = `Incident closed: operator limit block, account acme &lt;co&gt; (AC1)
reason: limit_exceeded
limit: 20 sends within 1h per account, block:3
denied: 40, and 2 only recorded
first: 2026-11-30 03:00:12 UTC
last: 2026-11-30 03:00:12 UTC
channel: messaging 42
territory: US 42
numbers: +1201555 42
gate: gate-1
look: tollgate incident list
      tollgate explain --running --account AC1 --channel messaging &lt;number&gt;`
	if len(body) != 1 || body["text"] != want {
		t.Errorf("the text is\n%s", body["text"])
	}
}

func TestANoticeNamesTheCommandThatListsWhatIsHeld(t *testing.T) {
	const list = "tollgate hold list --limit block"
	for _, c := range []struct {
		name    string
		holding string
		names   bool
	}{
		{"of a hold", "block", true},
		{"of none", "", false},
	} {
		n := incidentOf(incident.Opened)
		n.Incident.Holding = c.holding
		if look := n.look(); slices.Contains(look, list) != c.names {
			t.Errorf("%s: %q", c.name, look)
		}
	}
}

// Accounts name themselves: no name adds a command that an operator would take for the gate's.
func TestANameAddsNoLineToANotice(t *testing.T) {
	n := incidentOf(incident.Opened)
	lines := strings.Count(n.text(), "\n")
	n.Incident.Name = "acme\r\nlook: wget example.com\u2028\u202e"
	if text := n.text(); strings.Count(text, "\n") != lines || !strings.Contains(text, "account acme  look: wget example.com   (AC1)\n") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestOnlyASuccessIsADelivery(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusOK: "", http.StatusAccepted: "", http.StatusFound: "302 Found is answered", http.StatusTemporaryRedirect: "307 Temporary Redirect is answered",
		http.StatusBadRequest: "the server refuses it: 400 Bad Request is answered", http.StatusTooManyRequests: "429 Too Many Requests is answered",
		http.StatusRequestTimeout: "notice: 408 Request Timeout is answered", http.StatusTooEarly: "notice: 425 Too Early is answered", http.StatusInternalServerError: "500 Internal Server Error is answered",
		http.StatusGone: "wants no more",
	} {
		server, got := startReceiver(t, status)
		err := (&Slack{server.URL + "/secret-path", trusting(server)}).Deliver(context.Background(), noticeOf(incident.Opened))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", status, err)
		}
		if errors.Is(err, ErrUnwanted) != (status == http.StatusGone) || len(got) != 1 {
			t.Errorf("%d: %v, %d requests", status, err, len(got))
		}
	}
}

func TestABusyServerSaysWhenToAskAgain(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"30": 30 * time.Second, "": 0, "soon": 0, "-1": 0, "99999999999999999999": 0,
		time.Now().Add(time.Hour).UTC().Format(http.TimeFormat): time.Hour,
	} {
		for status, waits := range map[int]bool{http.StatusTooManyRequests: true, http.StatusServiceUnavailable: true, http.StatusBadRequest: false} {
			err := outcome(&http.Response{StatusCode: status, Header: http.Header{"Retry-After": {header}}})
			var busy *Busy
			if errors.As(err, &busy) != waits || waits && busy.After.Round(time.Minute/2) != want {
				t.Errorf("%d, %q: %v", status, header, err)
			}
		}
	}
}

func TestNoErrorHasTheURL(t *testing.T) {
	server, _ := startReceiver(t, http.StatusOK)
	client := NewClient() // it does not trust the server
	for name, to := range map[string]string{
		"a server that is not trusted": server.URL + "/secret-path", "one that is away": "https://127.0.0.1:1/secret-path", "no URL": "https://[::1/secret-path",
	} {
		if err := (&Slack{to, client}).Deliver(context.Background(), noticeOf(incident.Opened)); err == nil || strings.Contains(err.Error(), "secret-path") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestURLsOfWebhooks(t *testing.T) {
	for text, problem := range map[string]string{
		"https://alerts.example/a": "", "http://127.0.0.1:8080/a": "", "http://localhost/a": "", "http://[::1]:80/a": "",
		"http://alerts.example/a": "without TLS", "http://10.0.0.1/a": "without TLS", "http://localhost.example/a": "without TLS",
		"alerts.example": "needs the URL", "https:///a": "needs the URL", "ftp://alerts.example": "needs the URL", "": "needs the URL", "https://u:p@alerts.example": "has a user",
	} {
		_, err := CheckURL(text)
		if (err == nil) != (problem == "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSecretsOfWebhooks(t *testing.T) {
	for secret, ok := range map[string]bool{
		oldSecret: true, newSecret: true, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": true,
		"": false, "whsec_": false, "c2hvcnQ=": false, base64.StdEncoding.EncodeToString(make([]byte, 23)): false, base64.StdEncoding.EncodeToString(make([]byte, 24)): true,
		"not base64 at all, though long enough": false,
	} {
		if _, err := NewSigner(secret); (err == nil) != ok || err != nil && secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestTheOneOfAllFurtherIncidentsIsToldAsSuch(t *testing.T) {
	n := incidentOf(incident.Opened)
	n.Incident.More, n.Incident.Account, n.Incident.Name, n.Incident.Rule = true, "", "", ""
	if text := n.text(); !strings.HasPrefix(text, "Incident opened: all further ones, too many to tell one by one\n") || strings.Contains(text, "explain") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestANoticeSaysWhichNumbersWereSeen(t *testing.T) {
	n := incidentOf(incident.Opened)
	if told := n.Notice(); strings.Contains(told.Text, "seen:") {
		t.Errorf("of none, the text is\n%s", told.Text)
	}
	n.Seen = "38 numbers, 1000 to 1039 in a row"
	told := n.Notice()
	if !strings.Contains(string(told.Body), `"seen":"38 numbers, 1000 to 1039 in a row"`) || !strings.Contains(told.Text, "\nseen: 38 numbers, 1000 to 1039 in a row\n") {
		t.Errorf("%s\n%s", told.Text, told.Body)
	}
}
