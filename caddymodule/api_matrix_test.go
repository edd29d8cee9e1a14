package caddymodule_test

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"slices"
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
	// account that it is about, empty for one that is about all, anyAccount for one that a
	// token for other accounts may ask too.
	account    string
	path, body string
	// status of the answer to one who may.
	status int
}

const anyAccount = "any"

// apiObjects are the IDs of what the store has before the operations are asked.
type apiObjects struct{ token, key, block, opening string }

// apiOperations has a row for every operation.
func apiOperations(of apiObjects) []apiOperation {
	territories := `{"channel": "messaging", "territories": ["CA"]}`
	opening := asOpening()
	return []apiOperation{
		{"get-account", access.Read, acme, "/accounts/" + acme, "", 200},
		{"put-account", access.AccountPut, acme, "/accounts/" + acme, `{"messaging": ["CA"]}`, 200},
		{"patch-account", access.AccountPatch, acme, "/accounts/" + acme, `{"label": "Acme"}`, 200},
		{"delete-account", access.AccountDelete, acme, "/accounts/" + acme, "", 200},
		{"list-accounts", access.Read, anyAccount, "/accounts", "", 200},
		{"add-territories", access.AccountPatch, acme, "/accounts/" + acme + "/territories/add", territories, 200},
		{"remove-territories", access.AccountPatch, acme, "/accounts/" + acme + "/territories/remove", territories, 200},
		{"replace-territories", access.AccountPatch, acme, "/accounts/" + acme + "/territories/replace", territories, 200},
		{"get-effective", access.Read, acme, "/effective?channel=messaging&account=" + acme, "", 200},
		{"judge", access.Read, acme, "/judge", `{"account": "` + acme + `", "channel": "messaging", "to": "` + inUS + `"}`, 200},

		{"list-suspensions", access.Read, "", "/suspensions", "", 200},
		{"get-suspension", access.Read, acme, "/suspensions/" + acme, "", 200},
		{"put-suspension", access.SuspensionPut, acme, "/suspensions/" + acme, `{"reason": "leaked key"}`, 200},
		{"delete-suspension", access.SuspensionDelete, acme, "/suspensions/" + acme + "?reason=over", "", 200},

		{"list-openings", access.Read, acme, "/openings?account=" + acme, "", 200},
		{"get-opening", access.Read, acme, "/openings/" + of.opening, "", 200},
		{"request-opening", access.OpeningRequest, acme, "/openings", opening, 200},
		{"approve-opening", access.OpeningApprove, acme, "/openings/" + of.opening + "/approve", "", 200},
		{"end-opening", access.OpeningEnd, acme, "/openings/" + of.opening + "/end?reason=over", "", 200},

		{"get-revision", access.Read, anyAccount, "/revision", "", 200},
		{"get-settings", access.Read, "", "/settings", "", 200},
		{"put-settings", access.SettingsPut, "", "/settings", `{"default": {"messaging": ["US"]}}`, 200},
		{"list-blocks", access.Read, "", "/blocks", "", 200},
		{"get-block", access.Read, "", "/blocks/" + of.block, "", 200},
		{"add-block", access.BlockAdd, "", "/blocks", `{"block": "+1901", "reason": "premium"}`, 200},
		{"delete-block", access.BlockDelete, "", "/blocks/" + of.block + "?reason=over", "", 200},
		{"pull-policy", access.Read, "", "/policy", "", 200},
		{"push-policy", access.PolicyPush, "", "/policy/push", `{"version": 1}`, 200},
		{"get-panic", access.Read, "", "/panic", "", 404}, // there is none
		{"panic", access.Panic, "", "/panic", `{"reason": "leaked keys"}`, 200},
		{"undo-panic", access.PanicUndo, "", "/panic/undo?reason=over", "", 404},

		{"list-tokens", access.Read, "", "/tokens", "", 200},
		{"get-token", access.Read, "", "/tokens/" + of.token, "", 200},
		{"create-token", access.TokenCreate, "", "/tokens", asToken("viewer"), 200},
		{"revoke-token", access.TokenRevoke, "", "/tokens/" + of.token, "", 200},

		{"list-keys", access.Read, acme, "/keys?account=" + acme, "", 200},
		{"get-key", access.Read, acme, "/keys/" + of.key, "", 200},
		{"create-key", access.KeyCreate, acme, "/keys", `{"account": "` + acme + `"}`, 200},
		{"revoke-key", access.KeyRevoke, acme, "/keys/" + of.key, "", 200},

		{"list-changes", access.AuditRead, acme, "/audit/changes?account=" + acme, "", 200},
		{"list-refusals", access.AuditRead, acme, "/audit/refusals?account=" + acme, "", 200},
		{"report-refusals", access.AuditRead, "", "/audit/report?by=territory", "", 200},
		{"forget-account", access.AuditForget, "", "/audit/forget", `{"account": "` + child + `"}`, 200}, // it has no records
	}
}

// asOpening is a request for one that needs an approval.
func asOpening() string {
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	return `{"account": "` + acme + `", "channel": "messaging", "to": "PK", "until": "` + until + `", "reason": "launch", "acknowledge_high_risk": true}`
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
	var of apiObjects
	of.token, _ = s.token(t, asToken("viewer"))
	var secret string
	of.key, secret = s.key(t, `{"account": "`+acme+`"}`)
	of.block = s.create(t, "POST", "/blocks", `{"block": "+1900", "reason": "premium"}`)
	of.opening = s.request(t, "carol")
	s.create(t, "PUT", "/suspensions/"+acme, `{"reason": "leaked key"}`)
	clients := s.apiClients(t, basic(of.key+":"+secret))

	rows := map[string]apiOperation{}
	for _, row := range apiOperations(of) {
		rows[row.id] = row
	}
	var matrix strings.Builder
	fmt.Fprintf(&matrix, "%-19s %-17s", "operation", "action")
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
		fmt.Fprintf(&matrix, "%-19s %-17s", row.id, row.action)
		for _, client := range clients {
			want := row.status
			principal, account := client.principal, row.account
			if account == anyAccount {
				principal.Accounts, account = nil, ""
			}
			switch err := access.Authorize(principal, row.action, account); {
			case errors.Is(err, access.ErrNoAccess):
				want = http.StatusUnauthorized
			case err != nil:
				want = http.StatusForbidden
			}
			path := row.path
			if operation.canBeTried {
				separator := "?"
				if strings.Contains(path, "?") {
					separator = "&"
				}
				path += separator + "dry_run=true"
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

// request requests an opening as a user does, and returns its ID.
func (s *apiServer) request(t *testing.T, user string) (id string) {
	t.Helper()
	response, answer := s.ask(t, "POST", "/openings", asOpening(), withUser(user))
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(answer), &made); err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("requesting an opening: %d %s", response.StatusCode, answer)
	}
	return made.ID
}

// create makes an object as the admin endpoint does, and returns its ID.
func (s *storeServer) create(t *testing.T, method, path, body string) (id string) {
	t.Helper()
	response, answer := s.manage(t, method, path, body)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(answer), &made); err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	return made.ID
}

// describedOperation is one of the OpenAPI description.
type describedOperation struct {
	id, method string
	canBeTried bool // it has the parameter dry_run
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
			canBeTried := slices.Contains(operation.Parameters, struct{ Name string }{"dry_run"})
			found[operation.OperationID] = describedOperation{operation.OperationID, strings.ToUpper(method), canBeTried}
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
