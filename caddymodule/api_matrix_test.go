package caddymodule_test

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// apiOperation is what one operation of the API is asked in the matrix. Requests that change
// something are only tried, so that one does not meet what another one has done.
type apiOperation struct {
	id     string
	action access.Action
	// account that it is about, empty for one that is about all, and ownAccounts.
	account    string
	path, body string
	// status of the answer to one who may.
	status int
}

// ownAccounts is in place of an account for what is asked for whichever accounts the client has.
const ownAccounts = "*"

// apiObjects are what the store has: a token, and objects of an account.
type apiObjects struct{ token, key, block, opening string }

// apiOperations has a row for every operation, for an account that the store has, which is
// suspended, and other objects.
func apiOperations(o apiObjects) []apiOperation {
	const (
		account     = "/accounts/" + acme
		suspension  = "/suspensions/" + acme
		territories = `{"channel": "messaging", "territories": ["CA"]}`
	)
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	return []apiOperation{
		{"get-identity", access.Read, ownAccounts, "/identity", "", 200},
		{"list-accounts", access.Read, ownAccounts, "/accounts", "", 200},
		{"get-account", access.Read, acme, account, "", 200},
		{"put-account", access.AccountPut, acme, account, `{"messaging": ["CA"]}`, 200},
		{"create-trial", access.AccountPut, acme, "/accounts", `{"id": "` + acme + `", "trial": true, "home": "GB"}`, 409},
		{"patch-account", access.AccountPatch, acme, account, `{"label": "Acme"}`, 200},
		{"add-territories", access.AccountPatch, acme, account + "/territories/add", territories, 200},
		{"remove-territories", access.AccountPatch, acme, account + "/territories/remove", territories, 200},
		{"replace-territories", access.AccountPatch, acme, account + "/territories/replace", territories, 200},
		{"edit-territories", access.AccountPatch, acme, account + "/territories/edit", `{"edits": [{"channel": "messaging", "territory": "CA", "open": true}]}`, 200},
		{"get-account-territories", access.Read, acme, account + "/territories", "", 200},
		{"list-territories", access.Read, ownAccounts, "/territories", "", 200},
		{"get-territory", access.Read, ownAccounts, "/territories/GB", "", 200},
		{"delete-account", access.AccountDelete, acme, account, "", 200},

		{"list-unused", access.Read, ownAccounts, "/unused", "", 200},
		{"list-incidents", access.Read, ownAccounts, "/incidents", "", 200},
		{"list-feeds", access.Read, "", "/feeds", "", 200},
		{"get-feed", access.Read, "", "/feeds/unknown", "", 404},
		{"list-feed-prefixes", access.Read, "", "/feeds/unknown/prefixes", "", 404},
		{"get-effective", access.Read, acme, "/effective?channel=messaging&account=" + acme, "", 200},
		{"judge", access.Read, acme, "/judge", `{"account": "` + acme + `", "channel": "messaging", "to": "` + inUS + `"}`, 200},
		{"add-conversion", access.ConversionAdd, acme, "/conversions", `{"account": "` + acme + `", "number": "` + inUS + `"}`, 200},
		{"get-revision", access.Read, ownAccounts, "/revision", "", 200},

		{"list-openings", access.Read, acme, "/openings?account=" + acme, "", 200},
		{"get-opening", access.Read, acme, "/openings/" + o.opening, "", 200},
		{"request-opening", access.OpeningRequest, acme, "/openings",
			`{"account": "` + acme + `", "channel": "messaging", "to": "CA", "until": "` + until + `", "reason": "launch"}`, 200},
		{"approve-opening", access.OpeningApprove, acme, "/openings/" + o.opening + "/approve", "", 200},
		{"end-opening", access.OpeningEnd, acme, "/openings/" + o.opening + "/end?reason=over", "", 200},

		{"list-suspensions", access.Read, "", "/suspensions", "", 200},
		{"get-suspension", access.Read, acme, suspension, "", 200},
		{"put-suspension", access.SuspensionPut, acme, suspension, `{"reason": "leaked key"}`, 200},
		{"delete-suspension", access.SuspensionDelete, acme, suspension + "?reason=over", "", 200},

		{"list-holds", access.Read, acme, "/holds?account=" + acme, "", 200},
		{"get-hold", access.Read, "", "/holds/unknown", "", 404},
		{"release-hold", access.HoldRelease, "", "/holds/unknown?reason=over", "", 404},
		{"release-holds", access.HoldRelease, acme, "/holds?account=" + acme + "&reason=over", "", 200},

		{"list-blocks", access.Read, "", "/blocks", "", 200},
		{"get-block", access.Read, "", "/blocks/" + o.block, "", 200},
		{"add-block", access.BlockAdd, "", "/blocks", `{"block": "+1900", "reason": "premium"}`, 200},
		{"delete-block", access.BlockDelete, "", "/blocks/" + o.block + "?reason=over", "", 200},

		{"get-panic", access.Read, "", "/panic", "", 404},
		{"panic", access.Panic, "", "/panic", `{"reason": "leaked keys"}`, 200},
		{"undo-panic", access.PanicUndo, "", "/panic/undo?reason=over", "", 404},

		{"get-settings", access.Read, "", "/settings", "", 200},
		{"list-policy-parts", access.Read, "", "/policy/parts", "", 200},
		{"put-settings", access.SettingsPut, "", "/settings", `{"default": {"messaging": ["US"]}}`, 200},
		{"pull-policy", access.Read, "", "/policy", "", 200},
		{"push-policy", access.PolicyPush, "", "/policy/push", `{"version": 1}`, 200},

		{"list-changes", access.AuditRead, acme, "/audit/changes?account=" + acme, "", 200},
		{"list-refusals", access.AuditRead, acme, "/audit/refusals?account=" + acme, "", 200},
		{"report-refusals", access.AuditRead, acme, "/audit/report?by=territory&account=" + acme, "", 200},
		{"get-audit-head", access.AuditRead, "", "/audit/head", "", 200},
		{"get-audit-key", access.AuditRead, "", "/audit/key", "", 200},
		{"prove-change", access.AuditRead, "", "/audit/proof/0", "", 200},
		{"forget-account", access.AuditForget, "", "/audit/forget", `{"account": "` + acme + `"}`, 200},

		{"list-tokens", access.Read, "", "/tokens", "", 200},
		{"get-token", access.Read, "", "/tokens/" + o.token, "", 200},
		{"create-token", access.TokenCreate, "", "/tokens", asToken("viewer"), 200},
		{"revoke-token", access.TokenRevoke, "", "/tokens/" + o.token, "", 200},

		{"list-keys", access.Read, acme, "/keys?account=" + acme, "", 200},
		{"get-key", access.Read, acme, "/keys/" + o.key, "", 200},
		{"create-key", access.KeyCreate, acme, "/keys", `{"account": "` + acme + `"}`, 200},
		{"revoke-key", access.KeyRevoke, acme, "/keys/" + o.key, "", 200},
	}
}

