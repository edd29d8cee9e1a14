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
	// account that it is about, empty for one that is about all.
	account    string
	path, body string
	// status of the answer to one who may.
	status int
}

// apiOperations has a row for every operation, for an account that the store has, a token and a
// key of that account.
func apiOperations(token, key string) []apiOperation {
	return []apiOperation{
		{"get-account", access.Read, acme, "/accounts/" + acme, "", 200},
		{"put-account", access.AccountPut, acme, "/accounts/" + acme, `{"messaging": ["CA"]}`, 200},
		{"delete-account", access.AccountDelete, acme, "/accounts/" + acme, "", 200},

		{"list-tokens", access.Read, "", "/tokens", "", 200},
		{"get-token", access.Read, "", "/tokens/" + token, "", 200},
		{"create-token", access.TokenCreate, "", "/tokens", asToken("viewer"), 200},
		{"revoke-token", access.TokenRevoke, "", "/tokens/" + token, "", 200},

		{"list-keys", access.Read, acme, "/keys?account=" + acme, "", 200},
		{"get-key", access.Read, acme, "/keys/" + key, "", 200},
		{"create-key", access.KeyCreate, acme, "/keys", `{"account": "` + acme + `"}`, 200},
		{"revoke-key", access.KeyRevoke, acme, "/keys/" + key, "", 200},
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
	if response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`); response.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	token, _ := s.token(t, asToken("viewer"))
	sid, secret := s.key(t, `{"account": "`+acme+`"}`)
	clients := s.apiClients(t, basic(sid+":"+secret))

	rows := map[string]apiOperation{}
	for _, row := range apiOperations(token, sid) {
		rows[row.id] = row
	}
	var matrix strings.Builder
	fmt.Fprintf(&matrix, "%-16s %-14s", "operation", "action")
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
		fmt.Fprintf(&matrix, "%-16s %-14s", row.id, row.action)
		for _, client := range clients {
			want := row.status
			switch err := access.Authorize(client.principal, row.action, row.account); {
			case errors.Is(err, access.ErrNoAccess):
				want = http.StatusUnauthorized
			case err != nil:
				want = http.StatusForbidden
			}
			path := row.path
			if operation.method != http.MethodGet {
				path += "?dry_run=true"
			}
			response, body := s.ask(t, operation.method, path, row.body, client.header)
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
type describedOperation struct{ id, method string }

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
		}
	}
	if err := json.Unmarshal(text, &description); err != nil {
		t.Fatal(err)
	}
	found := map[string]describedOperation{}
	for _, methods := range description.Paths {
		for method, operation := range methods {
			found[operation.OperationID] = describedOperation{operation.OperationID, strings.ToUpper(method)}
		}
	}
	for _, row := range apiOperations("", "") {
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
