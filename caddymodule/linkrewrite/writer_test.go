package linkrewrite

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// page is an answer with links on.
const page = `{"meta": {"next_page_url": "https://` + linkHost + `/v2/Services?Page=1"}, "url": "https://` + linkHost + `"}`

// answer is what a client gets of what a handler writes behind a rewriter.
func answer(t *testing.T, write http.HandlerFunc) (*http.Response, string) {
	t.Helper()
	rewriter, err := (&Links{Base: linkBase}).Provision()
	if err != nil {
		t.Fatal(err)
	}
	decision := &gate.Decision{Operation: &carrier.Operation{Upstream: linkHost + ":443"}}
	next := caddyhttp.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error { write(w, r); return nil })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := rewriter.Serve(w, r, decision, next); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequest(http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestAnswersWithoutLinksStayAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header http.Header
		body   string
	}{
		{"text", 200, http.Header{"Content-Type": {"text/plain"}}, page},
		{"XML", 200, http.Header{"Content-Type": {"application/xml"}}, page},
		{"no type", 200, http.Header{"Content-Type": {""}}, page},
		{"an encoded body", 200, http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"br"}}, page},
		{"a part of a document", 206, http.Header{"Content-Type": {"application/json"}, "Content-Range": {"bytes 0-9/10000"}}, page},
		{"no content", 204, http.Header{"Etag": {`"x"`}}, ""},
		{"nothing new", 304, http.Header{"Etag": {`"x"`}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := answer(t, func(w http.ResponseWriter, _ *http.Request) {
				for name, values := range c.header {
					w.Header()[name] = values
				}
				if c.body != "" {
					w.Header().Set("Content-Length", fmt.Sprint(len(c.body)))
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			if response.StatusCode != c.status || body != c.body {
				t.Errorf("%d %q", response.StatusCode, body)
			}
			if c.body != "" && response.ContentLength != int64(len(c.body)) {
				t.Errorf("Content-Length %d", response.ContentLength)
			}
			for name, values := range c.header {
				if got := response.Header[name]; strings.Join(got, ",") != strings.Join(values, ",") {
					t.Errorf("%s: %q, want %q", name, got, values)
				}
			}
		})
	}
}

func TestLinksInOtherAnswersOfJSON(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		status     int
	}{
		{"one with a charset", "application/json; charset=utf-8", 200},
		{"one in capitals", "Application/JSON", 200},
		{"one that names its kind", "application/scim+json", 200},
		{"one of something created", "application/json", 201},
		{"an error", "application/json", 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := answer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				w.Header().Set("Content-Length", fmt.Sprint(len(page)))
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, page)
			})
			if want := strings.ReplaceAll(page, "https://"+linkHost, linkBase); response.StatusCode != c.status || body != want {
				t.Errorf("%d %s, want %s", response.StatusCode, body, want)
			}
		})
	}
}

// A handler that counts what it wrote must not find that its own bytes are missing.
func TestWritesReportTheBytesThatTheyWereGiven(t *testing.T) {
	long := strings.Repeat(page, 2*linkPiece/len(page)+1)
	_, body := answer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, text := range []string{`"htt`, `ps://` + linkHost, `/v2"`, long} {
			if n, err := io.WriteString(w, text); n != len(text) || err != nil {
				t.Errorf("of %d bytes %d are written, %v", len(text), n, err)
			}
		}
	})
	if want := `"` + linkBase + `/v2"` + strings.ReplaceAll(long, "https://"+linkHost, linkBase); body != want {
		t.Errorf("%d bytes arrive, want %d", len(body), len(want))
	}
}

func TestTheBaseOfLinksIsAURLThatLinksCanBeginWith(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_BASE", "https://gate.example.com/verify/")
	t.Setenv("TOLLGATE_TEST_HOST", "gate.example.com")
	for _, c := range []struct {
		name, text, want   string
		parses, provisions bool
	}{
		{"none, for that of each request", "rewrite_links", "", true, true},
		{"scheme and host", "rewrite_links https://gate.example.com", "https://gate.example.com", true, true},
		{"a path, with a slash that links begin with anyway", "rewrite_links https://gate.example.com/verify/", "https://gate.example.com/verify", true, true},
		{"a variable", "rewrite_links {env.TOLLGATE_TEST_BASE}", "https://gate.example.com/verify", true, true},
		{"a variable that holds none", "rewrite_links {env.TOLLGATE_TEST_HOST}", "", true, false},
		{"no scheme", "rewrite_links gate.example.com", "", false, false},
		{"another scheme", "rewrite_links ftp://gate.example.com", "", false, false},
		{"a query", "rewrite_links https://gate.example.com/?x", "", false, false},
		{"a password", "rewrite_links https://a:b@gate.example.com", "", false, false},
		{"two", "rewrite_links https://gate.example.com https://gate.example.com", "", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := caddyfile.NewTestDispenser(c.text)
			d.Next()
			links, err := Parse(d)
			if (err == nil) != c.parses {
				t.Fatalf("parsing: %v", err)
			}
			if err != nil {
				return
			}
			rewriter, err := links.Provision()
			if (err == nil) != c.provisions || err == nil && rewriter.base != c.want {
				t.Errorf("%+v, %v", rewriter, err)
			}
		})
	}
}
