package permissions_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

const (
	acme  = "AC11111111111111111111111111111111"
	other = "AC22222222222222222222222222222222"
	third = "AC33333333333333333333333333333333"
)

func replace(text string) (string, error) { return text, nil }

// serve returns a service with an empty store, beside what a file states.
func serve(t *testing.T, stated config.Document) *permissions.Service {
	t.Helper()
	file := filepath.Join(t.TempDir(), "permissions.db")
	l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, "", stated, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	rates := filepath.Join(t.TempDir(), "rates.csv")
	if err := os.WriteFile(rates, []byte(configtest.Rates), 0o600); err != nil {
		t.Fatal(err)
	}
	if l.Rates, err = (reload.Resolver{Replace: replace}).NewRatesFile(rates, zap.NewNop()); err != nil {
		t.Fatal(err)
	}
	l.UseStore(&reload.Stored{Now: time.Now, Open: func(ctx context.Context) (store.Store, error) { return sqlite.Open(ctx, file) }})
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	opened, err := l.Store()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return &permissions.Service{Policy: l, Carriers: configtest.AsWritten, Now: time.Now}
}

// caller is someone with a role.
func caller(t *testing.T, role access.Role) permissions.Caller {
	t.Helper()
	id, err := access.NewIdentity(access.Authentication, "alice")
	if err != nil {
		t.Fatal(err)
	}
	return permissions.Caller{Principal: access.Principal{Identity: id, Role: role, Person: "alice"}, Through: "api"}
}

