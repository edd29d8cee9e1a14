package caddymodule_test

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// apiServer is a storeServer with a site for the management API, behind a proxy that says in
// X-User whom it has authenticated.
type apiServer struct {
	*storeServer
	api string
}

const apiAdministrators = "\t\tadministrators {\n\t\t\towner alice carol\n\t\t\tviewer *@example.com\n\t\t}\n"

func startAPI(t *testing.T, policy string) *apiServer {
	t.Helper()
	s := &apiServer{api: harness.FreeAddress(t)}
	s.storeServer = newStoreServer(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), apiAdministrators+policy)
	s.caddyfile += "http://" + strings.Replace(s.api, "127.0.0.1", "", 1) + ` {
	@proxy header X-User *
	vars @proxy http.auth.user.id {header.X-User}
	tollgate_api
}
`
	loadCaddyfile(t, s.caddyfile)
	return s
}

// ask sends a request to the management API of the site.
func (s *apiServer) ask(t testing.TB, method, path, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+s.api+"/tollgate/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
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
	return response, string(text)
}

func withBearer(token string) http.Header {
	return http.Header{"Authorization": {"Bearer " + token}}
}

func withUser(name string) http.Header { return http.Header{"X-User": {name}} }

// token creates a token as the admin endpoint does, and returns its ID and its text.
func (s *apiServer) token(t *testing.T, body string) (id, text string) {
	t.Helper()
	response, answer := s.manage(t, "POST", "/tokens", body)
	var made struct {
		Token    string
		Document struct{ ID string }
	}
	if err := json.Unmarshal([]byte(answer), &made); err != nil || response.StatusCode != http.StatusCreated || made.Token == "" {
		t.Fatalf("creating a token: %d %s", response.StatusCode, answer)
	}
	return made.Document.ID, made.Token
}

// nextYear is when tokens of tests expire.
func nextYear() string { return time.Now().AddDate(0, 6, 0).UTC().Format(time.RFC3339) }

func asToken(role string, accounts ...string) string {
	stated := map[string]any{"name": "a test", "role": role, "expires": nextYear()}
	if accounts != nil {
		stated["accounts"] = accounts
	}
	text, err := json.Marshal(stated)
	if err != nil {
		panic(err) // texts can always be written
	}
	return string(text)
}

func TestAClientIsWhoItProvesToBe(t *testing.T) {
	s := startAPI(t, "")
	_, viewer := s.token(t, asToken("viewer"))
	join := func(headers ...http.Header) http.Header {
		all := http.Header{}
		for _, header := range headers {
			for name, values := range header {
				all[name] = append(all[name], values...)
			}
		}
		return all
	}
	const put = `{"messaging": ["US"]}`
	for _, c := range []struct {
		says         string
		header       http.Header
		reads, write int
	}{
		{"no one", nil, 401, 401},
		{"an owner", withUser("alice"), 200, 200},
		{"a viewer", withUser("bob@example.com"), 200, 403},
		{"a user who has no role", withUser("mallory"), 401, 401},
		{"a user who calls himself a certificate", withUser("cert:alice"), 401, 401},
		{"a user who calls himself a token", withUser("token:abc"), 401, 401},
		{"a token", withBearer(viewer), 200, 403},
		{"the token of a viewer, though the user is an owner", join(withBearer(viewer), withUser("alice")), 200, 403},
		{"a token that is not valid, though the user is an owner", join(withBearer(viewer+"a"), withUser("alice")), 401, 401},
		{"a bearer token of the authentication in front", join(withBearer("eyJhbGciOiJSUzI1NiJ9.e30.c2ln"), withUser("alice")), 200, 200},
		{"a bearer token of no one", withBearer("eyJhbGciOiJSUzI1NiJ9.e30.c2ln"), 401, 401},
		{"an empty bearer token", withBearer(""), 401, 401},
		{"two tokens", join(withBearer(viewer), withBearer(viewer)), 401, 401},
		{"two kinds of authorization, of which one is valid", join(http.Header{"Authorization": {"Basic YTpi"}}, withBearer(viewer), withUser("alice")), 401, 401},
		{"the scheme in lower case", http.Header{"Authorization": {"bearer " + viewer}}, 200, 403},
		{"a token as a password", http.Header{"Authorization": {basic("tollgate:" + viewer)}}, 401, 401},
		{"a placeholder as a header", http.Header{"Http.auth.user.id": {"alice"}, "Remote-User": {"alice"}}, 401, 401},
	} {
		t.Run(c.says, func(t *testing.T) {
			if response, body := s.ask(t, "GET", "/tokens", "", c.header); response.StatusCode != c.reads {
				t.Errorf("a read is answered %d %s", response.StatusCode, body)
			}
			response, body := s.ask(t, "PUT", "/accounts/"+acme+"?dry_run=true", put, c.header)
			if response.StatusCode != c.write {
				t.Errorf("a write is answered %d %s", response.StatusCode, body)
			}
			challenge := response.Header.Get("WWW-Authenticate")
			if (c.write == 401) != (challenge == `Bearer realm="Tollgate"`) {
				t.Errorf("WWW-Authenticate: %s", challenge)
			}
		})
	}
}

