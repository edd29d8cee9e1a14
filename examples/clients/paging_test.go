package clients_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// answerPages answers with Verify's services on two pages, and links from one to
// the other as Twilio writes them.
func answerPages(w http.ResponseWriter, r *http.Request) {
	sid, next := "VA1", `"https://verify.twilio.com/v2/Services?PageSize=50&Page=1&PageToken=PAVA1"`
	if r.URL.Query().Get("Page") == "1" {
		sid, next = "VA2", "null"
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"services": [{"sid": %q, "url": "https://verify.twilio.com/v2/Services/%s"}], `+
		`"meta": {"key": "services", "first_page_url": "https://verify.twilio.com/v2/Services?PageSize=50&Page=0", "next_page_url": %s}}`, sid, sid, next)
}

// startProducts runs the example with one base URL for all products, with edits and
// in front of an upstream, and returns the base URL.
func startProducts(t *testing.T, upstream http.Handler, edits ...string) string {
	t.Helper()
	carrier := httptest.NewServer(upstream)
	t.Cleanup(carrier.Close)
	text, err := os.ReadFile(root + "/examples/products/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	address := harness.FreeAddress(t)
	edits = append(edits,
		"{\n\tservers {\n", "{\n\tadmin off\n\tservers {\n",
		":8080", port(address),
		"product {args[0]}\n", "product {args[0]}\n\t\tupstream "+strings.TrimPrefix(carrier.URL, "http://")+"\n",
	)
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(string(text), edits[i]) {
			t.Fatalf("the example has changed: no %q in it", edits[i])
		}
	}
	startGate(t, strings.NewReplacer(edits...).Replace(string(text)), address)
	return "http://" + address
}

// wayOut is an HTTP proxy that opens no connection. Twilio's library takes it for
// requests to Twilio's own hosts.
type wayOut struct {
	mu    sync.Mutex
	asked []string
}

func startWayOut(t *testing.T) (out *wayOut, environment []string) {
	t.Helper()
	out = new(wayOut)
	server := httptest.NewServer(out)
	t.Cleanup(server.Close)
	return out, []string{"HTTP_PROXY=" + server.URL, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1"}
}

func (o *wayOut) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r.Method+" "+r.Host)
	o.mu.Unlock()
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, "no way out")
}

// seen returns what was asked of it so far.
func (o *wayOut) seen() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.asked)
}

func TestTheNextPageIsAskedForThroughTheGate(t *testing.T) {
	gate := startProducts(t, http.HandlerFunc(answerPages))
	out, environment := startWayOut(t)
	output, ok := run(t, nodeProgram("services")(t), "", append(environment, "TOLLGATE="+gate)...)
	if asked := out.seen(); !ok || output != "VA1\nVA2" || len(asked) != 0 {
		t.Errorf("%s\nasked outside: %q", output, asked)
	}
}

// What rewrite_links is for: without it, the second page is asked for at Twilio.
func TestWithoutRewrittenLinksTheNextPageIsAskedForPastTheGate(t *testing.T) {
	gate := startProducts(t, http.HandlerFunc(answerPages), "\t\trewrite_links\n", "")
	out, environment := startWayOut(t)
	output, ok := run(t, nodeProgram("services")(t), "", append(environment, "TOLLGATE="+gate)...)
	if asked := out.seen(); ok || !slices.Equal(asked, []string{"CONNECT verify.twilio.com:443"}) {
		t.Errorf("%s\nasked outside: %q", output, asked)
	}
}
