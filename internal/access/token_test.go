package access_test

import (
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/policy"
)

func isError(err, target error) bool { return errors.Is(err, target) }

var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func newToken(t *testing.T, change func(*access.Token)) (*access.Token, string) {
	t.Helper()
	asked := access.Token{Name: "deploy", Role: access.Admin, Expires: now.Add(time.Hour)}
	if change != nil {
		change(&asked)
	}
	token, text, err := access.NewToken(asked, principal(access.Owner), now)
	if err != nil {
		t.Fatal(err)
	}
	return token, text
}

func TestATokenHasTheFormThatScannersFind(t *testing.T) {
	token, text := newToken(t, nil)
	if !regexp.MustCompile(`^tgt_[a-z2-7]{13}_[a-z2-7]{59}$`).MatchString(text) {
		t.Errorf("the token is %s", text)
	}
	if !strings.HasPrefix(text, "tgt_"+token.ID+"_") {
		t.Errorf("the ID of %s is %s", text, token.ID)
	}
	other, _ := newToken(t, nil)
	if other.ID == token.ID {
		t.Error("two tokens have one ID")
	}
	if _, ok := (sid.Identifiers{}).Canonical(policy.KeyID, text); ok {
		t.Error("a token is the name of a key")
	}
}

func TestATokenIsAcceptedUntilItEnds(t *testing.T) {
	token, text := newToken(t, func(t *access.Token) { t.Accounts = []string{"acme"} })
	revoked := *token
	revoked.Revoked = now.Add(time.Hour) // by a clock that is ahead
	_, another := newToken(t, nil)
	lastCharacter := "a"
	if strings.HasSuffix(text, lastCharacter) {
		lastCharacter = "b"
	}
	for _, c := range []struct {
		says, text string
		token      *access.Token
		at         time.Time
		want       access.Refusal
	}{
		{"a token", text, token, now, access.Accepted},
		{"in its last second", text, token, token.Expires.Add(-time.Second), access.Accepted},
		{"at its end", text, token, token.Expires, access.Expired},
		{"revoked", text, &revoked, now, access.Revoked},
		{"not kept", text, nil, now, access.Unknown},
		{"another one, by the store's mistake", another, token, now, access.Unknown},
		{"nothing", "", token, now, access.Malformed},
		{"a character less", text[:len(text)-1], token, now, access.Malformed},
		{"a character more", text + "a", token, now, access.Malformed},
		{"another last character", text[:len(text)-1] + lastCharacter, token, now, access.Malformed},
		{"in capitals", strings.ToUpper(text), token, now, access.Malformed},
		{"with the word before it", "Bearer " + text, token, now, access.Malformed},
		{"the name of a sending key", "SK0123456789abcdef0123456789abcdef", token, now, access.Malformed},
		{"the secret of a sending key", strings.Repeat("a", 43), token, now, access.Malformed},
		{"an ID in capitals", access.WithChecksum("tgt_" + strings.Repeat("A", 13) + "_" + strings.Repeat("a", 52)), token, now, access.Malformed},
		{"a secret in capitals", access.WithChecksum("tgt_" + strings.Repeat("a", 13) + "_" + strings.Repeat("A", 52)), token, now, access.Malformed},
		{"another character between them", access.WithChecksum("tgt_" + strings.Repeat("a", 13) + "-" + strings.Repeat("a", 52)), token, now, access.Malformed},
		{"another beginning", access.WithChecksum("tgu_" + strings.Repeat("a", 13) + "_" + strings.Repeat("a", 52)), token, now, access.Malformed},
		{"another secret", access.WithSecret(text, strings.Repeat("a", 52)), token, now, access.WrongSecret},
		{"another secret, revoked", access.WithSecret(text, strings.Repeat("a", 52)), &revoked, now, access.WrongSecret},
	} {
		p, refusal := access.VerifyToken(c.text, func(string) *access.Token { return c.token }, c.at)
		if refusal != c.want {
			t.Errorf("%s: %q, want %q", c.says, refusal, c.want)
		}
		want := access.Principal{}
		if c.want == access.Accepted {
			want = access.Principal{
				Identity: access.Identity{Kind: access.BearerToken, Name: token.ID},
				Role:     access.Admin, Accounts: []string{"acme"}, Person: "alice",
			}
		}
		if !reflect.DeepEqual(p, want) {
			t.Errorf("%s: %+v", c.says, p)
		}
	}
}