func TestNothingIsToldWithoutAnIdentity(t *testing.T) {
	s := startAPI(t, "")
	for _, path := range []string{"/openapi.json", "/openapi.yaml", "/nothing", "/", "/accounts/" + acme, "/tokens"} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			response, body := s.ask(t, method, path, "", nil)
			if response.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s %s: %d %s", method, path, response.StatusCode, body)
			}
		}
	}
	if response, _ := s.ask(t, "GET", "/openapi.json", "", withUser("bob@example.com")); response.StatusCode != http.StatusOK {
		t.Errorf("a viewer reads the description: %d", response.StatusCode)
	}
}

func TestATokenIsShownOnceAndRefusedFromItsRevocationOn(t *testing.T) {
	s := startAPI(t, "")
	id, token := s.token(t, asToken("owner"))
	response, list := s.ask(t, "GET", "/tokens", "", withBearer(token))
	if response.StatusCode != http.StatusOK || !strings.Contains(list, id) || !strings.Contains(list, `"state":"active"`) ||
		!strings.Contains(list, `"created_by":"admin endpoint"`) {
		t.Fatalf("%d %s", response.StatusCode, list)
	}
	_, one := s.ask(t, "GET", "/tokens/"+id, "", withBearer(token))
	for _, text := range []string{list, one} {
		if strings.Contains(text, token) || strings.Contains(text, "sha256") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	if response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control: %s", response.Header.Get("Cache-Control"))
	}
	response, body := s.ask(t, "DELETE", "/tokens/"+id, "", withBearer(token))
	if response.StatusCode != http.StatusOK || !strings.Contains(body, `"state":"revoked"`) || strings.Contains(body, "sha256") {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if response, _ := s.ask(t, "GET", "/tokens", "", withBearer(token)); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the next request is answered %d", response.StatusCode)
	}
	if _, list := s.manage(t, "GET", "/tokens", ""); !strings.Contains(list, `"state":"revoked"`) {
		t.Error(list)
	}
	if _, again := s.manage(t, "DELETE", "/tokens/"+id, ""); !strings.Contains(again, `"changed":false`) {
		t.Errorf("it is revoked a second time: %s", again)
	}
}

func TestAMistakenTokenIsNotCreated(t *testing.T) {
	s := startAPI(t, "")
	for _, c := range []struct{ says, body string }{
		{"no accounts", `{"name": "a", "role": "viewer", "accounts": [], "expires": "` + nextYear() + `"}`},
		{"null in place of accounts, which is not all of them", `{"name": "a", "role": "viewer", "accounts": null, "expires": "` + nextYear() + `"}`},
		{"an unknown role", `{"name": "a", "role": "root", "expires": "` + nextYear() + `"}`},
		{"no expiry", `{"name": "a", "role": "viewer"}`},
		{"an expiry in the past", `{"name": "a", "role": "viewer", "expires": "2020-01-01T00:00:00Z"}`},
		{"an expiry that is too late", `{"name": "a", "role": "viewer", "expires": "2099-01-01T00:00:00Z"}`},
		{"no name", `{"role": "viewer", "expires": "` + nextYear() + `"}`},
		{"an unknown member", `{"name": "a", "role": "viewer", "account": "acme", "expires": "` + nextYear() + `"}`},
		{"a member twice", `{"name": "a", "role": "viewer", "role": "owner", "expires": "` + nextYear() + `"}`},
	} {
		if response, body := s.manage(t, "POST", "/tokens", c.body); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", c.says, response.StatusCode, body)
		}
	}
	if response, body := s.manage(t, "POST", "/tokens?dry_run=true", asToken("viewer")); response.StatusCode != http.StatusOK || strings.Contains(body, `"token"`) {
		t.Errorf("a token that is only tried: %d %s", response.StatusCode, body)
	}
	if _, list := s.manage(t, "GET", "/tokens", ""); !strings.Contains(list, `"tokens":[]`) {
		t.Error(list)
	}
}

// Caddy's own check of hosts keeps pages out whose name was made to stand for this machine.
func TestTheAdminEndpointIsSafeFromPagesOfOtherSites(t *testing.T) {
	s := startAPI(t, "")
	_, viewer := s.token(t, asToken("viewer"))
	for _, c := range []struct {
		says   string
		header []string
		status int
	}{
		{"the operator", nil, 200},
		{"a viewer's token", []string{"Authorization", "Bearer " + viewer}, 403},
		{"a token that is not valid", []string{"Authorization", "Bearer " + viewer + "a"}, 401},
		{"a token that is not one of the gate's own", []string{"Authorization", "Bearer a"}, 401},
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another origin on this machine", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"a form", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"a text", []string{"Content-Type", "text/plain"}, 415},
		{"no type", []string{"Content-Type", ""}, 415},
		{"a name that was made to stand for this machine", []string{"Host", "evil.example"}, 403},
	} {
		r, err := http.NewRequest("PUT", "http://"+s.admin+"/tollgate/v1/accounts/"+acme+"?dry_run=true", strings.NewReader(`{"messaging": ["US"]}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if len(c.header) == 2 {
			r.Header.Set(c.header[0], c.header[1])
			if c.header[0] == "Host" {
				r.Host = c.header[1]
			}
			if c.header[1] == "" {
				r.Header.Del(c.header[0])
			}
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s: %d %s", c.says, response.StatusCode, body)
		}
	}
}
