package linkrewrite

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Links says where the links in the carrier's JSON lead. Twilio's products name
// their own host in them, and clients follow them as they are: one that has the
// gate as its base URL would leave it with the second page of a list.
type Links struct {
	// The base URL that replaces the carrier's host, such as
	// `https://gate.example.com/verify`. Default: scheme and host of the request, and
	// what was stripped from the beginning of its path. A request for the carrier's own
	// host then keeps its links.
	Base string `json:"base,omitempty"`
}

// ErrBase is a text that is not a base URL.
var ErrBase = errors.New(`is not a base URL: write scheme and host, such as "https://gate.example.com"`)

// CheckBase finds what is wrong with a base URL.
func CheckBase(base string) error {
	parsed, err := url.Parse(base)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" ||
		parsed.User != nil || strings.ContainsAny(base, "?#") {
		return fmt.Errorf("%q %w", base, ErrBase)
	}
	return nil
}

// Provision makes the setting ready for use.
func (l *Links) Provision() (*Rewriter, error) {
	if l == nil {
		return nil, nil
	}
	base, err := caddy.NewReplacer().ReplaceOrErr(l.Base, true, true)
	if err != nil {
		return nil, err
	}
	if l.Base != "" {
		if CheckBase(base) != nil {
			return nil, fmt.Errorf("%q %w", l.Base, ErrBase) // as it was stated
		}
	}
	return &Rewriter{base: strings.TrimRight(base, "/")}, nil
}

// Rewriter is the setting, ready for use.
type Rewriter struct{ base string }

// maxBase bounds what is put into an answer many times over, in bytes. No host
// name is longer (RFC 1035, section 2.3.4).
const maxBase = 512

// Serve forwards a request that may pass, and rewrites the links of the answer to the
// gate.
func (l *Rewriter) Serve(w http.ResponseWriter, r *http.Request, d *gate.Decision, next caddyhttp.Handler) error {
	host, _, _ := net.SplitHostPort(d.Operation.Upstream)
	base := l.base
	if base == "" {
		base = baseOf(r, host)
	}
	if base == "" || len(base) > maxBase {
		return next.ServeHTTP(w, r)
	}
	// No link is found in an encoded body.
	r.Header.Del("Accept-Encoding")
	writer := &linkWriter{ResponseWriter: w, host: host, base: base}
	defer writer.release()
	if err := next.ServeHTTP(writer, r); err != nil {
		return err
	}
	writer.finish()
	return nil
}

// baseOf is the base URL by which a request came, or empty if it asked for the carrier's
// own host: a client that reaches the gate by that name will reach it again.
func baseOf(r *http.Request, host string) string {
	name := r.Host
	if withoutPort, _, err := net.SplitHostPort(name); err == nil {
		name = withoutPort
	}
	if strings.EqualFold(strings.TrimSuffix(name, "."), host) {
		return ""
	}
	return clientBase(r)
}

// BaseOf is the base URL of links that the gate writes itself: the one that is stated, or the one
// by which the request came. It is empty if that is longer than any name. Without rewrite_links, l
// is nil.
func (l *Rewriter) BaseOf(r *http.Request) string {
	var base string
	if l != nil {
		base = l.base
	}
	if base == "" {
		base = clientBase(r)
	}
	if len(base) > maxBase {
		return ""
	}
	return base
}

// clientBase is the base URL by which a request came: its scheme and host, and what was stripped
// from the beginning of its path.
func clientBase(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	var prefix string
	if original, ok := r.Context().Value(caddyhttp.OriginalRequestCtxKey).(http.Request); ok {
		if stripped, found := strings.CutSuffix(original.URL.EscapedPath(), r.URL.EscapedPath()); found {
			prefix = stripped
		}
	}
	return scheme + "://" + r.Host + prefix
}
