package carriers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	_ "github.com/caddyserver/caddy/v2/modules/standard"

	_ "github.com/caddy-tollgate/tollgate/caddymodule"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	account = "4f2a9c1e-0b7d-4c55-9a31-6d2f8e7b1c90"
	profile = "16fd2706-8baf-433b-82eb-8c7fada847da"
	apiKey  = "KEY0190c3f5f1a04f5b8c6d7e8f9a0b1c2d_s3cr3t"

	twilios = "AC11111111111111111111111111111111"

	inUS = "+12015550123"
	inCA = "+14165550123"
	inUZ = "+998912345678"
)

// upstream keeps the requests that arrive.
type upstream struct {
	mu      sync.Mutex
	arrived []string
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var kept bytes.Buffer
	fmt.Fprintf(&kept, "%s %s\n", r.Method, r.RequestURI)
	for _, name := range []string{"Authorization", "Content-Type", "Content-Length", "User-Agent", "X-Stainless-Lang", "Accept-Encoding"} {
		fmt.Fprintf(&kept, "%s: %s\n", name, strings.Join(r.Header.Values(name), "|"))
	}
	kept.Write(body)
	u.mu.Lock()
	u.arrived = append(u.arrived, kept.String())
	u.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"data":{}}`)
}

func (u *upstream) take() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.arrived
	u.arrived = nil
	return taken
}

// gates are a real Caddy with a gate for each carrier, under one policy.
type gates struct {
	telnyx, twilio string // host:port
	upstream       *upstream
	log            string
}

// caddyfile is a whole Caddyfile. Handler is the inside of Telnyx's.
func (g *gates) caddyfile(upstream, policy, handler string) string {
	site := func(address, carrier, inside string) string {
		return fmt.Sprintf(`
