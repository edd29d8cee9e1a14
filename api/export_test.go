package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

func TestAnExportHasEveryRowOnceAndNoFormulas(t *testing.T) {
	m := manage(t, "")
	const many = 2345
	at := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	var kept []refusals.Refusal
	for i := range many {
		r := refusals.Refusal{Time: at.Add(time.Duration(i) * time.Millisecond), Account: "acme", Reason: "territory_not_enabled", Outcome: "deny", Sender: `=HYPERLINK("x")`}
		r.ID = refusals.NewID(r.Time)
		kept = append(kept, r)
	}
	if err := m.kept.Refusals().Append(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says, query string
		status      int
		rows        int
	}{
		{"all as JSON lines", "?format=jsonl&limit=1000000", 200, many},
		{"all as CSV, below the names of the columns", "?format=csv&limit=1000000", 200, many + 1},
		{"as many as are asked for", "?format=jsonl&limit=1500", 200, 1500},
		{"as many as there are at once", "?format=jsonl&limit=1000", 200, 1000},
		{"none, as JSON lines", "?format=jsonl&account=other", 200, 0},
		{"none, as CSV", "?format=csv&account=other", 200, 1},
		{"too many for JSON", "?limit=10001", 422, 1},
	} {
		t.Run(c.says, func(t *testing.T) {
			response, text := m.ask(t, owner, "GET", "/audit/refusals"+c.query, "")
			if n := strings.Count(text, "\n"); response.StatusCode != c.status || n != c.rows {
				t.Errorf("is answered %d with %d lines", response.StatusCode, n)
			}
			if strings.Contains(c.query, "csv") && (strings.Contains(text, `,"=`) || c.rows > 1 && !strings.Contains(text, `'=HYPERLINK`)) {
				t.Errorf("has formulas: %.300s", text)
			}
			seen := map[string]bool{}
			for line := range strings.Lines(text) {
				if seen[line] {
					t.Errorf("has two times %s", line)
				}
				seen[line] = true
			}
			if oldest := kept[max(0, many-max(1, c.rows))]; c.status == 200 && c.rows > 1 && !strings.Contains(text, oldest.ID) {
				t.Error("is not of the newest")
			}
		})
	}
	response, text := m.ask(t, principal("dora", access.Viewer, "acme"), "GET", "/audit/refusals?format=csv", "")
	if response.StatusCode != 403 || response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("one who may not read all is answered %d %s", response.StatusCode, text)
	}
}

// goneWriter is a client that goes away after the first bytes.
type goneWriter struct{ header http.Header }

func (w *goneWriter) Header() http.Header       { return w.header }
func (w *goneWriter) WriteHeader(int)           {}
func (w *goneWriter) Write([]byte) (int, error) { return 0, errors.New("the client is gone") }

func TestAnExportThatIsCutOffIsNotTakenForAll(t *testing.T) {
	m := manage(t, "")
	for i := range 50 {
		m.must(t, "PUT", fmt.Sprintf("/accounts/AC%032d", i), `{"label": "`+strings.Repeat("x", 200)+`"}`, nil)
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("the connection is not aborted: %v", err)
		}
	}()
	r, err := http.NewRequestWithContext(context.Background(), "GET", api.Prefix+"/audit/changes?format=jsonl", nil)
	if err != nil {
		t.Fatal(err)
	}
	m.handler.ServeHTTP(&goneWriter{http.Header{}}, r.WithContext(api.WithCaller(t.Context(), permissions.Caller{Principal: owner, Through: "api"})))
}

func TestNoTextOfAnExportIsTakenForAFormula(t *testing.T) {
	m := manage(t, "")
	at := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	for sender, cell := range map[string]string{
		"=1+1": "'=1+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "\t=1": "'\t=1", "\n=1": "\"'\n=1\"", "＝1+1": "'＝1+1", "＠SUM": "'＠SUM",
		"+1+cmd": "'+1+cmd", "+12015550100": "+12015550100", "+1201555****": "+1201555****", "Müller": "Müller", "é=1": "é=1",
	} {
		at = at.Add(time.Second)
		r := refusals.Refusal{ID: refusals.NewID(at), Time: at, Account: "acme", Key: "SK", Reason: "x", Outcome: "deny", Sender: sender}
		if err := m.kept.Refusals().Append(t.Context(), []refusals.Refusal{r}); err != nil {
			t.Fatal(err)
		}
		if _, text := m.ask(t, owner, "GET", "/audit/refusals?format=csv&limit=1", ""); !strings.Contains(text, ",SK,"+cell+",") {
			t.Errorf("%q is written as %s", sender, text)
		}
	}
}
