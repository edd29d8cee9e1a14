package gate_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// clientForm is a request as some published client writes it.
type clientForm struct {
	name, host, path, contentType, body string
}

// clientForms reads testdata/clients.txt, which says what stands in it.
func clientForms(t *testing.T) (forms []clientForm) {
	t.Helper()
	text, err := os.ReadFile("testdata/clients.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(text), "\n=== ")[1:] {
		lines := strings.SplitN(strings.ReplaceAll(part, "{account}", benchAccount), "\n", 4)
		host, path, found := strings.Cut(lines[1], " ")
		if !found || len(lines) < 4 {
			t.Fatalf("%s: no host and path", lines[0])
		}
		forms = append(forms, clientForm{lines[0], host, path, lines[2], strings.TrimSpace(lines[3])})
	}
	return forms
}

// Whichever client writes a request, and however its caller encoded it before: a
// destination that is enabled is let through, and one that is not is found.
func TestDestinationsAreFoundInWhatPublishedClientsSend(t *testing.T) {
	g := worstGate(t)
	for _, form := range clientForms(t) {
		t.Run(form.name, func(t *testing.T) {
			if !strings.Contains(form.body, "{to}") {
				t.Fatal("no destination")
			}
			for to, want := range map[string]policy.Outcome{"+12015550142": policy.Allow, "+37190001234": policy.Deny} {
				written := to
				if form.contentType == formType {
					written = url.QueryEscape(to)
				}
				r := newRequest(form.host, form.path, form.contentType, strings.ReplaceAll(form.body, "{to}", written))
				r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
				if d := g.Judge(r); d.Outcome != want || d.Sends == 0 || want == policy.Deny && d.Reason != policy.TerritoryNotEnabled {
					t.Errorf("to %s: %s %s, %d sends", to, d.Outcome, d.Reason, d.Sends)
				}
			}
		})
	}
}