// apiClient is who asks, and who the gate should take it for.
type apiClient struct {
	name      string
	header    http.Header
	principal access.Principal
}

func TestEveryOperationIsForThoseWhoMay(t *testing.T) {
	s := startAPI(t, "")
	objects, sendingKey := s.apiObjects(t)
	clients := s.apiClients(t, sendingKey)

	rows := map[string]apiOperation{}
	for _, row := range apiOperations(objects) {
		rows[row.id] = row
	}
	var matrix strings.Builder
	const columns = "%-19s %-17s"
	fmt.Fprintf(&matrix, columns, "operation", "action")
	for _, client := range clients {
		fmt.Fprintf(&matrix, " %s", client.name)
	}
	matrix.WriteString("\n")
	for _, operation := range describedOperations(t) {
		row, ok := rows[operation.id]
		if !ok {
			t.Errorf("the operation %s has no row in apiOperations: say which action it is", operation.id)
			continue
		}
		delete(rows, operation.id)
		fmt.Fprintf(&matrix, columns, row.id, row.action)
		for _, client := range clients {
			want := row.statusFor(client.principal)
			response, body := s.ask(t, operation.method, operation.tried(row.path), row.body, client.header)
			if response.StatusCode != want {
				t.Errorf("%s by %s: %d, want %d: %s", row.id, client.name, response.StatusCode, want, body)
			}
			fmt.Fprintf(&matrix, " %-*d", len(client.name), response.StatusCode)
		}
		matrix.WriteString("\n")
	}
	for id := range rows {
		t.Errorf("the operation %s is not one of the API", id)
	}
	var text strings.Builder
	for line := range strings.Lines(matrix.String()) {
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	harness.Golden(t, "testdata/api_matrix.txt", text.String())
}

// statusFor is the status of the answer to a client.
func (o *apiOperation) statusFor(client access.Principal) int {
	account := o.account
	if account == ownAccounts {
		account, client.Accounts = "", nil
	}
	switch err := access.Authorize(client, o.action, account); {
	case errors.Is(err, access.ErrNoAccess):
		return http.StatusUnauthorized
	case err != nil:
		return http.StatusForbidden
	}
	return o.status
}

// apiObjects makes objects, and returns what a client sends that has the key.
func (s *apiServer) apiObjects(t *testing.T) (made apiObjects, sendingKey string) {
	t.Helper()
	create := func(header http.Header, method, path, body string) string {
		t.Helper()
		response, answer := s.ask(t, method, path, body, header)
		var created struct{ ID string }
		if err := json.Unmarshal([]byte(answer), &created); err != nil || response.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %d %s", path, response.StatusCode, answer)
		}
		return created.ID
	}
	create(withUser("alice"), "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	create(withUser("alice"), "PUT", "/suspensions/"+acme, `{"reason": "leaked key"}`)
	made.block = create(withUser("alice"), "POST", "/blocks", `{"block": "+99899394", "reason": "pumping"}`)
	// Someone requests it who is none of the clients, since no one approves what they requested.
	made.opening = create(withUser("erin"), "POST", "/openings", `{"account": "`+acme+`", "channel": "messaging", "to": "PK",
		"until": "`+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)+`", "reason": "launch", "acknowledge_high_risk": true}`)
	made.token, _ = s.token(t, asToken("viewer"))
	sid, secret := s.key(t, `{"account": "`+acme+`"}`)
	made.key = sid
	return made, basic(sid + ":" + secret)
}

