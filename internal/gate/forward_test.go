package gate_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

const benchMessagesPath = "/2010-04-01/Accounts/" + benchAccount + "/Messages.json"

// judgedMessage is a message that may pass, judged, with its decision.
func judgedMessage(t *testing.T) (*http.Request, *gate.Decision) {
	t.Helper()
	r := newBenchRequest(http.MethodPost, "To=%2B12015550123&From=%2B12025550199&Body=Hello").Request
	d := benchGate(t).Judge(r)
	if !d.MayForward(r) {
		t.Fatalf("%s %s", d.Outcome, d.Reason)
	}
	return r, d
}

func TestTheBytesThatWereJudgedAreForwarded(t *testing.T) {
	const allowed = "To=%2B12015550123&Body=Hello"
	for _, c := range []struct {
		name, method, host, target, body string
		want                             string
		held                             bool
	}{
		{"a message is held", http.MethodPost, "api.twilio.com", benchMessagesPath, allowed, allowed, true},
		{"a read has no body", http.MethodGet, "api.twilio.com", benchMessagesPath, "", "", true},
		{"an upload is streamed", http.MethodPost, "mcs.twilio.com", "/v1/Services/IS1/Media", "x", "", false},
		{"a denied message has nothing to forward", http.MethodPost, "api.twilio.com", benchMessagesPath, "To=%2B998912345678", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest(c.host, c.target, formType, c.body)
			r.Method = c.method
			r.SetBasicAuth(benchAccount, "secret")
			if c.body == "" {
				r.Body, r.ContentLength = http.NoBody, 0
			}
			d := benchGate(t).Judge(r)
			if body, held := d.JudgedBytes(); string(body) != c.want || held != c.held {
				t.Errorf("%q, held %v", body, held)
			}
		})
	}
}

func TestAChangedRequestMayNotBeForwarded(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(r *http.Request, d *gate.Decision)
	}{
		{"another method", func(r *http.Request, _ *gate.Decision) { r.Method = http.MethodPut }},
		{"another path", func(r *http.Request, _ *gate.Decision) { r.URL.Path += "x" }},
		{"a path that is encoded otherwise", func(r *http.Request, _ *gate.Decision) {
			r.URL.RawPath = strings.Replace(r.URL.Path, "M", "%4D", 1)
		}},
		{"a query", func(r *http.Request, _ *gate.Decision) { r.URL.RawQuery = "To=1" }},
		{"an empty query", func(r *http.Request, _ *gate.Decision) { r.URL.ForceQuery = true }},
		{"an opaque target", func(r *http.Request, _ *gate.Decision) { r.URL.Opaque = "//other" }},
		{"a scheme and an opaque target", func(r *http.Request, _ *gate.Decision) { r.URL.Scheme, r.URL.Opaque = "https", "x" }},
		{"another host", func(r *http.Request, _ *gate.Decision) { r.Host = "verify.twilio.com" }},
		{"another length", func(r *http.Request, _ *gate.Decision) { r.ContentLength++ }},
		{"another body", func(r *http.Request, _ *gate.Decision) { r.Body = io.NopCloser(strings.NewReader("To=1")) }},
		{"no body", func(r *http.Request, _ *gate.Decision) { r.Body = nil }},
		{"a body that was read", func(r *http.Request, _ *gate.Decision) { _, _ = r.Body.Read(make([]byte, 1)) }},
		{"another credential", func(r *http.Request, _ *gate.Decision) { r.Header.Set("Authorization", "Basic eA==") }},
		{"another type", func(r *http.Request, _ *gate.Decision) { r.Header.Del("Content-Type") }},
		{"an encoding", func(r *http.Request, _ *gate.Decision) { r.Header.Set("Content-Encoding", "gzip") }},
		{"an upgrade", func(r *http.Request, _ *gate.Decision) { r.Header.Set("Upgrade", "websocket") }},
		{"a request that has ended", func(_ *http.Request, d *gate.Decision) { d.End() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, d := judgedMessage(t)
			if c.change(r, d); d.MayForward(r) {
				t.Error("it may be forwarded")
			}
			if upstream := d.Upstream(r); upstream != "" {
				t.Errorf("it goes to %s", upstream)
			}
		})
	}
}

// To ask whether a request may be forwarded forwards nothing: what changes afterwards is
// still reported.
func TestAskingMarksNothing(t *testing.T) {
	r, d := judgedMessage(t)
	r.Method = http.MethodPut
	if d.Changed(r) == "" {
		t.Error("a request that was only asked about counts as forwarded")
	}
}

func TestTheTargetThatWasJudgedIsKept(t *testing.T) {
	r, d := judgedMessage(t)
	r.URL.Path = "/other"
	if got := d.Target(); got != benchMessagesPath {
		t.Errorf("%q", got)
	}
}
