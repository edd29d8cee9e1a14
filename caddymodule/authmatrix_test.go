package caddymodule_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sandbox"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/policy"
)

// The accounts: a parent, its two children and an unrelated one, which the policy names;
// another unrelated one with a token alone; and one that the policy does not name, which
// counts as a child of the account that asks.
const (
	matrixParent  = "AC11111111111111111111111111111111"
	matrixChild   = "AC22222222222222222222222222222222"
	matrixSibling = "AC33333333333333333333333333333333"
	matrixOther   = "AC44444444444444444444444444444444"
	matrixFar     = "AC88888888888888888888888888888888"
	matrixUnnamed = "ACffffffffffffffffffffffffffffffff"
)

// matrixCredential is one kind of credential.
type matrixCredential struct {
	name, authorization string
	// account that it belongs to, as far as the policy says; an account that the
	// policy does not name is its own.
	account string
	// unknown says that the policy does not know whose it is.
	unknown bool
	// owner is whose it really is, where the policy does not know that.
	owner string
}

// jwt is a token for an OAuth client, without a valid signature.
func jwt(client, signature string) string {
	claims := `{"iss":"https://oauth.twilio.com","client_id":"` + client + `","exp":2000000000}`
	return "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + signature
}

const (
	parentsKey    = "SK11111111111111111111111111111111"
	childsKey     = "SK22222222222222222222222222222222"
	unnamedKey    = "SK99999999999999999999999999999999"
	parentsClient = "OQ11111111111111111111111111111111"
)

var (
	clientToken = jwt(parentsClient, "cmlnaHQ")
	forgedToken = jwt(parentsClient, "d3Jvbmc")
	childsToken = jwt("OQ22222222222222222222222222222222", "cmlnaHQ") // known by its digest
	otherToken  = jwt("OQ99999999999999999999999999999999", "cmlnaHQ")
)

var matrixCredentials = []matrixCredential{
	{"the parent", basic(matrixParent + ":right"), matrixParent, false, ""},
	{"the child", basic(matrixChild + ":right"), matrixChild, false, ""},
	{"another account", basic(matrixOther + ":right"), matrixOther, false, ""},
	{"an account that the policy does not name", basic(unnamed + ":right"), unnamed, false, ""},
	{"the parent's key", basic(parentsKey + ":right"), matrixParent, false, ""},
	{"the child's key", basic(childsKey + ":right"), matrixChild, false, ""},
	{"a key that the policy does not name", basic(unnamedKey + ":right"), "", true, matrixParent},
	{"a token of the parent's client", "Bearer " + clientToken, matrixParent, false, ""},
	{"the child's token", "bearer  " + childsToken, matrixChild, false, ""},
	{"a token that the policy does not name", "Bearer " + otherToken, "", true, matrixFar},
	{"none", "", "", true, ""},
	{"another scheme", "Digest username=x", "", true, ""},
	{"the parent with a wrong secret", basic(matrixParent + ":wrong"), matrixParent, false, ""},
	{"the child's key with a wrong secret", basic(childsKey + ":wrong"), matrixChild, false, ""},
	{"a forged token of the parent's client", "Bearer " + forgedToken, matrixParent, false, ""},
}

// matrixSandbox says which of them are right, and nothing of whose they are.
var matrixSandbox = sandbox.Options{
	Tokens: map[string]string{
		matrixParent: "right", matrixChild: "right", matrixOther: "right", unnamed: "right",
		parentsKey: "right", childsKey: "right", unnamedKey: "right",
	},
	Bearers: []string{clientToken, childsToken, otherToken},
}

// matrixProduct is a send by one product.
type matrixProduct struct {
	name, host, path string // {account} in the path
	form             string // {to} is the destination
	status, code     int    // of a denial
	json             bool
}

var matrixProducts = []matrixProduct{
	{"a message", "api", "/2010-04-01/Accounts/{account}/Messages.json", "To={to}" + messageRest, 400, 21408, false},
	{"a message in XML", "api", "/2010-04-01/Accounts/{account}/Messages", "To={to}" + messageRest, 400, 21408, false},
	{"a call", "api", "/2010-04-01/Accounts/{account}/Calls.json", "To={to}" + callRest, 400, 21215, false},
	{"a verification", "verify", verifications, "To={to}&Channel=sms", 403, 60605, false},
	{"a flow", "studio", executions, "To={to}&From=%2B12015550199", 400, 21408, false},
	{"a participant of a conversation", "conversations", conversation, "MessagingBinding.Address={to}", 400, 21408, false},
	{"a notification", "notify", notifications, `ToBinding=%7B%22binding_type%22%3A%22sms%22%2C%22address%22%3A%22{to}%22%7D`, 400, 21408, false},
	{"a session of a proxy", "proxy", proxySession + "/KCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Participants", "Identifier={to}", 400, 21408, false},
	{"a reservation", "taskrouter", reservation, "Instruction=call&CallTo={to}", 400, 21215, false},
	{"an interaction", "flex-api", interactions, `Channel=%7B%22type%22%3A%22sms%22%2C%22participants%22%3A%5B%7B%22address%22%3A%22{to}%22%7D%5D%7D&Routing=%7B%7D`, 400, 21408, false},
	{"a message in JSON", "comms", "/v1/Messages", `{"to":[{"address":"{to}","channel":"SMS"}]}`, 400, 21408, true},
}

