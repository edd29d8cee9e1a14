package caddymodule_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/caddyserver/caddy/v2"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

// headSecret is a secret of Standard Webhooks.
const headSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// auditor is a server that heads are sent to.
type auditor struct {
	*httptest.Server
	mu      sync.Mutex
	refuses bool
	taken   []string // the heads
	errors  []error  // of requests that were not signed
}

func startAuditor(t *testing.T) *auditor {
	t.Helper()
	webhook, err := standardwebhooks.NewWebhook(headSecret)
	if err != nil {
		t.Fatal(err)
	}
	a := new(auditor)
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = webhook.Verify(body, r.Header)
		}
		if err != nil {
			a.errors = append(a.errors, err)
		}
		if a.refuses {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		a.taken = append(a.taken, string(body))
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *auditor) set(refuses bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refuses = refuses
}

// heads are the sizes in the heads that were taken, which are signed by the gate's key.
func (a *auditor) heads(t *testing.T) (sizes []int64) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, err := range a.errors {
		t.Error(err)
	}
	return sizesOf(t, strings.Join(a.taken, ""))
}

// sizesOf are how many records the heads of a text state.
func sizesOf(t *testing.T, text string) (sizes []int64) {
	t.Helper()
	key, err := audit.OpenSigningKey(filepath.Join(caddy.AppDataDir(), "tollgate", "audit_head.key"), "unused")
	if err != nil {
		t.Fatal(err)
	}
	heads, err := audit.ReadHeads([]byte(text), key.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		sizes = append(sizes, h.Size)
	}
	return sizes
}

func headsIn(t *testing.T, file string) []int64 {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return sizesOf(t, string(text))
}

func last(sizes []int64) int64 {
	if len(sizes) == 0 {
		return -1
	}
	return sizes[len(sizes)-1]
}

// A client of the admin endpoint is an owner, whose changes are signed at once.
func TestHeadsAreSignedAtAnOwnersChangeOverReloadsAndAtAStop(t *testing.T) {
	for name, where := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "store sqlite " + filepath.Join(t.TempDir(), "permissions.db") },
		"postgres": func(t *testing.T) string { return "store postgres " + postgres.Shared(t).Database(t) },
	} {
		t.Run(name, func(t *testing.T) {
			a, file := startAuditor(t), filepath.Join(t.TempDir(), "new", "heads.txt")
			s := newStoreServer(t, where(t), fmt.Sprintf("\t\taudit {\n\t\t\thead %s every 10h {\n\t\t\t\tpost %s secret %s\n\t\t\t}\n\t\t}\n", file, a.URL, headSecret))
			loadCaddyfile(t, s.caddyfile)
			put := func(account string) {
				t.Helper()
				s.must(t, http.StatusCreated, "PUT", "/accounts/"+account, `{"messaging": ["US"]}`)
			}
			put("AC00000000000000000000000000000011")
			harness.Await(t, "the head of one record", func() bool { return last(headsIn(t, file)) == 1 && last(a.heads(t)) == 1 })
			loadCaddyfile(t, strings.Replace(s.caddyfile, "every 10h", "every 11h", 1))
			put("AC00000000000000000000000000000012")
			harness.Await(t, "the head of two records", func() bool { return last(headsIn(t, file)) == 2 && last(a.heads(t)) == 2 })
			if err := caddy.Stop(); err != nil {
				t.Fatal(err)
			}
			if got := headsIn(t, file); last(got) != 2 || len(got) > 3 { // of 0, 1 and 2 records
				t.Errorf("the file has heads of %v records", got)
			}
		})
	}
}

func TestAHeadThatCannotBeWrittenOrSentStopsNothingAndComesLater(t *testing.T) {
	a, folder := startAuditor(t), t.TempDir()
	inTheWay := filepath.Join(folder, "heads")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(inTheWay, "heads.txt")
	a.set(true)
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"),
		fmt.Sprintf("\t\taudit {\n\t\t\thead %s every 1s {\n\t\t\t\tpost %s secret %s\n\t\t\t}\n\t\t}\n", file, a.URL, headSecret))
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	s.mustAnswer(t, http.StatusCreated, acme, inUS)
	if got := a.heads(t); len(got) != 0 {
		t.Errorf("the server has taken %v", got)
	}
	a.set(false)
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the head of one record", func() bool { return last(headsIn(t, file)) == 1 && last(a.heads(t)) == 1 })
}