// apiClients are the columns of the matrix.
func (s *apiServer) apiClients(t *testing.T, key string) []apiClient {
	t.Helper()
	as := func(role access.Role, accounts ...string) access.Principal {
		return access.Principal{Identity: access.Identity{Kind: access.BearerToken, Name: "a"}, Role: role, Accounts: accounts}
	}
	bearerOf := func(role string, accounts ...string) http.Header {
		_, text := s.token(t, asToken(role, accounts...))
		return withBearer(text)
	}
	_, valid := s.token(t, asToken("owner"))
	revokedID, revoked := s.token(t, asToken("owner"))
	if response, body := s.manage(t, "DELETE", "/tokens/"+revokedID, ""); response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	return []apiClient{
		{"none", nil, access.Principal{}},
		{"mistyped", withBearer(valid[:len(valid)-1]), access.Principal{}},
		{"wrong-secret", withBearer(withAnotherSecret(valid)), access.Principal{}},
		{"expired", withBearer(s.expired(t)), access.Principal{}},
		{"revoked", withBearer(revoked), access.Principal{}},
		{"sending-key", http.Header{"Authorization": {key}}, access.Principal{}},
		{"viewer", bearerOf("viewer"), as(access.Viewer)},
		{"approver", bearerOf("approver"), as(access.Approver)},
		{"admin", bearerOf("admin"), as(access.Admin)},
		{"owner", bearerOf("owner"), as(access.Owner)},
		{"viewer-of-it", bearerOf("viewer", acme), as(access.Viewer, acme)},
		{"admin-of-it", bearerOf("admin", acme), as(access.Admin, acme)},
		{"owner-of-it", bearerOf("owner", acme), as(access.Owner, acme)},
		{"owner-of-another", bearerOf("owner", child), as(access.Owner, child)},
		{"user-owner", withUser("alice"), as(access.Owner)},
		{"user-viewer", withUser("bob@example.com"), as(access.Viewer)},
		{"user-none", withUser("mallory"), access.Principal{}},
	}
}