func TestATokenIsCreatedAsItMayBe(t *testing.T) {
	for _, c := range []struct {
		says   string
		change func(*access.Token)
		want   string
	}{
		{"for a year", func(t *access.Token) { t.Expires = now.Add(365 * 24 * time.Hour) }, ""},
		{"for a second more", func(t *access.Token) { t.Expires = now.Add(365*24*time.Hour + time.Second) }, "expires: must be at most 365 days"},
		{"without an end", func(t *access.Token) { t.Expires = time.Time{} }, "must expire in the future"},
		{"with an end that is now", func(t *access.Token) { t.Expires = now }, "must expire in the future"},
		{"without a name", func(t *access.Token) { t.Name = "" }, "name: must be 1 to 100"},
		{"with a name that hides something", func(t *access.Token) { t.Name = "a\u202eb" }, "name: must be 1 to 100"},
		{"without a role", func(t *access.Token) { t.Role = access.NoRole }, "role: must be owner"},
		{"for no account", func(t *access.Token) { t.Accounts = []string{} }, "accounts: name at least one"},
		{"for an account without a name", func(t *access.Token) { t.Accounts = []string{"acme", " "} }, "accounts: an account has no name"},
	} {
		asked := access.Token{Name: "deploy", Role: access.Admin, Expires: now.Add(time.Hour)}
		c.change(&asked)
		token, text, err := access.NewToken(asked, principal(access.Owner), now)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || token != nil || text != "") {
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		}
	}
	if _, _, err := access.NewToken(access.Token{Name: "a", Role: access.Viewer, Expires: now.Add(time.Hour)}, access.Principal{}, now); err == nil {
		t.Error("no one creates a token")
	}
}

// Else a person could approve by a token's token what they requested.
func TestThePersonWhoCreatedATokenAnswersForTheTokensItCreates(t *testing.T) {
	first, _ := newToken(t, func(t *access.Token) { t.Role = access.Owner })
	second, _, err := access.NewToken(access.Token{Name: "b", Role: access.Admin, Expires: now.Add(time.Hour)}, first.Principal(), now)
	if err != nil {
		t.Fatal(err)
	}
	want := access.Author{Name: "token:" + second.ID, Person: "alice"}
	if got := second.Principal().Author(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestADocumentOfATokenIsReadAsItWasWritten(t *testing.T) {
	for says, change := range map[string]func(*access.Token){
		"a token":                nil,
		"one for two accounts":   func(t *access.Token) { t.Accounts = []string{"acme", "bolt"} },
		"one with a shifted end": func(t *access.Token) { t.Expires = now.Add(time.Hour).In(time.FixedZone("", 3600)) },
	} {
		token, text := newToken(t, change)
		for _, revoked := range []time.Time{{}, now} {
			token.Revoked = revoked
			document, err := token.Document()
			if err != nil {
				t.Fatal(err)
			}
			again, err := access.ParseToken(document)
			if err != nil || !reflect.DeepEqual(again, token) {
				t.Errorf("%s: wrote %s\nread %+v, %v", says, document, again, err)
			}
			if secret := text[len(text)-59:]; strings.Contains(string(document), secret[:20]) {
				t.Errorf("%s: the secret is in %s", says, document)
			}
		}
	}
}

const document = `{"id": "abcdefghijklm", "name": "deploy", "role": "admin", "sha256": "` +
	`0000000000000000000000000000000000000000000000000000000000000000", "created": "2026-12-01T12:00:00Z", ` +
	`"created_by": "alice", "expires": "2026-12-02T12:00:00Z"}`

func TestADocumentOfATokenWithAMistakeIsRefused(t *testing.T) {
	if _, err := access.ParseToken([]byte(document)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ says, old, new, want string }{
		{"an unknown member", `"name"`, `"scope": "x", "name"`, `unknown member "scope"`},
		{"a member twice", `"name"`, `"role": "viewer", "name"`, "already specified"},
		{"something behind it", `12:00:00Z"}`, `12:00:00Z"} {}`, "there is more after the document"},
		{"no role", `"role": "admin", `, ``, "role: must be"},
		{"the role that is none", `"admin"`, `"none"`, "role: must be"},
		{"a role in capitals", `"admin"`, `"Admin"`, "role: must be"},
		{"a list of no accounts", `"name"`, `"accounts": [], "name"`, "accounts: name at least one"},
		{"null in place of accounts", `"name"`, `"accounts": null, "name"`, "null states nothing"},
		{"a short hash", `"0000`, `"00`, "sha256: must be"},
		{"a long hash", `"0000`, `"000000`, "sha256: must be"},
		{"no end", `, "expires": "2026-12-02T12:00:00Z"`, ``, "expires: must be a time"},
		{"an end too far", `2026-12-02`, `2027-12-02`, "expires: must be at most 365 days"},
		{"an end before its beginning", `2026-12-02`, `2026-11-02`, "expires: must be at most 365 days"},
		{"an end in the second of its beginning", `2026-12-02T12:00:00Z`, `2026-12-01T12:00:00.9Z`, "expires: must be at most 365 days"},
		{"a time that cannot be written", `2026-12-02T12:00:00Z`, `9999-12-31T23:59:59-01:00`, "expires: must be a time"},
		{"a time of no zone", `12:00:00Z"}`, `12:00:00"}`, "expires: must be a time"},
		{"no one who created it", `"created_by": "alice", `, ``, "created_by: must name"},
		{"another ID", `abcdefghijklm`, `ABCDEFGHIJKLM`, "id: must be 13"},
	} {
		text := strings.Replace(document, c.old, c.new, 1)
		if token, err := access.ParseToken([]byte(text)); err == nil || token != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		}
	}
}
