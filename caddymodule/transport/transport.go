package transport

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

func init() {
	caddy.RegisterModule(Transport{})
}

// Scope begins the IDs of all transports of a reverse_proxy.
const Scope = "http.reverse_proxy.transport."

// Transport is Caddy's transport `http`, with all of its options, for a reverse_proxy
// behind a gate with `broker`. It puts the carrier's credential in where the request
// is written, in place of the key: no handler, matcher, placeholder, log or error
// page is ever given it.
//
// It writes nothing but a request that such a gate let pass, that is still what was
// judged, and that goes to where the gate says.
type Transport struct {
	reverseproxy.HTTPTransport
}

// CaddyModule returns the Caddy module information.
func (Transport) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  Scope + "tollgate",
		New: func() caddy.Module { return new(Transport) },
	}
}

// Credentials are the carrier's, one for each account.
type Credentials interface {
	// Of returns the credential for an account, or nil.
	Of(account string) *reload.Issued
	// Learn receives the status with which the carrier answered the credential of an
	// account.
	Learn(account string, issued *reload.Issued, status int)
}

// brokered is what the transport must know of a request that a gate with broker let
// pass. It holds no secret.
type brokered struct {
	decision *gate.Decision
	// upstream is the host:port that the gate says.
	upstream string
	// credentials returns those that are in force.
	credentials func() Credentials
}

type brokeredKey struct{}

// WithBrokered returns a copy of a request by which the transport finds the decision,
// where it says that the request goes, and the credentials in force.
func WithBrokered(r *http.Request, d *gate.Decision, upstream string, credentials func() Credentials) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), brokeredKey{}, &brokered{d, upstream, credentials}))
}

// Why the transport writes nothing.
var (
	errNotBrokered = errors.New("no gate with broker has let this request pass")
	errChanged     = errors.New("the request is no longer the one that was judged")
	errElsewhere   = errors.New("the request would go to an address that the gate did not choose")
	errNoSecret    = errors.New("there is no carrier credential for the account")
)

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	passed, ok := r.Context().Value(brokeredKey{}).(*brokered)
	if !ok {
		return nil, errNotBrokered
	}
	if !passed.decision.MayWrite(r) {
		return nil, errChanged
	}
	if dial, ok := reverseproxy.GetDialInfo(r.Context()); !ok || dial.Address != passed.upstream {
		return nil, errElsewhere
	}
	credentials := passed.credentials()
	issued := credentials.Of(passed.decision.Account)
	if issued == nil {
		return nil, errNoSecret
	}
	// What holds the request that came here, such as the proxy's log, must not see the
	// credential.
	written := new(http.Request)
	*written = *r
	written.Header = r.Header.Clone()
	if body := passed.decision.JudgedBody(); body != nil {
		// The copy that a handler passed on could have another body of the same length.
		written.Body, written.GetBody, written.Trailer = io.NopCloser(body), nil, nil
	}
	written.Header["Authorization"] = []string{issued.Authorization}
	response, err := t.HTTPTransport.RoundTrip(written)
	if response != nil {
		response.Request = r
		credentials.Learn(passed.decision.Account, issued, response.StatusCode)
	}
	return response, err
}

// IsConfidential reports whether the transport encrypts, and verifies the server.
func (t *Transport) IsConfidential() bool {
	return t.TLS != nil && !t.TLS.InsecureSkipVerify && len(t.TLS.ExceptPorts) == 0
}

// Interface guards
var (
	_ caddy.Provisioner                      = (*Transport)(nil)
	_ caddy.CleanerUpper                     = (*Transport)(nil)
	_ caddyfile.Unmarshaler                  = (*Transport)(nil)
	_ http.RoundTripper                      = (*Transport)(nil)
	_ reverseproxy.TLSTransport              = (*Transport)(nil)
	_ reverseproxy.RequestHeaderOpsTransport = (*Transport)(nil)
)
