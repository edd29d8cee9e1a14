package tollgate_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

// reasons are the rows of every room that has any. The label "reason" of the metrics
// holds these and, where nothing was judged, nothing.
var reasons = slices.Concat(carrier.Reasons, policy.Reasons, webhook.Reasons)

func TestEveryReasonHasOneRow(t *testing.T) {
	rows := map[string]int{}
	for _, row := range reasons {
		rows[string(row.Reason)]++
		if row.Step == "" || row.Meaning == "" || row.Outcome == policy.Monitor {
			t.Errorf("%s: incomplete row", row.Reason)
		}
		if row.Outcome == policy.Allow && row.Enforced {
			t.Errorf("%s allows, and is enforced", row.Reason)
		}
	}
	constants := reasonsInCode(t)
	for _, reason := range constants {
		if rows[reason] != 1 {
			t.Errorf("%s has %d rows, want 1", reason, rows[reason])
		}
		delete(rows, reason)
	}
	for reason := range rows {
		t.Errorf("no constant is the reason %s", reason)
	}
}

// reasonsInCode returns the values of all constants of type policy.Reason. A conversion
// to that type would be a reason that no table has, and fails the test.
func reasonsInCode(t *testing.T) (reasons []string) {
	isReason := func(e ast.Expr) bool {
		selector, ok := e.(*ast.SelectorExpr)
		if ok {
			return selector.Sel.Name == "Reason"
		}
		name, ok := e.(*ast.Ident)
		return ok && name.Name == "Reason"
	}
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(room.name, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if isReason(n.Fun) {
						t.Errorf("%s converts a text to a reason", file)
					}
				case *ast.ValueSpec:
					if n.Type == nil || !isReason(n.Type) {
						break
					}
					for _, value := range n.Values {
						text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
						if err != nil {
							t.Fatal(err)
						}
						reasons = append(reasons, text)
					}
				}
				return true
			})
		}
	}
	if len(reasons) == 0 {
		t.Fatal("no reasons found")
	}
	return reasons
}

func TestThePageOfReasonsIsTheirTables(t *testing.T) {
	const page = "docs/reasons.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, found, _ := strings.Cut(string(text), "| reason |")
	want := reasonTable()
	if *harness.Update {
		if err := os.WriteFile(page, []byte(head+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if "| reason |"+found != want {
		t.Errorf("%s does not have the tables of reasons: run the test with -update", page)
	}
	verdict, err := os.ReadFile("docs/verdict.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range policy.Reasons {
		if !strings.Contains(string(verdict), "`"+string(row.Reason)+"`") {
			t.Errorf("docs/verdict.md lacks %s", row.Reason)
		}
	}
}

// reasonTable writes all rows as the page has them.
func reasonTable() string {
	var b strings.Builder
	b.WriteString("| reason | the request | step | always enforced | Twilio's answer to a message, a call, a verification |\n|---|---|---|---|---|\n")
	for _, row := range reasons {
		enforced := ""
		if row.Enforced {
			enforced = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s` | %s | %s |\n", row.Reason, row.Meaning, row.Step, enforced, answers(row))
	}
	return b.String()
}

// answers are the statuses and codes by which Twilio refuses for a reason: one where
// all are alike.
func answers(row policy.ReasonRow) string {
	if row.Outcome == policy.Allow {
		return ""
	}
	if slices.ContainsFunc(webhook.Reasons, func(r policy.ReasonRow) bool { return r == row }) {
		return "403" // an answer to Twilio, and not of Twilio
	}
	var all []string
	for _, asked := range []struct {
		host, path string
		channel    policy.Channel
	}{
		{"api.twilio.com", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json", policy.Messaging},
		{"api.twilio.com", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls.json", policy.Voice},
		{"verify.twilio.com", "/v2/Services/VA11111111111111111111111111111111/Verifications", policy.Messaging},
	} {
		r := &carrier.Request{Method: http.MethodPost, Host: asked.host, Path: asked.path}
		refusal := twilio.Twilio{}.Refuse(r, twilio.Twilio{}.Route(r, "api"), carrier.Denial{Reason: row.Reason, Channel: asked.channel})
		all = append(all, fmt.Sprintf("%d, %d", refusal.Status, refusal.Code))
	}
	return strings.Join(slices.Compact(all), "; ")
}
