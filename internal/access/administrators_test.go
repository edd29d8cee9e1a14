package access_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
)

func user(name string) access.Identity {
	return access.Identity{Kind: access.Authentication, Name: name}
}

func certificate(name string) access.Identity {
	return access.Identity{Kind: access.Certificate, Name: name}
}

func TestTheHighestRoleThatStandsForAnIdentityCounts(t *testing.T) {
	administrators := access.Administrators{
		Owner:    []string{"alice", "cert:root"},
		Admin:    []string{"ops-*", "*@example.com", "c*", "cert:*.ops.example"},
		Approver: []string{"legal*team", "ops-1"},
		Viewer:   []string{"*"},
	}
	for _, c := range []struct {
		says string
		id   access.Identity
		want access.Role
	}{
		{"an exact name", user("alice"), access.Owner},
		{"a name that begins as an exact one", user("alice2"), access.Viewer},
		{"a name in another letter case", user("Alice"), access.Viewer},
		{"a beginning", user("ops-2"), access.Admin},
		{"only the beginning", user("ops-"), access.Admin},
		{"less than the beginning", user("ops"), access.Viewer},
		{"two roles, of which the greater counts", user("ops-1"), access.Admin},
		{"an end", user("bob@example.com"), access.Admin},
		{"the end within the name", user("bob@example.com.evil.test"), access.Viewer},
		{"both ends", user("legal-eu-team"), access.Approver},
		{"both ends and nothing between", user("legalteam"), access.Approver},
		{"ends that overlap", user("legalteateam"), access.Approver},
		{"ends that share characters", user("legaltea"), access.Viewer},
		{"any user", user("bob"), access.Viewer},
		{"no one", user(""), access.NoRole},
		{"a certificate that is named", certificate("root"), access.Owner},
		{"a user of the name of a certificate", user("root"), access.Viewer},
		{"a user who calls himself a certificate", user("cert:root"), access.NoRole},
		{"a certificate of the name of a user", certificate("alice"), access.NoRole},
		{"a certificate that any user's pattern would match", certificate("ops-2"), access.NoRole},
		{"a certificate of a domain", certificate("gate.ops.example"), access.Admin},
		{"a certificate without a name", certificate(""), access.NoRole},
		{"a token that has the name of an owner", access.Identity{Kind: access.BearerToken, Name: "alice"}, access.NoRole},
	} {
		if got := administrators.RoleOf(c.id); got != c.want {
			t.Errorf("%s: %s, want %s", c.says, got, c.want)
		}
		p, err := administrators.Principal(c.id)
		if p.Role != c.want || (err == nil) != (c.want != access.NoRole) {
			t.Errorf("%s: %+v, %v", c.says, p, err)
		}
	}
	if got := new(access.Administrators).RoleOf(user("alice")); got != access.NoRole {
		t.Errorf("without administrators, alice is %s", got)
	}
}

func TestAdministratorsAreReadStrictly(t *testing.T) {
	for _, c := range []struct{ says, text, want string }{
		{"all roles", `{"owner": ["alice"], "admin": ["ops-*"], "approver": ["bob"], "viewer": ["*"]}`, ""},
		{"no roles", `{}`, ""},
		{"a role that is none", `{"owners": ["alice"]}`, `unknown member "owners", did you mean "owner"?`},
		{"a role twice", `{"owner": ["alice"], "owner": ["bob"]}`, "already specified"},
		{"one name without a list", `{"owner": "alice"}`, "owner: must be a list"},
	} {
		var a access.Administrators
		err := decode.JSON([]byte(c.text), &a, nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		}
	}
}