// document reads a policy file without its version.
func document(t *testing.T, text string) config.Document {
	t.Helper()
	d, err := config.ParseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// push pushes a document as the command does.
func push(t *testing.T, s *permissions.Service, terms permissions.Terms, d config.Document) (permissions.Pushed, error) {
	t.Helper()
	return s.Push(t.Context(), caller(t, access.Owner), terms, file(t, &d))
}

func file(t *testing.T, d *config.Document) []byte {
	t.Helper()
	text, err := json.Marshal(struct {
		Version int `json:"version"`
		*config.Document
	}{config.FileVersion, d})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func pull(t *testing.T, s *permissions.Service) permissions.Pulled {
	t.Helper()
	pulled, err := s.Pull(t.Context(), caller(t, access.Viewer))
	if err != nil {
		t.Fatal(err)
	}
	return pulled
}

const randomDocuments = 150

func TestAPushOfAPullChangesNothing(t *testing.T) {
	s := serve(t, config.Document{})
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for i := range uint64(randomDocuments) {
		pushed := configtest.Document(rand.New(rand.NewPCG(seed, i)))
		if _, err := push(t, s, permissions.Terms{}, pushed); err != nil {
			t.Fatalf("document %d: %v\n%s", i, err, file(t, &pushed))
		}
		pulled := pull(t, s)
		for i := range pushed.Accounts {
			if id, ok := configtest.AsWritten.Canonical(policy.AccountID, pushed.Accounts[i].ID); ok {
				pushed.Accounts[i].ID = id
			}
		}
		slices.SortFunc(pushed.Accounts, func(a, b config.Account) int { return strings.Compare(a.ID, b.ID) })
		if !reflect.DeepEqual(settings(pushed), settings(pulled.Document)) || !reflect.DeepEqual(pushed.Accounts, pulled.Document.Accounts) ||
			!sameRules(pushed.Prefixes, pulled.Document.Prefixes) {
			t.Fatalf("document %d: pulled\n%s\nand pushed\n%s", i, file(t, &pulled.Document), file(t, &pushed))
		}

		yaml, err := config.WriteYAML(&pulled.Document)
		if err != nil {
			t.Fatalf("document %d: %v", i, err)
		}
		source, err := config.ParseFile("policy.yaml", yaml)
		if err != nil {
			t.Fatal(err)
		}
		again, err := push(t, s, permissions.Terms{Match: permissions.Match{Revisions: []store.Revision{pulled.Revision}}}, source.Document)
		if err != nil || len(again.Objects) > 0 || len(again.Difference.Changes) > 0 || again.StoreRevision != pulled.Revision {
			t.Fatalf("document %d: pushed again: %+v %v\n%s", i, again, err, yaml)
		}
	}
}

func settings(d config.Document) config.Document {
	d.Accounts, d.Prefixes = nil, nil
	return d
}

// sameRules reports whether two lists have the same rules. Their order means nothing.
func sameRules(a, b []config.Prefix) bool {
	texts := func(rules []config.Prefix) (texts []string) {
		for i := range rules {
			text, _ := json.Marshal(&rules[i])
			texts = append(texts, string(text))
		}
		slices.Sort(texts)
		return texts
	}
	return slices.Equal(texts(a), texts(b))
}

func TestAPushWritesWhatChangesAsOneChange(t *testing.T) {
	s := serve(t, config.Document{})
	first := document(t, `{"national": "US", "prefixes": [{"block": "+1900", "reason": "premium"}, {"block": "+4470", "reason": "forwarders"}],
		"accounts": [{"id": "`+acme+`", "messaging": ["US"]}, {"id": "`+other+`", "messaging": ["FR"]}]}`)
	if _, err := push(t, s, permissions.Terms{}, first); err != nil {
		t.Fatal(err)
	}
	second := document(t, `{"national": "US", "prefixes": [{"block": "+4470", "reason": "forwarders"}],
		"accounts": [{"id": "`+acme+`", "messaging": ["US", "UZ"]}, {"id": "`+third+`", "parent": "`+acme+`"}]}`)
	result, err := push(t, s, permissions.Terms{Reason: "spring"}, second)
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, o := range result.Objects {
		actions = append(actions, string(o.Action)+" "+o.ID)
	}
	want := []string{"account.put " + acme, "account.delete " + other, "account.put " + third, "block.delete "}
	if len(actions) != 4 || !strings.HasPrefix(actions[3], want[3]) || !slices.Equal(actions[:3], want[:3]) {
		t.Errorf("%q", actions)
	}
	if result.Difference.Count(review.Opens) == 0 || result.Difference.Count(review.Closes) == 0 {
		t.Errorf("%+v", result.Difference.Changes)
	}
	kept, err := s.Policy.Store()
	if err != nil {
		t.Fatal(err)
	}
	size, err := kept.Log().Size(t.Context())
	if err != nil || size != 5+4 {
		t.Errorf("%d records, %v", size, err)
	}
	err = kept.Log().Leaves(t.Context(), 5, size, func(l store.Leaf) error {
		record, err := audit.ParseLeaf(l.Text, l.Personal, l.Key)
		if err == nil && (record.Revision != int64(result.StoreRevision) || record.Reason != "spring") {
			t.Errorf("%+v", record)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAPushThatIsTriedChangesNothing(t *testing.T) {
	s := serve(t, config.Document{})
	d := document(t, `{"accounts": [{"id": "`+acme+`", "messaging": ["US"]}]}`)
	result, err := push(t, s, permissions.Terms{DryRun: true}, d)
	if err != nil || len(result.Objects) != 1 || result.StoreRevision != 0 || result.Difference.Count(review.Opens) != 1 {
		t.Errorf("%+v %v", result, err)
	}
	if pulled := pull(t, s); pulled.Revision != 0 || len(pulled.Document.Accounts) > 0 {
		t.Errorf("%+v", pulled)
	}
}

func TestAPushIsRefusedAsAWhole(t *testing.T) {
	s := serve(t, document(t, `{"national": "US", "accounts": [{"id": "`+other+`"}, {"id": "`+third+`"}]}`))
	if _, err := push(t, s, permissions.Terms{}, document(t, `{"prefixes": [{"block": "+1900", "reason": "premium"}], "accounts": [{"id": "`+acme+`"}]}`)); err != nil {
		t.Fatal(err)
	}
	before := pull(t, s)
	for name, c := range map[string]struct {
		document string
		role     access.Role
		match    permissions.Match
		class    error
		says     string
		path     string // of the mistake
	}{
		"accounts that files state":         {`{"accounts": [{"id": "` + other + `"}, {"id": "` + acme + `"}, {"id": "` + third + `"}]}`, access.Owner, permissions.Match{}, reload.ErrStatedInFile, other + ", " + third, ""},
		"a setting that a file states":      {`{"national": "GB"}`, access.Owner, permissions.Match{}, reload.ErrInvalid, "already stated", "national"},
		"an account that is defined twice":  {`{"accounts": [{"id": "` + acme + `"}, {"id": "` + acme + `"}]}`, access.Owner, permissions.Match{}, reload.ErrInvalid, "already defined at accounts[0]", "accounts[1].id"},
		"a mistake after what stays":        {`{"accounts": [{"id": "` + acme + `"}, {"id": "AC44444444444444444444444444444444", "messaging": ["UX"]}]}`, access.Owner, permissions.Match{}, reload.ErrInvalid, "UX", "accounts[1].messaging[0]"},
		"a mistake in a rule":               {`{"prefixes": [{"block": "+1901"}, {"block": "+1900", "reason": "premium"}]}`, access.Owner, permissions.Match{}, reload.ErrInvalid, "needs a reason", "prefixes[0]"},
		"a placeholder":                     {`{"prefixes": [{"block": "+1901", "reason": "{env.HOME}"}]}`, access.Owner, permissions.Match{}, reload.ErrInvalid, "placeholder", "prefixes[0].reason"},
		"another revision than is expected": {`{}`, access.Owner, permissions.Match{Revisions: []store.Revision{0}}, permissions.ErrMatch, "at revision 1", ""},
		"a setting by an admin":             {`{"stored": "deny"}`, access.Admin, permissions.Match{}, access.ErrDenied, "settings.put", ""},
		"by an approver":                    {`{}`, access.Approver, permissions.Match{}, access.ErrDenied, "policy.push", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, c.document)
			_, err := s.Push(t.Context(), caller(t, c.role), permissions.Terms{Match: c.match}, file(t, &d))
			if !errors.Is(err, c.class) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
			if problems := decode.ProblemsOf(err); c.path != "" && (len(problems) != 1 || problems[0].Path != c.path) {
				t.Errorf("%+v", problems)
			}
			if after := pull(t, s); !reflect.DeepEqual(after, before) {
				t.Errorf("%+v", after)
			}
		})
	}
}

// The snapshot has one spelling of an id: an object by another one would not be found again.
func TestAnAccountIsKeptByTheOneSpellingOfItsID(t *testing.T) {
	s := serve(t, config.Document{})
	const id, spelled = "ACABCDEF00000000000000000000000000", "ACabcdef00000000000000000000000000"
	if put, err := s.PutAccount(t.Context(), caller(t, access.Owner), permissions.Terms{}, id, []byte(`{}`)); err != nil || put.Object.ID != spelled {
		t.Errorf("%q, %v", put.Object.ID, err)
	}
	if _, err := push(t, s, permissions.Terms{}, document(t, `{"accounts": [{"id": "`+id+`"}]}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := push(t, s, permissions.Terms{}, config.Document{}); err != nil {
		t.Fatal(err)
	}
	if _, defined := s.Policy.Current().Snapshot.At(spelled); defined {
		t.Error("an account that was deleted is still in force")
	}
}
