package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// Accounts by their ids at the carrier.
const (
	sidOne   = "AC00000000000000000000000000000001"
	sidTwo   = "AC00000000000000000000000000000002"
	sidThree = "AC00000000000000000000000000000003"
)

// owner may do everything.
var owner = principal("alice", access.Owner)

func principal(name string, role access.Role, accounts ...string) access.Principal {
	id, err := access.NewIdentity(access.Authentication, name)
	if err != nil {
		panic(err)
	}
	return access.Principal{Identity: id, Role: role, Accounts: accounts, Person: id.String()}
}

// managed is the API over a store, and what a file states besides.
type managed struct {
	handler http.Handler
	service *permissions.Service
	kept    store.Store
	loader  *reload.Loader
	file    string
}

// manage returns the API over a new store; policy is the text of the policy file.
func manage(t testing.TB, policy string) *managed {
	t.Helper()
	m := &managed{file: filepath.Join(t.TempDir(), "policy.yaml")}
	if err := os.WriteFile(m.file, []byte("version: 1\n"+policy), 0o600); err != nil {
		t.Fatal(err)
	}
	resolver := reload.Resolver{Replace: func(text string) (string, error) { return text, nil }, Carriers: carriers}
	var err error
	if m.loader, err = reload.NewLoader(resolver, m.file, config.Document{}, zap.NewNop()); err != nil {
		t.Fatal(err)
	}
	kept, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "permissions.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	m.loader.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return kept, nil }, Now: time.Now})
	if _, err := m.loader.Load(); err != nil {
		t.Fatal(err)
	}
	m.kept = kept
	m.service = &permissions.Service{Policy: m.loader, Carriers: carriers, Now: time.Now, Explainer: explainer}
	m.handler = api.New(m.service)
	return m
}

// ask sends a request as someone.
func (m *managed) ask(t testing.TB, by access.Principal, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r.WithContext(api.WithCaller(t.Context(), permissions.Caller{Principal: by, Through: "api"})))
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(text)
}

// must sends a request as an owner that is to succeed, and reads the answer.
func (m *managed) must(t testing.TB, method, path, body string, into any) *http.Response {
	t.Helper()
	response, text := m.ask(t, owner, method, path, body)
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return response
}

// carriers are Twilio alone.
var carriers = configtest.AsWritten

// explainer makes gates that explain verdicts.
func explainer(rules *gate.Rules) func(string) *gate.Gate {
	return func(string) *gate.Gate {
		return &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Now: time.Now}
	}
}
