package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// enter writes into the field of a form.
func (b *tab) enter(name, value string) {
	b.t.Helper()
	if !evaluate[bool](b, fmt.Sprintf(`(() => {
		const field = document.querySelector('main [name=%q]');
		if (field) field.value = %q;
		return Boolean(field);
	})()`, name, value)) {
		b.t.Fatalf("there is no field %s at %s", name, evaluate[string](b, "location.href"))
	}
}

// listed asks the API as a viewer, and reads what it lists.
func (g *gate) listed(t *testing.T, path string, into any) {
	t.Helper()
	response, text := ask(t, "GET", "http://"+g.site+"/tollgate/v1"+path, "", header("X-User", "carol"))
	if err := json.Unmarshal([]byte(text), into); err != nil || response.StatusCode != 200 {
		t.Fatalf("%s: %d %s", path, response.StatusCode, text)
	}
}

func TestAKeyIsIssuedItsSecretIsShownOnceAndItIsRevoked(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US"]}`)
	b := openTab(t, "bob")
	b.open("http://" + g.site + pages + "keys/")
	b.follow(".heading a")
	b.enter("account", acme)
	b.enter("name", "billing")
	b.enter("operations", "messages.*, calls.create")
	b.enter("reason", "a new service")
	b.do(chromedp.Click(chromedp.CSS("[name=channels][value=some]")), chromedp.Click(chromedp.CSS("[name=channel][value=messaging]")))
	b.follow("main form button")
	secret := b.text("#secret-1")
	if sid := b.text("#secret-0"); !regexp.MustCompile(`^SK[0-9a-f]{32}$`).MatchString(sid) || !regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`).MatchString(secret) {
		t.Fatalf("the page shows the name %q and the secret %q: %s", sid, secret, b.text("main"))
	}
	if at := evaluate[string](b, "location.href"); strings.Contains(at, secret) {
		t.Errorf("the secret is in the address %s", at)
	}
	b.do(chromedp.Click(chromedp.CSS(`[data-copy="secret-1"]`)))
	harness.Await(t, "the secret is copied", func() bool { return b.text("#copied") == "Copied" })

	b.do(chromedp.Reload())
	if page := evaluate[string](b, "document.documentElement.outerHTML"); strings.Contains(page, secret) || b.text("h1") != "billing Active" {
		t.Errorf("loaded again, the page is %s", page)
	}
	var list struct {
		Keys []struct {
			SID, Name, State     string
			Channels, Operations []string
		}
	}
	g.listed(t, "/keys", &list)
	if got := fmt.Sprint(list.Keys); len(list.Keys) != 1 || !strings.HasSuffix(got, " billing active [messaging] [messages.* calls.create]}]") {
		t.Fatalf("there are the keys %s", got)
	}

	at := "http://" + g.site + pages + "keys/" + list.Keys[0].SID
	b.open(at)
	b.enter("reason", "the service is gone")
	b.follow("main form button")
	if got := b.text("h1"); !strings.Contains(got, "Revoked") {
		t.Errorf("the page of the key that was revoked says %s", got)
	}
	if got := b.text("main form"); got != "" {
		t.Errorf("a key that was revoked can be revoked: %s", got)
	}
	_, record := ask(t, "GET", "http://"+g.site+"/tollgate/v1/audit/changes?action=key.revoke", "", header("X-User", "carol"))
	if !strings.Contains(record, "the service is gone") || !strings.Contains(record, `"console"`) {
		t.Errorf("the record is %s", record)
	}
	b.checkFaults()
}

func TestATokenIsCreatedAndShownOnce(t *testing.T) {
	g := startGate(t)
	b := openTab(t, "alice")
	b.open("http://" + g.site + pages + "keys/tokens/")
	b.follow(".heading a")
	b.enter("name", "onboarding")
	b.enter("expires", time.Now().AddDate(2, 0, 0).Format(time.DateOnly))
	b.enter("role", "viewer")
	b.follow("main form button")
	if got := b.text("[role=alert]"); !strings.Contains(got, "365 days") {
		t.Fatalf("a token for two years is answered %s", b.text("main"))
	}
	b.enter("expires", time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
	b.follow("main form button")
	token := b.text("#secret-0")
	response, text := ask(t, "GET", "http://"+g.site+"/tollgate/v1/identity", "", header("Authorization", "Bearer "+token))
	if response.StatusCode != 200 || !strings.Contains(text, `"role":"viewer"`) {
		t.Fatalf("with the token %q, the API answers %d %s", token, response.StatusCode, text)
	}
	b.open("http://" + g.site + pages + "keys/tokens/")
	// The browser says that it would have to send the form again, or shows the page that was left.
	_, _ = chromedp.Run(b, chromedp.NavigateBack())
	if page := evaluate[string](b, "document.documentElement.outerHTML"); strings.Contains(page, token) {
		t.Errorf("the page that one comes back to has the token: %s", page)
	}
	b.open("http://" + g.site + pages + "keys/tokens/")
	b.follow("tbody a")
	b.enter("reason", "lost")
	b.follow("main form button")
	if response, _ := ask(t, "GET", "http://"+g.site+"/tollgate/v1/identity", "", header("Authorization", "Bearer "+token)); response.StatusCode != 401 {
		t.Errorf("after it was revoked, the token is answered %d", response.StatusCode)
	}
	b.checkFaults()
}

// A browser sends a form again when the page that answered it is loaded again, and two times where
// one clicks two times.
func TestAFormThatIsSentTwoTimesIssuesOneKey(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	at := "http://" + g.site + pages + "keys/new"
	_, form := ask(t, "GET", at, "", header("X-User", "bob"))
	once := regexp.MustCompile(`name="once" value="([^"]+)"`).FindStringSubmatch(form)
	if once == nil {
		t.Fatalf("the form has no name:\n%s", form)
	}
	send := func(name string) (*http.Response, string) {
		body := url.Values{"token": {tokenIn(t, form)}, "once": {name}, "account": {acme}}
		return ask(t, "POST", at, body.Encode(), formHeader("X-User", "bob"))
	}
	if response, text := send(""); response.StatusCode != 403 {
		t.Errorf("a form without a name is answered %d\n%s", response.StatusCode, text)
	}
	if response, text := send(once[1]); response.StatusCode != 200 || !strings.Contains(text, "data-secret") {
		t.Fatalf("the form is answered %d\n%s", response.StatusCode, text)
	}
	response, text := send(once[1])
	var list struct{ Keys []struct{ SID string } }
	g.listed(t, "/keys", &list)
	if len(list.Keys) != 1 || response.StatusCode != 303 || response.Header.Get("Location") != pages+"keys/"+list.Keys[0].SID {
		t.Errorf("sent again, the form is answered %d, to %s, and there are %d keys\n%s", response.StatusCode, response.Header.Get("Location"), len(list.Keys), text)
	}
}

func TestPagesOfKeysAreForAll(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	g.stated(t, "POST", "/keys", `{"account": "`+acme+`", "name": "billing", "channels": ["messaging"], "senders": [], "expires": "`+soon()+`"}`)
	g.stated(t, "POST", "/tokens", `{"name": "onboarding", "role": "admin", "accounts": ["`+acme+`"], "expires": "`+soon()+`"}`)
	var keys struct{ Keys []struct{ SID string } }
	g.listed(t, "/keys", &keys)
	b := openTab(t, "alice")
	site := "http://" + g.site + pages
	b.look(site+"keys/", "keys")
	b.look(site+"keys/new?account="+acme, "key new")
	b.look(site+"keys/"+keys.Keys[0].SID, "key")
	b.look(site+"keys/tokens/", "tokens")
	b.look(site+"keys/tokens/new", "token new")
}