// withAnotherSecret is a token with another secret, and the checksum that fits it.
func withAnotherSecret(token string) string {
	body := []byte(token[:len(token)-7])
	last := &body[len(body)-2] // the last letter has bits that are not of the secret
	if *last++; *last > 'z' || *last < 'a' {
		*last = 'a'
	}
	encoding := base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	return string(body) + encoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}

// expired is the token of an owner that was valid, and is not any more.
func (s *apiServer) expired(t *testing.T) string {
	t.Helper()
	soon := time.Now().Add(2 * time.Second).UTC().Format(time.RFC3339)
	_, text := s.token(t, `{"name": "short", "role": "owner", "expires": "`+soon+`"}`)
	harness.Await(t, "the token expires", func() bool {
		response, _ := s.ask(t, "GET", "/tokens", "", withBearer(text))
		return response.StatusCode == http.StatusUnauthorized
	})
	if _, list := s.manage(t, "GET", "/tokens", ""); !strings.Contains(list, `"state":"expired"`) {
		t.Errorf("it is not listed as expired: %s", list)
	}
	return text
}

// key issues a key as the admin endpoint does, and returns its name and its secret.
func (s *storeServer) key(t *testing.T, body string) (sid, secret string) {
	t.Helper()
	response, answer := s.manage(t, "POST", "/keys", body)
	var made struct {
		Secret   string
		Document struct{ SID string }
	}
	if err := json.Unmarshal([]byte(answer), &made); err != nil || response.StatusCode != http.StatusCreated || made.Secret == "" {
		t.Fatalf("issuing a key: %d %s", response.StatusCode, answer)
	}
	return made.Document.SID, made.Secret
}

// describedOperation is one of the OpenAPI description.
type describedOperation struct {
	id, method string
	hasDryRun  bool
}

// tried is a path with which an operation only tries a change.
func (o *describedOperation) tried(path string) string {
	switch {
	case !o.hasDryRun:
		return path
	case strings.Contains(path, "?"):
		return path + "&dry_run=true"
	}
	return path + "?dry_run=true"
}

// describedOperations are all of the description, in the order of the rows, and those without
// a row after them.
func describedOperations(t *testing.T) (all []describedOperation) {
	t.Helper()
	text, err := api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct{ Name string }
		}
	}
	if err := json.Unmarshal(text, &description); err != nil {
		t.Fatal(err)
	}
	found := map[string]describedOperation{}
	for _, methods := range description.Paths {
		for method, operation := range methods {
			described := describedOperation{id: operation.OperationID, method: strings.ToUpper(method)}
			for _, parameter := range operation.Parameters {
				described.hasDryRun = described.hasDryRun || parameter.Name == "dry_run"
			}
			found[described.id] = described
		}
	}
	for _, row := range apiOperations(apiObjects{}) {
		if operation, ok := found[row.id]; ok {
			all = append(all, operation)
			delete(found, row.id)
		}
	}
	for _, operation := range found {
		all = append(all, operation)
	}
	return all
}