http://:%s {
	log {
		output file %s
		format filter {
			request>uri tollgate last4
		}
	}
	route {
		tollgate %s {
			upstream %s
			%s
		}
		reverse_proxy {http.tollgate.upstream} {
			header_up -X-Forwarded-*
			header_up -Via
		}
	}
}
`, strings.TrimPrefix(address, "127.0.0.1:"), g.log, carrier, upstream, inside)
	}
	return `{
	admin off
	auto_https off
	persist_config off
	grace_period 1s
	log {
		output discard
	}
	tollgate {
		` + policy + `
	}
}
` + site(g.telnyx, "telnyx", handler) + site(g.twilio, "twilio", "credential_check off")
}

const bothPolicies = `
		account ` + account + ` "Acme" {
			messaging US CA
			voice US
			credential %s
			sender ` + profile + ` {
				messaging CA
			}
		}
		account ` + twilios + ` {
			messaging GB
		}`

func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free port found")
	return ""
}

// load loads a configuration with this policy, and this inside of Telnyx's handler.
func load(t *testing.T, policy, handler string) (*gates, error) {
	t.Helper()
	g := &gates{telnyx: freeAddress(t), twilio: freeAddress(t), upstream: new(upstream), log: filepath.Join(t.TempDir(), "access.log")}
	server := httptest.NewServer(g.upstream)
	t.Cleanup(server.Close)
	caddyfile := g.caddyfile(server.Listener.Addr().String(), policy, handler)
	text, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(caddyfile), map[string]any{"filename": "Caddyfile"})
	if err != nil {
		return nil, err
	}
	if err := caddy.Load(text, true); err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = caddy.Stop() })
	return g, nil
}

func start(t *testing.T, handler string) *gates {
	t.Helper()
	g, err := load(t, fmt.Sprintf(bothPolicies, policy.TokenDigest(apiKey)), handler)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// send sends a request and returns the answer and the log of it.
func (g *gates) send(t *testing.T, address, path, key, contentType, body string) (status int, answer string, logged map[string]any) {
	t.Helper()
	before, _ := os.ReadFile(g.log)
	r, err := http.NewRequest(http.MethodPost, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Authorization": {key}, "Content-Type": {contentType}, "User-Agent": {"Telnyx/JS 7.24.0"},
		"X-Stainless-Lang": {"js"}, "Accept-Encoding": {"gzip, deflate"},
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	deadline, look := time.After(10*time.Second), time.NewTicker(2*time.Millisecond)
	defer look.Stop()
	for {
		now, _ := os.ReadFile(g.log)
		if line := now[min(len(before), len(now)):]; bytes.HasSuffix(line, []byte("\n")) {
			var entry struct {
				Tollgate map[string]any `json:"tollgate"`
			}
			if err := json.Unmarshal(line, &entry); err != nil {
				t.Fatal(err)
			}
			return response.StatusCode, string(text), entry.Tollgate
		}
		select {
		case <-deadline:
			t.Fatal("the request is not logged")
		case <-look.C:
		}
	}
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	bearer   = "Bearer " + apiKey
	texml    = "/v2/texml/Accounts/" + account + "/Calls"
)

func TestASecondCarrierIsJudgedAndAnsweredInItsOwnWords(t *testing.T) {
	g := start(t, "")
	refused := func(code, title, detail, rest, voice string) string {
		return `{"errors":[{"code":"` + code + `","title":"` + title + `","detail":"` + detail + `"` + rest +
			`,"meta":{"url":"https://developers.telnyx.com/docs/overview/errors/` + code + `"}}]` + voice + `}`
	}
	noRegion := func(pointer string) string {
		return refused("40309", "Invalid destination region", "The region 'UZ' for the destination '"+inUZ+"' is not included in the messaging profile's whitelisted destinations.",
			`,"source":{"pointer":"`+pointer+`"}`, "")
	}
	noCountry := refused("10010", "Authorization failed", "Dialed number "+inUZ+" is not included in whitelisted countries D13", "", `,"telnyx_error":{"error_code":"D13"}`)
	for _, c := range []struct {
		says, path, key, contentType, body string
		status                             int
		answer                             string // empty if it is forwarded
		reason                             string
	}{
		{"a message to a territory that is enabled", "/v2/messages", bearer, jsonType, `{"from":"+15005550006","to":"` + inUS + `","text":"hi \u003cb\u003e"}`, 200, "", "enabled"},
		{"a message to one that is not", "/v2/messages", bearer, jsonType, `{"from":"+15005550006","to":"` + inUZ + `","text":"hi"}`, 400, noRegion("/to"), "territory_not_enabled"},
		{"a message from a profile that may send there", "/v2/messages", bearer, jsonType, `{"messaging_profile_id":"` + strings.ToUpper(profile) + `","to":"` + inCA + `"}`, 200, "", "enabled"},
		{"a message from a profile that may not", "/v2/messages", bearer, jsonType, `{"messaging_profile_id":"` + strings.ToUpper(profile) + `","to":"` + inUS + `"}`, 403, "10010", "sender_not_enabled"},
		{"a call", "/v2/calls", bearer, jsonType, `{"connection_id":"C","to":["` + inUS + `"]}`, 200, "", "enabled"},
		{"a call to several, one of which may not be called", "/v2/calls", bearer, jsonType, `{"connection_id":"C","to":["` + inUS + `","` + inUZ + `"]}`, 403, noCountry, "territory_not_enabled"},
		{"a call by a form, with the account in the path", texml, bearer, formType, "To=%2B12015550123&From=%2B15005550006", 200, "", "enabled"},
		{"a call by a form that is not permitted", texml, bearer, formType, "To=%2B998912345678", 403, noCountry, "territory_not_enabled"},
		{"an account in the path in another spelling", strings.Replace(texml, account, strings.ToUpper(account), 1), bearer, formType, "To=%2B998912345678", 403, noCountry, "territory_not_enabled"},
		{"an account in the path that the policy does not name", strings.Replace(texml, account, profile, 1), bearer, formType, "To=%2B12015550123", 200, "", "enabled"},
		{"a key that the policy does not know", "/v2/messages", "Bearer KEYunknown", jsonType, `{"to":"` + inUS + `"}`, 401,
			refused("10009", "Authentication failed", "Could not find any usable credentials in the request.", "", ""), "credential_unknown"},
		{"an operation that is in no table", "/v2/faxes", bearer, jsonType, `{"to":"` + inUS + `"}`, 403,
			refused("10010", "Authorization failed", "The operation is not permitted.", "", ""), "operation_unknown"},
		{"a body of a type that the operation does not take", "/v2/messages", bearer, formType, "to=" + inUS, 403, "10010", "content_type"},
	} {
		t.Run(c.says, func(t *testing.T) {
			status, answer, logged := g.send(t, g.telnyx, c.path, c.key, c.contentType, c.body)
			if status != c.status || logged["reason"] != c.reason {
				t.Fatalf("answered %d %s, logged %v", status, answer, logged)
			}
			arrived := g.upstream.take()
			if c.answer == "" {
				want := fmt.Sprintf("POST %s\nAuthorization: %s\nContent-Type: %s\nContent-Length: \nUser-Agent: Telnyx/JS 7.24.0\nX-Stainless-Lang: js\nAccept-Encoding: gzip, deflate\n%s",
					c.path, c.key, c.contentType, c.body)
				if len(arrived) == 1 {
					arrived[0] = strings.Replace(arrived[0], "Content-Length: "+strconv.Itoa(len(c.body)), "Content-Length: ", 1)
				}
				if len(arrived) != 1 || arrived[0] != want {
					t.Errorf("arrived %q\nwant %q", arrived, want)
				}
				return
			}
			if len(arrived) != 0 {
				t.Errorf("arrived %q", arrived)
			}
			if answer != c.answer && !strings.Contains(answer, `"code":"`+c.answer+`"`) {
				t.Errorf("answered %s\nwant %s", answer, c.answer)
			}
		})
	}
}

func TestTheLogNamesASecondCarriersAccountAndCode(t *testing.T) {
	g := start(t, "")
	_, _, logged := g.send(t, g.telnyx, texml, bearer, formType, "To=%2B998912345678")
	for name, want := range map[string]any{
		"account": account, "channel": "voice", "to": "*********5678", "territory": "UZ", "verdict": "deny", "code": 10010.0, "rule": "account " + account + " voice",
	} {
		if logged[name] != want {
			t.Errorf("%s is %v, want %v", name, logged[name], want)
		}
	}
}

func TestTwoCarriersAreJudgedByOnePolicy(t *testing.T) {
	g := start(t, "")
	messages := "/2010-04-01/Accounts/" + twilios + "/Messages.json"
	const basic = "Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE6c2VjcmV0"
	if status, answer, _ := g.send(t, g.twilio, messages, basic, formType, "To=%2B447400123456"); status != 200 {
		t.Errorf("Twilio's account to where it may: %d %s", status, answer)
	}
	if status, answer, _ := g.send(t, g.twilio, messages, basic, formType, "To=%2B12015550123"); status != 400 || !strings.Contains(answer, `"code": 21408`) {
		t.Errorf("Twilio's account to where it may not: %d %s", status, answer)
	}
	if status, answer, _ := g.send(t, g.telnyx, "/v2/messages", bearer, jsonType, `{"to":"+447400123456"}`); status != 400 || !strings.Contains(answer, `"code":"40309"`) {
		t.Errorf("Telnyx's account to where it may not: %d %s", status, answer)
	}
}

func TestUnidentifiedRequestsAreOfTheAccountOfTheHandler(t *testing.T) {
	g := start(t, "account "+strings.ToUpper(account))
	status, answer, logged := g.send(t, g.telnyx, "/v2/messages", "Bearer KEYunknown", jsonType, `{"to":"`+inUS+`"}`)
	if status != 200 || logged["account"] != account {
		t.Errorf("%d %s, logged %v", status, answer, logged)
	}
}

func TestAConfigurationThatASecondCarrierCannotServeIsRefused(t *testing.T) {
	good := fmt.Sprintf(bothPolicies, policy.TokenDigest(apiKey))
	keys := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(keys, []byte(`{"version": 1, "keys": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TOLLGATE_TEST_SECRET", "secret")
	withBroker := good + "\n\t\tbroker {\n\t\t\tkeys " + keys + "\n\t\t\tcredential " + twilios + " " + twilios + " {env.TOLLGATE_TEST_SECRET}\n\t\t}"
	for says, c := range map[string]struct{ policy, handler, want string }{
		"an account of no carrier": {`account acme {
				messaging US
			}`, "", `Caddyfile:10: account acme is at no carrier: add "at" with its id at a carrier, such as telnyx (a UUID) or twilio (AC and 32 hexadecimal digits)`},
		"an account in the handler that is another carrier's": {good, "account " + twilios,
			`"` + twilios + `" is not the identifier of an account: write a UUID`},
		"a key, which it has none of": {`account ` + account + ` {
				keys ` + profile + `
			}`, "", `"` + profile + `" is not an API key: telnyx has none that a policy can name`},
		"an id at a carrier that is another carrier's": {`account acme {
				at telnyx ` + twilios + `
			}`, "", `Caddyfile:11: "` + twilios + `" is not the identifier of an account at telnyx: write a UUID`},
		"a carrier that is mistyped": {`account acme {
				at telnix ` + account + `
			}`, "", `Caddyfile:11: unknown carrier "telnix", did you mean "telnyx"?`},
		"a carrier twice": {`account acme {
				at telnyx ` + account + `
				at telnyx ` + profile + `
			}`, "", `at telnyx is already specified: an account has one id at a carrier`},
		"at without an id": {`account acme {
				at telnyx
			}`, "", `at needs a carrier and the account's id there: write "at telnyx" and a UUID, or "at twilio" and AC and 32 hexadecimal digits`},
		"at beside an id": {`account ` + twilios + ` {
				at telnyx ` + account + `
			}`, "", `Caddyfile:11: "at" is for an account with a name of its own, and ` + twilios + ` is an id at twilio: write a name instead`},
		"an id that is another account's": {`account acme {
				at telnyx ` + account + `
			}
			account ` + strings.ToUpper(account), "", `Caddyfile:13: ` + account + ` at telnyx is already the id of account acme, which is defined in Caddyfile:10`},
		"a key of a carrier that the account is not at": {`account acme {
				at telnyx ` + account + `
				keys SK` + twilios[2:] + `
			}`, "", `"SK` + twilios[2:] + `" is not an API key: telnyx has none that a policy can name`},
		"a parent that is mistyped": {`account acme {
				at telnyx ` + account + `
			}
			account ` + twilios + ` {
				parent amce
			}`, "", `Caddyfile:14: parent amce is not defined, did you mean "acme"?`},
		"an account in the handler that is at another carrier": {`account acme {
				at twilio ` + twilios + `
			}`, "account acme", `account acme has no id at telnyx: add "at telnyx" and its id there`},
		"an account in the handler that is mistyped": {`account acme {
				at telnyx ` + account + `
			}`, "account amce", `account amce is not in the policy, did you mean "acme"?`},
		"a credential check": {good, "credential_check {\n\t\t\t\taccepted_ttl 1m\n\t\t\t}",
			`credential_check cannot be used with the carrier "telnyx": the gate knows no request of its API that checks a credential`},
		"a broker": {withBroker, "broker",
			`broker cannot be used with the carrier "telnyx": which of its answers hold a credential is unknown`},
	} {
		t.Run(says, func(t *testing.T) {
			if _, err := load(t, c.policy, c.handler); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestACredentialCheckMayBeOffForACarrierWithoutOne(t *testing.T) {
	start(t, "credential_check off")
}

func TestIdentifiersAreThoseOfTheirCarrier(t *testing.T) {
	all := carriers.All()
	for text, want := range map[string]string{account: "telnyx", twilios: "twilio", "SK" + twilios[2:]: "twilio"} {
		if got := all.Of(text).Name(); got != want {
			t.Errorf("%s is an account of %s", text, got)
		}
	}
	if id, ok := all.NewKey(twilios); !ok || !strings.HasPrefix(id, "SK") {
		t.Errorf("a key for Twilio's account is %q", id)
	}
	if id, ok := all.NewKey(account); ok {
		t.Errorf("a key for an account of a carrier without keys is %q", id)
	}
	if names := all.ReadSender(account, strings.ToUpper(profile)); len(names) != 1 || names[0] != profile {
		t.Errorf("a profile is read as %q", names)
	}
	if !all.IsMistyped("MG123456789012") || all.IsMistyped(profile) || all.IsMistyped("MG"+twilios[2:]) {
		t.Error("a sender is taken for what it is not")
	}
	if !all.NamesDestination("To") {
		t.Error("no carrier knows To")
	}
	if !all.NamesSender("from") || all.NamesSender("Body") {
		t.Error("From is a sender, and Body is not")
	}
}
