package gate_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// The target is that of net/url, whether or not it was built.
func FuzzTarget(f *testing.F) {
	for _, target := range []string{"/a", "/a?b=c", "/a?", "/a%2Fb", "/a b", "/a?b c", "", "*", "http:opaque?x", "//host/a", "/\u0416?\u0416", "/a#b"} {
		f.Add(target, target, false)
		f.Add(target, "/a", true)
	}
	f.Fuzz(func(t *testing.T, written, stated string, forceQuery bool) {
		u, err := url.ParseRequestURI(written)
		if err != nil {
			return
		}
		u.ForceQuery = u.ForceQuery || forceQuery
		for _, stated := range []string{stated, written, u.RequestURI()} {
			r := &http.Request{URL: u, RequestURI: stated}
			if got, want := gate.TargetOf(r, u.EscapedPath()), u.RequestURI(); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	})
}
