package console_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestTheAuditShowsChangesWithTheirDifferences(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme+"?reason=new&ticket=OPS-1", `{"label": "Acme <i>", "messaging": ["US", "GB"]}`)
	g.stated(t, "PUT", "/accounts/"+acme+"?reason=%3Dmore", `{"label": "Acme <i>", "messaging": ["US", "MX"]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"label": "Acme Brazil", "parent": "`+acme+`"}`)
	at := "http://" + g.site + pages + "audit/"

	b := openTab(t, "carol")
	b.withoutScripts()
	b.open(at)
	b.shows("account.put", "OPS-1", "admin endpoint", acme, child)
	for selector, want := range map[string]string{"del": "removed GB", "ins": "added MX", "tr:nth-child(2) td": "Acme <i>"} {
		if got := strings.Join(strings.Fields(b.text("#change-1 "+selector)), " "); got != want {
			t.Errorf("%s of the difference is %q", selector, got)
		}
	}
	b.write("account", child)
	b.follow("main form button")
	if got := b.text("main"); strings.Contains(got, "OPS-1") || !strings.Contains(got, "Acme Brazil") {
		t.Errorf("the list that is selected shows %s", got)
	}
	b.open(at + "?to=2020-01-01")
	b.shows("No change is on record")
	b.open(at + "?from=yesterday")
	b.shows("validation failed")

	for _, c := range []struct {
		says, path, kind string
		lines            int
		has              string
	}{
		{"all changes as CSV, without formulas", "export?format=csv", "text/csv", 4, `'=more`},
		{"those of an account as JSON lines", "export?format=jsonl&account=" + child, "application/jsonl", 1, "Acme Brazil"},
		{"no refusals", "refusals/export?format=jsonl", "application/jsonl", 0, ""},
	} {
		response, text := ask(t, "GET", at+c.path, "", header("X-User", "carol"))
		if response.StatusCode != 200 || response.Header.Get("Content-Type") != c.kind || strings.Count(text, "\n") != c.lines || !strings.Contains(text, c.has) ||
			!strings.HasPrefix(response.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("%s: %d %v\n%s", c.says, response.StatusCode, response.Header, text)
		}
	}
	if response, text := ask(t, "GET", at+"export?from=yesterday", "", header("X-User", "carol")); response.StatusCode != 422 ||
		!strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") || response.Header.Get("Content-Disposition") != "" {
		t.Errorf("an export that is asked for wrong is answered %d %s", response.StatusCode, text)
	}
	checkProof(t, at+"proof/")
	b.checkFaults()
	openTab(t, "carol").look(at, "changes")
	openTab(t, "alice").look(at+"proof/", "proof")
}

// checkProof proves a record with the files that the page of the proof gives.
func checkProof(t *testing.T, at string) {
	t.Helper()
	as := header("X-User", "carol")
	_, page := ask(t, "GET", at, "", as)
	_, head := ask(t, "GET", at+"head", "", as)
	_, key := ask(t, "GET", at+"key", "", as)
	_, text := ask(t, "GET", at+"1", "", as)
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := audit.OpenHead([]byte(head), verifier)
	if err != nil || signed.Size != 3 || !strings.Contains(html.UnescapeString(page), strings.Split(head, "\n")[2]) {
		t.Errorf("the head is %+v, %v, and the page\n%s", signed, err, page)
	}
	if record, _, err := audit.CheckProof([]byte(text), verifier); err != nil || record.Index != 1 || record.Reason != "=more" {
		t.Errorf("the proof is of %v: %v", record, err)
	}
	if response, _ := ask(t, "GET", at+"99", "", as); response.StatusCode != http.StatusNotFound {
		t.Errorf("the proof of what is not there is answered %d", response.StatusCode)
	}
}

func TestARefusalLeadsToWhy(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US"]}`)
	g.send(t, acme, "+998901234567", 400)
	g.send(t, acme, "+447400123456", 400)
	at := "http://" + g.site + pages + "audit/refusals/"
	harness.Await(t, "the refusals are on record", func() bool {
		_, text := ask(t, "GET", at, "", header("X-User", "carol"))
		return strings.Contains(text, "UZ") && strings.Contains(text, "GB")
	})
	for _, user := range []string{"carol", "alice"} {
		b := openTab(t, user)
		b.withoutScripts()
		b.open(at + "?" + url.Values{"territory": {"UZ"}, "account": {acme}}.Encode())
		if got := b.text("tbody"); strings.Contains(got, "GB") || !strings.Contains(got, "territory_not_enabled") {
			t.Errorf("the list that is selected shows %s", got)
		}
		b.follow("tbody a[href*=why]")
		b.shows("Closed", "UZ", "does not have UZ", "masked on record")
		b.write("to", "+998901234567")
		b.follow("main form button")
		b.shows("Denied", "UZ", "territory_not_enabled")
		b.checkFaults()
	}
	openTab(t, "alice").look(at, "refusals")
}