// matrixReach is where each account may send, by the policy below. A
// child that it does not name reaches what its parent does.
var matrixReach = map[string][]string{
	matrixParent:  {"+12015550123", "+14165550123"},
	matrixChild:   {"+12015550123", "+447400123456"},
	matrixSibling: {"+12015550123"},
	matrixOther:   {"+12015550123", "+33612345678"},
}

var matrixParents = map[string]string{matrixChild: matrixParent, matrixSibling: matrixParent}

func matrixPolicy() string {
	account := func(id, territories, more string) string {
		return "account " + id + " {\nmessaging " + territories + "\nvoice " + territories + "\n" + more + "\n}\n"
	}
	return account(matrixParent, "US CA", "keys "+parentsKey+"\ncredential "+parentsClient) +
		account(matrixChild, "US GB", "parent "+matrixParent+"\nkeys "+childsKey+"\ncredential "+policy.TokenDigest(childsToken)) +
		account(matrixSibling, "US", "parent "+matrixParent) +
		account(matrixOther, "US FR", "")
}

// A matrixAnswer is what the model says becomes of a request.
type matrixAnswer struct {
	forwarded bool
	reason    policy.Reason // of a denial whose reason matters
}

// model is the rules, one after the other. The site is the handler's account.
func matrixModel(c *matrixCredential, path, site, to string) matrixAnswer {
	if strings.HasPrefix(c.authorization, "Digest") {
		return matrixAnswer{reason: carrier.CredentialDenied}
	}
	payer := path
	if payer == "" {
		payer = c.account
	}
	if payer == "" {
		payer = site
	}
	if payer == "" {
		return matrixAnswer{reason: policy.CredentialUnknown}
	}
	_, payerNamed := matrixReach[payer]
	_, holderNamed := matrixReach[c.account]
	if payerNamed && holderNamed && c.account != payer && c.account != matrixParents[payer] {
		return matrixAnswer{reason: policy.CredentialForeign}
	}
	if !payerNamed && !holderNamed {
		return matrixAnswer{reason: policy.AccountUnknown}
	}
	reach := matrixReach[payer]
	if !payerNamed {
		reach = matrixReach[c.account]
	}
	if !slices.Contains(reach, to) {
		return matrixAnswer{reason: policy.TerritoryNotEnabled}
	}
	return matrixAnswer{forwarded: true}
}

// accepts reports whether the carrier accepts the credential for an account, or for
// its own if that is empty.
func (c *matrixCredential) accepts(account string) bool {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/2010-04-01/Accounts/"+matrixParent+"/Messages.json", nil)
	r.Header.Set("Authorization", c.authorization)
	sandbox.New(matrixSandbox).ServeHTTP(w, r)
	owner := c.account + c.owner // one of them is empty
	return w.Code != http.StatusUnauthorized &&
		(account == "" || account == matrixUnnamed || owner == account || owner == matrixParents[account])
}

// refuseForeigners answers 401 to a credential for an account that it does not
// reach: of that, the sandbox knows nothing.
func refuseForeigners(w http.ResponseWriter, r *http.Request) bool {
	segments := strings.Split(r.URL.Path, "/")
	i := slices.IndexFunc(matrixCredentials, func(c matrixCredential) bool { return c.authorization == r.Header.Get("Authorization") })
	if len(segments) < 4 || segments[2] != "Accounts" || i < 0 || matrixCredentials[i].accepts(segments[3]) {
		return false
	}
	r.Header.Del("Authorization")
	sandbox.New(matrixSandbox).ServeHTTP(w, r)
	return true
}

