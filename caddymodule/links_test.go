package caddymodule_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// page is how a list of Verify's services begins, with a link on.
const (
	page    = `{"services": [], "meta": {"next_page_url": "https://verify.twilio.com/v2/Services?Page=1", "key": "services"}}`
	service = "/v2/Services"
)

// startLinks runs gates with rewrite_links in front of an upstream: at every
// path for verify, and below /verify and /fixed by prefix. It returns the gate's
// address.
func startLinks(t *testing.T, upstream http.HandlerFunc) string {
	t.Helper()
	carrier := httptest.NewServer(upstream)
	t.Cleanup(carrier.Close)
	gate := harness.FreeAddress(t)
	loadCaddyfile(t, fmt.Sprintf(`{
	admin off
	auto_https off
	persist_config off
	grace_period 1s
	servers {
		protocols h1 h2c
	}
	log {
		output discard
	}
	tollgate {
		%s
	}
}
(gate) {
	tollgate twilio {
		product verify
		upstream %s
		{block}
	}
	reverse_proxy {http.tollgate.upstream}
}
http://%s {
	handle_path /verify/* {
		import gate {
			rewrite_links
		}
	}
	handle_path /fixed/* {
		import gate {
			rewrite_links https://gate.example.com/v/
		}
	}
	handle_path /off/* {
		import gate {
			unknown allow
		}
	}
	handle {
		import gate {
			rewrite_links
		}
	}
}
`, acmePolicy, strings.TrimPrefix(carrier.URL, "http://"), port(gate)))
	return gate
}

// answerPage answers with the page, as the carrier would.
func answerPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(page)))
	w.Header().Set("ETag", `"x"`)
	_, _ = io.WriteString(w, page)
}

// fetch asks the gate for a path and returns the answer and its body. Edits change
// the request.
func fetch(t *testing.T, gate, path string, edits ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+gate+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range edits {
		edit(request)
	}
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	if request.Proto == "HTTP/2" {
		transport.Protocols = new(http.Protocols)
		transport.Protocols.SetUnencryptedHTTP2(true)
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

func TestLinksLeadBackThroughTheGate(t *testing.T) {
	gate := startLinks(t, answerPage)
	overHTTP2 := func(r *http.Request) { r.Proto = "HTTP/2" }
	for _, c := range []struct {
		name, path, base string
		edit             func(*http.Request)
	}{
		{"by the host of the request", service, "http://" + gate, nil},
		{"by any host that it named", service, "http://gate.internal:8080", func(r *http.Request) { r.Host = "gate.internal:8080" }},
		{"over HTTP/2", service, "http://" + gate, overHTTP2},
		{"with the prefix that was stripped", "/verify" + service, "http://" + gate + "/verify", nil},
		{"with the prefix in the letter case that it had", "/Verify" + service, "http://" + gate + "/Verify", nil},
		{"with the prefix over HTTP/2", "/verify" + service, "http://" + gate + "/verify", overHTTP2},
		{"by the base that was given", "/fixed" + service, "https://gate.example.com/v", nil},
		{"by the base that was given whatever the host", "/fixed" + service, "https://gate.example.com/v", func(r *http.Request) { r.Host = "verify.twilio.com" }},
		{"by no other host than the carrier's if that was asked for", service, "https://verify.twilio.com", func(r *http.Request) { r.Host = "Verify.Twilio.com:443" }},
		{"not at all without the option", "/off" + service, "https://verify.twilio.com", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			edit := c.edit
			if edit == nil {
				edit = func(*http.Request) {}
			}
			response, body := fetch(t, gate, c.path, edit)
			if want := strings.ReplaceAll(page, "https://verify.twilio.com", c.base); body != want {
				t.Errorf("got  %s\nwant %s", body, want)
			}
			if etag := response.Header.Get("ETag"); etag != `"x"` {
				t.Errorf("ETag %s", etag)
			}
			if response.ContentLength >= 0 && response.ContentLength != int64(len(body)) {
				t.Errorf("Content-Length %d of %d bytes", response.ContentLength, len(body))
			}
		})
	}
}

func TestAHeadRequestGetsNoLengthOfAnotherBody(t *testing.T) {
	gate := startLinks(t, answerPage)
	response, body := fetch(t, gate, service, func(r *http.Request) { r.Method = http.MethodHead })
	if body != "" || response.ContentLength != -1 || response.Header.Get("ETag") == "" {
		t.Errorf("%q, Content-Length %d", body, response.ContentLength)
	}
}

// What asks for an encoded answer is taken from the request, with the option
// only.
func TestTheUpstreamIsAskedForNoEncoding(t *testing.T) {
	var accepted string
	gate := startLinks(t, func(w http.ResponseWriter, r *http.Request) {
		accepted = r.Header.Get("Accept-Encoding")
		answerPage(w, r)
	})
	for path, want := range map[string]string{service: "gzip", "/off" + service: "br"} {
		// Without the header, a proxy asks for gzip and decodes the answer itself.
		_, body := fetch(t, gate, path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "br") })
		if accepted != want || body == "" {
			t.Errorf("%s: the upstream is asked for %q, want %q", path, accepted, want)
		}
	}
}

// An answer that comes bit by bit goes on bit by bit.
func TestAnswersGoOnAsTheyCome(t *testing.T) {
	seen := make(chan struct{})
	gate := startLinks(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `["https://verify.twilio.com/a", "http`)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-seen:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, `s://verify.twilio.com/b"]`)
	})
	response, err := http.Get("http://" + gate + service)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	// All but what may be the beginning of a link.
	first := make([]byte, len(`["http://`+gate+`/a", `))
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != `["http://`+gate+`/a", ` {
		t.Fatalf("%q, %v", first, err)
	}
	close(seen)
	rest, err := io.ReadAll(response.Body)
	if want := `"http://` + gate + `/b"]`; err != nil || string(rest) != want {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestTrailersAndEarlyHintsPass(t *testing.T) {
	gate := startLinks(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</x>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Trailer", "Sum")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, page)
		w.Header().Set("Sum", "1")
	})
	hints := 0
	response, body := fetch(t, gate, service, func(r *http.Request) {
		*r = *r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
			Got1xxResponse: func(int, textproto.MIMEHeader) error { hints++; return nil },
		}))
	})
	if hints != 1 || response.Trailer.Get("Sum") != "1" || strings.Contains(body, "twilio.com") {
		t.Errorf("%d early hints, trailers %v, %s", hints, response.Trailer, body)
	}
}

// An answer that breaks off arrives as one that broke off, though its length is
// no longer announced.
func TestAnAnswerThatBreaksOffIsNotMadeWhole(t *testing.T) {
	gate := startLinks(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, page)
	})
	response, err := http.Get("http://" + gate + service)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("%q", body)
	}
}