func TestAPatternWithAMistakeIsNamed(t *testing.T) {
	for _, c := range []struct{ says, pattern, want string }{
		{"a name", "alice", ""},
		{"any user", "*", ""},
		{"any certificate", "cert:*", ""},
		{"a certificate", "cert:gate 1", ""},
		{"nothing", "", "stands for no one"},
		{"a certificate without a name", "cert:", "stands for no one"},
		{"two stars", "a*b*", `more than one "*"`},
		{"two stars side by side", "**", `more than one "*"`},
		{"a space at the end", "alice ", "a space at an end"},
		{"a space behind the beginning", "cert: gate", "a space at an end"},
		{"a character that is not seen", "ali\u200bce", "cannot be seen"},
		{"a token", "token:abc", "names a token"},
		{"a token in capitals", "Token:*", "names a token"},
		{"a certificate in capitals", "Cert:gate", "in lower case"},
		{"the beginning twice", "cert:cert:gate", "and once"},
	} {
		err := (&access.Administrators{Admin: []string{"bob", c.pattern}}).Check()
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "admin[1]: ")) {
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		}
	}
}

func TestNoTwoIdentitiesAreWrittenAlike(t *testing.T) {
	for _, c := range []struct {
		says string
		kind access.IdentityKind
		name string
		want string
	}{
		{"a user", access.Authentication, "alice@example.com", "alice@example.com"},
		{"a user with a colon", access.Authentication, "realm:alice", "realm:alice"},
		{"a certificate", access.Certificate, "gate", "cert:gate"},
		{"a certificate that is called like a token", access.Certificate, "token:a", "cert:token:a"},
		{"a token", access.BearerToken, "abc", "token:abc"},
		{"a user who calls himself a certificate", access.Authentication, "cert:gate", ""},
		{"the same in capitals", access.Authentication, "CERT:gate", ""},
		{"a user who calls himself a token", access.Authentication, "token:abc", ""},
		{"no name", access.Authentication, "", ""},
		{"a space at the end", access.Authentication, "alice ", ""},
		{"a line break", access.Certificate, "gate\nroot", ""},
		{"a character that turns the text around", access.Authentication, "a\u202eb", ""},
		{"bytes that are not UTF-8", access.Authentication, "a\xff", ""},
		{"a long name", access.Authentication, strings.Repeat("a", 256), ""},
	} {
		id, err := access.NewIdentity(c.kind, c.name)
		if (err != nil) != (c.want == "") || id.String() != c.want {
			t.Errorf("%s: %q, %v", c.says, id, err)
		}
	}
}

func TestNoOneApprovesWhatTheyRequested(t *testing.T) {
	alice := access.Author{Name: "alice", Person: "alice"}
	bob := access.Author{Name: "bob", Person: "bob"}
	carol := access.Author{Name: "carol", Person: "carol"}
	aliceToken := access.Author{Name: "token:a", Person: "alice"}
	bobToken := access.Author{Name: "token:b", Person: "bob"}
	for _, c := range []struct {
		says      string
		requested access.Author
		approved  []access.Author
		by        access.Author
		want      error
	}{
		{"another person", alice, nil, bob, nil},
		{"the one who requested", alice, nil, alice, access.ErrOwnRequest},
		{"the same in another letter case", alice, nil, access.Author{Name: "Alice", Person: "Alice"}, access.ErrOwnRequest},
		{"a token of the one who requested", alice, nil, aliceToken, access.ErrOwnRequest},
		{"the one whose token requested", aliceToken, nil, alice, access.ErrOwnRequest},
		{"a certificate of the one who requested", alice, nil, access.Author{Name: "cert:alice", Person: "cert:alice"}, access.ErrOwnRequest},
		{"a token created with that certificate", alice, nil, access.Author{Name: "token:c", Person: "cert:Alice"}, access.ErrOwnRequest},
		{"a certificate of another person", alice, nil, access.Author{Name: "cert:bob", Person: "cert:bob"}, nil},
		{"a token of another person", alice, nil, bobToken, nil},
		{"a second person", alice, []access.Author{bob}, carol, nil},
		{"the same person a second time", alice, []access.Author{carol, bob}, bob, access.ErrApprovedTwice},
		{"the same person by a token", alice, []access.Author{bob}, bobToken, access.ErrApprovedTwice},
	} {
		if err := access.CheckApproval(c.requested, c.approved, c.by); (err == nil) != (c.want == nil) || c.want != nil && !isError(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.says, err, c.want)
		}
	}
}