// TestTheAuthMatrix sends with every kind of credential for every account, by every
// product, to where each may and may not. The judge of credentials is the sandbox:
// what is forwarded gets its answer, and a denial is shown to those alone that it
// accepts, unless credential checks are off.
func TestTheAuthMatrix(t *testing.T) {
	const checked = "credential_check {\nper_client 100000/1s\ntotal 100000/1s\n}"
	for _, variant := range []struct {
		name, handler string
		site          string
		checks        bool
	}{
		{"credentials are checked", checked, "", true},
		{"credentials are not checked", "credential_check off", "", false},
		{"the site has an account, and credentials are checked", checked + "\naccount " + matrixOther, matrixOther, true},
		{"the site has the parent's, and credentials are checked", checked + "\naccount " + matrixParent, matrixParent, true},
		{"the site has an account", "credential_check off\naccount " + matrixOther, matrixOther, false},
		{"the site has the parent's account", "credential_check off\naccount " + strings.ToLower(matrixParent), matrixParent, false},
	} {
		t.Run(variant.name, func(t *testing.T) {
			var arrived sync.Map
			judge := sandbox.New(matrixSandbox)
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if id := r.Header.Get("X-Matrix"); id != "" {
					arrived.Store(id, true)
				}
				if !refuseForeigners(w, r) {
					judge.ServeHTTP(w, r)
				}
			}))
			defer upstream.Close()

			s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
			text := gateCaddyfile(s.gate, strings.TrimPrefix(upstream.URL, "http://"), s.log, matrixPolicy(), variant.handler)
			loadCaddyfile(t, text)

			var waiting sync.WaitGroup
			const atOnce = 64
			enough := make(chan struct{}, atOnce)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
			defer client.CloseIdleConnections()
			reasons := new(sync.Map)
			n := 0
			for i := range matrixCredentials {
				c := &matrixCredentials[i]
				for _, p := range matrixProducts {
					paths := []string{matrixParent, matrixChild, matrixSibling, matrixOther, unnamed, matrixUnnamed}
					if p.host != "api" {
						paths = []string{""}
					}
					for _, path := range paths {
						for _, to := range []string{"+12015550123", "+14165550123", "+447400123456", "+33612345678", inUZ} {
							n++
							id := fmt.Sprint(n)
							assumed := path == "" && c.account == ""
							accepted, checkedFor := c.accepts(path), path
							if assumed {
								checkedFor = variant.site
							}
							says := fmt.Sprintf("%s, by %s, for %q to %s", p.name, c.name, path, to)
							want := matrixModel(c, path, variant.site, to)
							enough <- struct{}{}
							waiting.Go(func() {
								defer func() { <-enough }()
								status, code := matrixAsk(t, client, s.gate, &p, c.authorization, path, to, id)
								_, forwarded := arrived.Load(id)
								reasons.Store(want.reason, true)
								if forwarded != want.forwarded {
									t.Errorf("%s: forwarded: %t, answered %d %d, the model says %+v", says, forwarded, status, code, want)
									return
								}
								switch shown := c.accepts(checkedFor) && want.reason != policy.AccountUnknown || !variant.checks; {
								case forwarded && (status == 401) == accepted:
									t.Errorf("%s: answered %d by the sandbox, which accepts the credential: %t", says, status, accepted)
								case forwarded:
								case want.reason == policy.CredentialUnknown, want.reason == policy.CredentialForeign, want.reason == carrier.CredentialDenied, !shown:
									if status != 401 || code != 20003 {
										t.Errorf("%s: answered %d %d, want 401 20003 for %s", says, status, code, want.reason)
									}
								case status != p.status || code != p.code:
									t.Errorf("%s: answered %d %d, want %d %d for %s", says, status, code, p.status, p.code, want.reason)
								}
							})
						}
					}
				}
			}
			waiting.Wait()
			t.Logf("%d requests", n)
			for _, reason := range []policy.Reason{"", policy.CredentialUnknown, policy.CredentialForeign, policy.AccountUnknown, policy.TerritoryNotEnabled} {
				if _, seen := reasons.Load(reason); !seen && (reason != policy.CredentialUnknown || variant.site == "") {
					t.Errorf("no request was for %q", reason)
				}
			}
		})
	}
}

// matrixAsk sends one request of the matrix to the gate.
func matrixAsk(t *testing.T, client *http.Client, gate string, p *matrixProduct, authorization, path, to, id string) (status, code int) {
	t.Helper()
	body, contentType := strings.ReplaceAll(p.form, "{to}", strings.ReplaceAll(to, "+", "%2B")), formType
	if p.json {
		body, contentType = strings.ReplaceAll(p.form, "{to}", to), "application/json"
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+gate+strings.ReplaceAll(p.path, "{account}", path), strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	r.Host = p.host + ".twilio.com"
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Matrix", id)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	var answer struct {
		Code int `xml:"RestException>Code"`
	}
	if response.Header.Get("Content-Type") == "application/xml" {
		_ = xml.Unmarshal(text, &answer)
	} else {
		_ = json.Unmarshal(text, &answer)
	}
	return response.StatusCode, answer.Code
}
