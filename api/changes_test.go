package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// desk is a management API over a store, and the policy in force, by a clock that is set.
type desk struct {
	handler http.Handler
	service *permissions.Service
	loader  *reload.Loader
	store   store.Store
	now     time.Time
	// by is who asks, an owner unless a test says otherwise.
	by access.Principal
}

const (
	filed  = "AC11111111111111111111111111111111" // stated by the files
	listed = "AC22222222222222222222222222222222" // kept by the store
)

// at is noon of a day: 1 is the first.
func at(day int) time.Time { return time.Date(2026, 12, day, 12, 0, 0, 0, time.UTC) }

// openDesk opens a store beside files that state one account, with its home in the US.
func openDesk(t *testing.T, settings openings.Settings) *desk {
	t.Helper()
	d := &desk{now: at(1), by: person("alice", access.Owner)}
	kept, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "permissions.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	d.store = kept
	document := config.Document{Accounts: []config.Account{{ID: filed, Home: "US", Permissions: config.Permissions{Messaging: config.Territories{"US", "GB"}}}}}
	resolver := reload.Resolver{Replace: func(text string) (string, error) { return text, nil }, Carriers: configtest.AsWritten}
	clock := func() time.Time { return d.now }
	if d.loader, err = reload.NewLoader(resolver, "", document, zap.NewNop()); err != nil {
		t.Fatal(err)
	}
	d.loader.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return kept, nil }, Now: clock})
	if _, err := d.loader.Load(); err != nil {
		t.Fatal(err)
	}
	rules, err := settings.Rules()
	if err != nil {
		t.Fatal(err)
	}
	d.service = &permissions.Service{Policy: d.loader, Carriers: configtest.AsWritten, Openings: rules, HighRisk: geo.HighRisk, Now: clock}
	d.handler = api.New(d.service)
	return d
}

func person(name string, role access.Role) access.Principal {
	return access.Principal{Identity: access.Identity{Name: name}, Role: role, Person: name}
}

// reply is an answer of the API.
type reply struct {
	status int
	etag   string
	body   string
}

// member is one member of the answer, in JSON.
func (r reply) member(t *testing.T, name string) string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(r.body), &members); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return strings.Trim(string(members[name]), `"`)
}

func (d *desk) ask(method, path, body string, header ...string) reply {
	r := httptest.NewRequest(method, "/tollgate/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), permissions.Caller{Principal: d.by, Through: "api"})))
	return reply{w.Code, w.Header().Get("ETag"), w.Body.String()}
}

// must asks for what is answered with a status.
func (d *desk) must(t *testing.T, status int, method, path, body string, header ...string) reply {
	t.Helper()
	r := d.ask(method, path, body, header...)
	if r.status != status {
		t.Fatalf("%s %s is answered %d and not %d: %s", method, path, r.status, status, r.body)
	}
	return r
}

// sends is the verdict on messages of an account to a territory, by the policy in force.
func (d *desk) sends(account, territory string) policy.Verdict {
	t, _ := numbering.ParseTerritory(territory)
	subject := d.loader.Current().Snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: account})
	return subject.JudgeTerritory(policy.Send{Channel: policy.Messaging}, policy.LowRisk, t, d.now)
}

// recorded lists the records of the audit log: actor, action, object and reason.
func (d *desk) recorded(t *testing.T) (lines []string) {
	t.Helper()
	ctx := context.Background()
	size, err := d.store.Log().Size(ctx)
	if err != nil {
		t.Fatal(err)
	}
	err = d.store.Log().Leaves(ctx, 0, size, func(leaf store.Leaf) error {
		lines = append(lines, string(leaf.Text)+string(leaf.Personal))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
