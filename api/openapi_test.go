package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/internal/geoip"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// description is the OpenAPI description, in lines.
func description(t *testing.T) []byte {
	t.Helper()
	text, err := api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	if err := json.Indent(&lines, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(lines.Bytes(), '\n')
}

// With -update, the file becomes what the code says.
func TestTheDescriptionThatIsCheckedInIsThatOfTheCode(t *testing.T) {
	harness.Golden(t, "../docs/openapi.json", string(description(t)))
}

// request of a run through all operations.
type request struct {
	operation          string // by its ID
	method, path, body string
	header             []string
	role               access.Role
	status             int
}

const account = "AC11111111111111111111111111111111"

// requests ask for everything there is, with each kind of answer. In a path, {id} is that of
// what was created last. A new operation, and a new status of one, needs a row here.
var requests = []request{
	{"put-account", "PUT", "/accounts/" + account, `{"label": "Acme", "voice": {"low_risk": ["US"]}}`, []string{"If-None-Match", "*"}, access.Admin, 201},
	{"put-account", "PUT", "/accounts/" + account, `{"messaging": ["US"]}`, []string{"If-Match", `"1"`}, access.Admin, 200},
	{"put-account", "PUT", "/accounts/" + account + "?dry_run=true&reason=why&ticket=OPS-1", `{"messaging": ["CA"]}`, nil, access.Admin, 200},
	{"put-account", "PUT", "/accounts/" + account, `{"messaging": ["UX"]}`, nil, access.Admin, 422},
	{"put-account", "PUT", "/accounts/" + account, `{"messaging"`, nil, access.Admin, 400},
	{"put-account", "PUT", "/accounts/" + account, `{}`, []string{"If-Match", `"1"`}, access.Admin, 412},
	{"put-account", "PUT", "/accounts/" + account, `{}`, []string{"Content-Type", "text/plain"}, access.Admin, 415},
	{"put-account", "PUT", "/accounts/" + account, `{"label": "` + strings.Repeat("x", 5<<20) + `"}`, nil, access.Admin, 413},
	{"put-account", "PUT", "/accounts/" + account, `{}`, nil, access.Viewer, 403},
	{"put-account", "PUT", "/accounts/" + account, `{}`, nil, access.NoRole, 401},
	{"put-account", "PUT", "/accounts/" + inFile, `{}`, nil, access.Admin, 409},
	{"get-account", "GET", "/accounts/" + account, "", nil, access.Viewer, 200},
	{"get-account", "GET", "/accounts/AC33333333333333333333333333333333", "", nil, access.Viewer, 404},
	{"get-account", "GET", "/accounts/" + account, "", nil, access.NoRole, 401},
	{"get-identity", "GET", "/identity", "", nil, access.Viewer, 200},
	{"get-identity", "GET", "/identity", "", nil, access.NoRole, 401},
	{"list-accounts", "GET", "/accounts?contains=acme&limit=1", "", nil, access.Viewer, 200},
	{"list-accounts", "GET", "/accounts?limit=0", "", nil, access.Viewer, 422},
	{"list-accounts", "GET", "/accounts", "", nil, access.NoRole, 401},
	{"create-trial", "POST", "/accounts", `{"id": "AC44444444444444444444444444444444", "trial": true, "client_ip": "81.2.69.142", "verified": ["+447400123456"]}`, nil, access.Admin, 201},
	{"create-trial", "POST", "/accounts?dry_run=true", `{"id": "AC55555555555555555555555555555555", "trial": true, "home": "GB"}`, nil, access.Admin, 200},
	{"create-trial", "POST", "/accounts", `{"id": "AC44444444444444444444444444444444", "trial": true, "home": "GB"}`, nil, access.Admin, 409},
	{"create-trial", "POST", "/accounts", `{"id": "AC55555555555555555555555555555555", "trial": true, "client_ip": "127.0.0.1"}`, nil, access.Admin, 422},
	{"create-trial", "POST", "/accounts", `{"id": "AC55555555555555555555555555555555", "trial": true, "home": "GB"}`, nil, access.Approver, 403},
	{"patch-account", "PATCH", "/accounts/" + account, `{"label": null, "messaging": ["US"]}`, nil, access.Admin, 200},
	{"patch-account", "PATCH", "/accounts/" + account, `{"messaging": ["UX"]}`, nil, access.Admin, 422},
	{"patch-account", "PATCH", "/accounts/AC33333333333333333333333333333333", `{}`, nil, access.Admin, 404},
	{"add-territories", "POST", "/accounts/" + account + "/territories/add", `{"channel": "messaging", "territories": ["CA"]}`, nil, access.Admin, 200},
	{"add-territories", "POST", "/accounts/" + account + "/territories/add", `{"channel": "messaging", "territories": null}`, nil, access.Admin, 422},
	{"remove-territories", "POST", "/accounts/" + account + "/territories/remove", `{"channel": "messaging", "territories": ["CA"]}`, nil, access.Admin, 200},
	{"remove-territories", "POST", "/accounts/" + account + "/territories/remove", `{"channel": "fax", "territories": ["CA"]}`, nil, access.Admin, 422},
	{"replace-territories", "POST", "/accounts/" + account + "/territories/replace?dry_run=true", `{"channel": "voice", "class": "low_risk", "territories": ["CA"]}`, nil, access.Admin, 200},
	{"replace-territories", "POST", "/accounts/" + account + "/territories/replace", `{"channel": "voice", "territories": ["CA"]}`, nil, access.Viewer, 403},
	{"edit-territories", "POST", "/accounts/" + account + "/territories/edit", `{"edits": [{"channel": "messaging", "territory": "PK", "open": true}]}`, nil, access.Admin, 422},
	{"edit-territories", "POST", "/accounts/" + account + "/territories/edit?dry_run=true", `{"edits": [{"channel": "messaging", "territory": "PK", "open": true}]}`, nil, access.Admin, 200},
	{"edit-territories", "POST", "/accounts/" + account + "/territories/edit", `{"edits": [{"channel": "voice", "class": "high_risk_special", "territory": "MX", "open": true}, {"channel": "messaging", "territory": "US", "open": false}]}`, nil, access.Admin, 200},
	{"edit-territories", "POST", "/accounts/" + account + "/territories/edit", `{"edits": [{"channel": "messaging", "territory": "UX", "open": true}]}`, nil, access.Admin, 422},
	{"edit-territories", "POST", "/accounts/" + account + "/territories/edit", `{"edits": [{"channel": "messaging", "territory": "US", "open": true}]}`, nil, access.Viewer, 403},
	{"get-account-territories", "GET", "/accounts/" + account + "/territories", "", nil, access.Viewer, 200},
	{"get-account-territories", "GET", "/accounts/AC33333333333333333333333333333333/territories", "", nil, access.Viewer, 404},
	{"list-territories", "GET", "/territories", "", nil, access.Viewer, 200},
	{"list-territories", "GET", "/territories", "", nil, access.NoRole, 401},
	{"get-territory", "GET", "/territories/GB", "", nil, access.Viewer, 200},
	{"get-territory", "GET", "/territories/UX", "", nil, access.Viewer, 404},
	{"get-effective", "GET", "/effective?channel=messaging&account=" + account, "", nil, access.Viewer, 200},
	{"get-effective", "GET", "/effective?account=" + account, "", nil, access.Viewer, 422},
	{"list-unused", "GET", "/unused?days=30&limit=10", "", nil, access.Viewer, 200},
	{"list-unused", "GET", "/unused?days=0", "", nil, access.Viewer, 422},
	{"list-unused", "GET", "/unused", "", nil, access.NoRole, 401},
	{"list-incidents", "GET", "/incidents?state=open", "", nil, access.Viewer, 200},
	{"list-incidents", "GET", "/incidents?state=quiet", "", nil, access.Viewer, 422},
	{"list-incidents", "GET", "/incidents", "", nil, access.NoRole, 401},
	{"list-feeds", "GET", "/feeds", "", nil, access.Viewer, 200},
	{"list-feeds", "GET", "/feeds?number=%2B882130012345", "", nil, access.Viewer, 200},
	{"list-feeds", "GET", "/feeds?number=882130012345", "", nil, access.Viewer, 422},
	{"list-feeds", "GET", "/feeds", "", nil, access.NoRole, 401},
	{"get-feed", "GET", "/feeds/iprn", "", nil, access.Viewer, 200},
	{"get-feed", "GET", "/feeds/iprn?number=%2B882130012345", "", nil, access.Viewer, 200},
	{"get-feed", "GET", "/feeds/iprn?number=x", "", nil, access.Viewer, 422},
	{"get-feed", "GET", "/feeds/other", "", nil, access.Viewer, 404},
	{"get-feed", "GET", "/feeds/iprn", "", nil, access.NoRole, 401},
	{"list-feed-prefixes", "GET", "/feeds/iprn/prefixes", "", nil, access.Viewer, 200},
	{"list-feed-prefixes", "GET", "/feeds/other/prefixes", "", nil, access.Viewer, 404},
	{"judge", "POST", "/judge", `{"account": "` + account + `", "channel": "messaging", "to": "+12025550123"}`, nil, access.Viewer, 200},
	{"judge", "POST", "/judge", `{"account": "` + account + `", "channel": "voice", "to": "+998901234567", "from": null}`, nil, access.Viewer, 422},
	{"add-conversion", "POST", "/conversions", `{"account": "` + account + `", "number": "+12025550123"}`, nil, access.Admin, 200},
	{"add-conversion", "POST", "/conversions", `{"account": "` + account + `", "number": "2025550123"}`, nil, access.Admin, 422},
	{"add-conversion", "POST", "/conversions", `{"account": "` + account + `", "number": "+12025550123"}`, nil, access.Viewer, 403},
	{"delete-account", "DELETE", "/accounts/" + account, "", []string{"If-Match", `1`}, access.Admin, 400},
	{"delete-account", "DELETE", "/accounts/" + account, "", nil, access.Approver, 403},
	{"delete-account", "DELETE", "/accounts/" + account, "", nil, access.Admin, 200},
	{"delete-account", "DELETE", "/accounts/" + account, "", nil, access.Admin, 404},

	{"add-block", "POST", "/blocks", `{"block": "+99899394", "reason": "pumping"}`, nil, access.Admin, 201},
	{"add-block", "POST", "/blocks", `{"block": "99899394", "reason": "pumping"}`, nil, access.Admin, 422},
	{"list-blocks", "GET", "/blocks", "", nil, access.Viewer, 200},
	{"get-block", "GET", "/blocks/{id}", "", nil, access.Viewer, 200},
	{"delete-block", "DELETE", "/blocks/{id}", "", nil, access.Admin, 422},
	{"delete-block", "DELETE", "/blocks/{id}?reason=over", "", nil, access.Admin, 200},
	{"get-block", "GET", "/blocks/{id}", "", nil, access.Viewer, 404},

	{"put-suspension", "PUT", "/suspensions/" + inFile, `{"reason": "leaked key"}`, nil, access.Admin, 201},
	{"put-suspension", "PUT", "/suspensions/" + inFile, `{}`, nil, access.Admin, 422},
	{"list-suspensions", "GET", "/suspensions", "", nil, access.Viewer, 200},
	{"get-suspension", "GET", "/suspensions/" + inFile, "", nil, access.Viewer, 200},
	{"delete-suspension", "DELETE", "/suspensions/" + inFile + "?reason=new+key", "", nil, access.Admin, 200},

	{"list-holds", "GET", "/holds?limit_name=block&limit=10", "", nil, access.Viewer, 200},
	{"list-holds", "GET", "/holds?limit=0", "", nil, access.Viewer, 422},
	{"get-hold", "GET", "/holds/" + heldBlock, "", nil, access.Viewer, 200},
	{"get-hold", "GET", "/holds/unknown", "", nil, access.Viewer, 404},
	{"release-hold", "DELETE", "/holds/" + heldBlock, "", nil, access.Admin, 422},
	{"release-hold", "DELETE", "/holds/" + heldBlock + "?reason=ours", "", nil, access.Viewer, 403},
	{"release-hold", "DELETE", "/holds/" + heldBlock + "?reason=ours", "", nil, access.Admin, 200},
	{"release-hold", "DELETE", "/holds/" + heldBlock + "?reason=ours", "", nil, access.Admin, 404},
	{"release-holds", "DELETE", "/holds?reason=ours", "", nil, access.Admin, 422},
	{"release-holds", "DELETE", "/holds?limit_name=block&reason=ours", "", nil, access.Viewer, 403},
	{"release-holds", "DELETE", "/holds?limit_name=block&reason=ours", "", nil, access.Admin, 200},
	{"release-holds", "DELETE", "/holds?limit_name=another&reason=ours", "", nil, access.Admin, 200},
	{"release-holds", "DELETE", "/holds?all=true&reason=ours&dry_run=true", "", nil, access.Admin, 200},

	{"request-opening", "POST", "/openings", `{"account": "` + inFile + `", "channel": "messaging", "to": "PK", "until": "UNTIL", "reason": "launch", "acknowledge_high_risk": true}`, nil, access.Admin, 201},
	{"request-opening", "POST", "/openings", `{"account": "` + inFile + `", "channel": "messaging", "to": "PK", "until": "UNTIL", "reason": "launch"}`, nil, access.Admin, 422},
	{"list-openings", "GET", "/openings?state=pending", "", nil, access.Viewer, 200},
	{"approve-opening", "POST", "/openings/{id}/approve", "", nil, access.Admin, 403},
	{"approve-opening", "POST", "/openings/{id}/approve", "", nil, access.Approver, 200},
	{"get-opening", "GET", "/openings/{id}", "", nil, access.Viewer, 200},
	{"end-opening", "POST", "/openings/{id}/end?reason=over", "", nil, access.Admin, 200},
	{"end-opening", "POST", "/openings/{id}/end?reason=over", "", nil, access.Admin, 409},

	{"get-panic", "GET", "/panic", "", nil, access.Viewer, 404},
	{"panic", "POST", "/panic", `{"reason": "leaked keys", "protect": ["` + inFile + `"]}`, nil, access.Owner, 201},
	{"get-panic", "GET", "/panic", "", nil, access.Viewer, 200},
	{"undo-panic", "POST", "/panic/undo?reason=over", "", nil, access.Owner, 200},

	{"push-policy", "POST", "/policy/push", `{"version": 1, "accounts": [{"id": "` + account + `", "messaging": ["US"]}]}`, nil, access.Owner, 200},
	{"pull-policy", "GET", "/policy", "", nil, access.Viewer, 200},

	{"get-settings", "GET", "/settings", "", nil, access.Viewer, 200},
	{"put-settings", "PUT", "/settings", `{"default": {"messaging": ["US"]}}`, nil, access.Owner, 201},
	{"put-settings", "PUT", "/settings", `{"accounts": [{"id": "acme"}]}`, nil, access.Owner, 422},
	{"put-settings", "PUT", "/settings", `{}`, nil, access.Admin, 403},
	{"list-policy-parts", "GET", "/policy/parts", "", nil, access.Viewer, 200},
	{"get-settings", "GET", "/settings", "", nil, access.Viewer, 200},
	{"get-revision", "GET", "/revision", "", nil, access.Viewer, 200},
	{"get-revision", "GET", "/revision", "", nil, access.NoRole, 401},

	{"list-tokens", "GET", "/tokens", "", nil, access.Viewer, 200},
	{"create-token", "POST", "/tokens?dry_run=true", `{"name": "all", "role": "viewer", "expires": "UNTIL"}`, nil, access.Owner, 200},
	{"create-token", "POST", "/tokens", `{"name": "one", "role": "viewer", "accounts": ["` + inFile + `"], "expires": "UNTIL"}`, nil, access.Owner, 201},
	{"create-token", "POST", "/tokens", `{"name": "one", "role": "viewer", "accounts": null, "expires": "UNTIL"}`, nil, access.Owner, 422},
	{"list-tokens", "GET", "/tokens", "", nil, access.Viewer, 200},
	{"get-token", "GET", "/tokens/{id}", "", nil, access.Viewer, 200},
	{"revoke-token", "DELETE", "/tokens/{id}", "", nil, access.Owner, 200},
	{"get-token", "GET", "/tokens/{id}", "", nil, access.Viewer, 200},
	{"get-token", "GET", "/tokens/unknown", "", nil, access.Viewer, 404},

	{"list-keys", "GET", "/keys", "", nil, access.Viewer, 200},
	{"create-key", "POST", "/keys?dry_run=true", `{"account": "` + inFile + `"}`, nil, access.Admin, 200},
	{"create-key", "POST", "/keys", `{"account": "` + inFile + `", "name": "billing", "channels": [], "expires": "UNTIL"}`, nil, access.Admin, 201},
	{"create-key", "POST", "/keys", `{"account": "` + inFile + `", "channels": null}`, nil, access.Admin, 422},
	{"list-keys", "GET", "/keys?account=" + inFile, "", nil, access.Viewer, 200},
	{"get-key", "GET", "/keys/{id}", "", nil, access.Viewer, 200},
	{"revoke-key", "DELETE", "/keys/{id}", "", nil, access.Admin, 200},
	{"get-key", "GET", "/keys/{id}", "", nil, access.Viewer, 200},

	{"list-changes", "GET", "/audit/changes", "", nil, access.Viewer, 200},
	{"list-changes", "GET", "/audit/changes?before=x", "", nil, access.Viewer, 422},
	{"list-refusals", "GET", "/audit/refusals", "", nil, access.Viewer, 200},
	{"list-refusals", "GET", "/audit/refusals?outcome=allow", "", nil, access.Viewer, 422},
	{"report-refusals", "GET", "/audit/report?by=territory,hour", "", nil, access.Viewer, 200},
	{"report-refusals", "GET", "/audit/report?by=weather", "", nil, access.Viewer, 422},
	{"forget-account", "POST", "/audit/forget?reason=left", `{"account": "` + account + `"}`, nil, access.Owner, 200},
	{"forget-account", "POST", "/audit/forget", `{"account": "` + account + `", "account": "` + inFile + `"}`, nil, access.Owner, 422},
	{"forget-account", "POST", "/audit/forget", `{"account": "` + account + `"}`, nil, access.Admin, 403},
	{"get-audit-head", "GET", "/audit/head", "", nil, access.Viewer, 200},
	{"get-audit-head", "GET", "/audit/head", "", nil, access.NoRole, 401},
	{"get-audit-key", "GET", "/audit/key", "", nil, access.Viewer, 200},
	{"prove-change", "GET", "/audit/proof/0", "", nil, access.Viewer, 200},
	{"prove-change", "GET", "/audit/proof/9999", "", nil, access.Viewer, 404},
}

// inFile is an account that no one changes here, since a file states it.
const inFile = "AC22222222222222222222222222222222"

func TestEveryAnswerIsAsTheDescriptionSays(t *testing.T) {
	described := new(describer)
	described.read(t)
	server := httptest.NewServer(handler(t))
	defer server.Close()
	asked, id := map[string]bool{}, ""
	until := time.Now().UTC().Add(time.Hour).Format(time.RFC3339)
	for _, r := range requests {
		t.Run(fmt.Sprintf("%s answers %d", r.operation, r.status), func(t *testing.T) {
			asked[r.operation] = true
			r.path = strings.ReplaceAll(r.path, "{id}", id)
			r.body = strings.ReplaceAll(r.body, "UNTIL", until)
			status, contentType, body := r.send(t, server.URL)
			if status != r.status {
				t.Fatalf("%d %s", status, body)
			}
			described.check(t, r, contentType, body)
			if status == http.StatusCreated {
				var created struct{ ID string }
				if err := json.Unmarshal(body, &created); err != nil {
					t.Fatal(err)
				}
				id = created.ID
			}
		})
	}
	for operation := range described.operations {
		if !asked[operation] {
			t.Errorf("no request asks for %s", operation)
		}
	}
}

// roleHeader is how a request says, to this test, which role its client has.
const roleHeader = "X-Role"

// handler returns the API, with a store of its own.
func handler(t *testing.T) http.Handler {
	t.Helper()
	resolver := reload.Resolver{
		Replace:  func(text string) (string, error) { return text, nil },
		Carriers: configtest.AsWritten,
	}
	loader, err := reload.NewLoader(resolver, "", config.Document{Accounts: []config.Account{{ID: inFile}}}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "permissions.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	loader.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return kept, nil }, Now: time.Now})
	if _, err := loader.Load(); err != nil {
		t.Fatal(err)
	}
	rules, err := new(openings.Settings).Rules()
	if err != nil {
		t.Fatal(err)
	}
	keyFile, addresses := filepath.Join(t.TempDir(), "head.key"), geoIPDatabase(t)
	held, counters := heldBlocks(time.Now())
	feeds := fileFeeds(t)
	asked := api.New(&permissions.Service{
		HoldUse: permissions.HoldUse{Held: held, Counters: counters},
		Policy:  loader, Carriers: configtest.AsWritten, Openings: rules, HighRisk: geo.HighRisk, Now: time.Now, Explainer: explainer,
		GeoIP:      func() *geoip.Database { return addresses },
		Feeds:      func() *feed.Feeds { return feeds },
		SigningKey: func() (*audit.SigningKey, error) { return audit.OpenSigningKey(keyFile, "gate.example/audit") },
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := permissions.Caller{Through: "api", Address: "192.0.2.1"}
		if role, ok := access.ParseRole(r.Header.Get(roleHeader)); ok {
			id, err := access.NewIdentity(access.Authentication, "the "+role.String())
			if err != nil {
				panic(err)
			}
			caller.Principal = access.Principal{Identity: id, Role: role, Person: id.String()}
		}
		asked.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), caller)))
	})
}

