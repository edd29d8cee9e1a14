package gate_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// HTTP/3 does not say beforehand whether a body follows.
func TestAReadOverHTTP3IsARead(t *testing.T) {
	g := benchGate(t)
	for _, c := range []struct {
		name, body string
		outcome    policy.Outcome
	}{
		{"without a body it reads", "", policy.Allow},
		{"with one it may do more", "Body=Hello", policy.Deny},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/Messages.json?To=%2B998912345678", formType, c.body)
			r.Method, r.Proto, r.ProtoMajor, r.ProtoMinor = http.MethodGet, "HTTP/3.0", 3, 0
			r.ContentLength, r.Body = -1, io.NopCloser(strings.NewReader(c.body))
			d := g.Judge(r)
			if d.Outcome != c.outcome {
				t.Fatalf("%s %s", d.Outcome, d.Reason)
			}
			if body, err := io.ReadAll(r.Body); string(body) != c.body || err != nil {
				t.Errorf("the body is %q afterwards, %v", body, err)
			}
		})
	}
}

// sliceBody is a body of a type that Go cannot compare.
type sliceBody struct {
	io.Reader
	_ []int
}

func (sliceBody) Close() error { return nil }

func TestABodyOfAnyTypePassesTheLock(t *testing.T) {
	g := benchGate(t)
	r := newRequest("mcs.twilio.com", "/v1/Services/IS1/Media", "image/png", "x")
	r.Body = sliceBody{Reader: strings.NewReader("x")}
	d := g.Judge(r)
	if upstream := d.Upstream(r); upstream != "mcs.twilio.com:443" {
		t.Errorf("upstream %q", upstream)
	}
	r.Body = sliceBody{Reader: strings.NewReader("y")}
	if upstream := d.Upstream(r); upstream != "" {
		t.Errorf("upstream %q for another body", upstream)
	}
}