func (r *request) send(t *testing.T, server string) (status int, contentType string, body []byte) {
	t.Helper()
	sent, err := http.NewRequest(r.method, server+api.Prefix+r.path, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if r.body != "" {
		sent.Header.Set("Content-Type", "application/json")
	}
	sent.Header.Set(roleHeader, r.role.String())
	for i := 0; i < len(r.header); i += 2 {
		sent.Header.Set(r.header[i], r.header[i+1])
	}
	response, err := http.DefaultClient.Do(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	contentType, _, err = mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, contentType, body
}

// describer finds the schemas of answers.
type describer struct {
	compiler *jsonschema.Compiler
	// operations are where each is, by its ID.
	operations map[string]string
}

func (d *describer) read(t *testing.T) {
	t.Helper()
	text := description(t)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d.compiler = jsonschema.NewCompiler()
	if err := d.compiler.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	d.operations = map[string]string{}
	var parsed struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	for path, methods := range parsed.Paths {
		for method, operation := range methods {
			d.operations[operation.OperationID] = "/paths/" + inPointer(path) + "/" + method
		}
	}
}

// inPointer is a name as a JSON pointer in a URL has it.
func inPointer(name string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}

// check holds an answer to the schema of its operation, status and type.
func (d *describer) check(t *testing.T, r request, contentType string, body []byte) {
	t.Helper()
	place := fmt.Sprintf("%s/responses/%d/content/%s/schema", d.operations[r.operation], r.status, inPointer(contentType))
	schema, err := d.compiler.Compile("openapi.json#" + place)
	if err != nil {
		t.Fatalf("the description has no such answer: %v", err)
	}
	var answer any = string(body)
	if !strings.HasPrefix(contentType, "text/") {
		if answer, err = jsonschema.UnmarshalJSON(bytes.NewReader(body)); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
	}
	if err := schema.Validate(answer); err != nil {
		t.Errorf("%s\n%v", body, err)
	}
}
