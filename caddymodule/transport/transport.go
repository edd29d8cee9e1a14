package transport

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/internal/forward"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

func init() {
	caddy.RegisterModule(new(Transport))
}

// Scope begins the IDs of all transports of a reverse_proxy.
const Scope = "http.reverse_proxy.transport."

// Transport is Caddy's transport `http`, with all of its options, for a reverse_proxy
// behind a gate that needs what `tollgate_forward` does not do. It writes nothing but a
// request that a gate let pass and that is still what was judged; requests that the gate
// held are written, and their answers read, without a goroutine of their own.
//
// By default it speaks HTTP/1.1 and asks for no compression by itself.
//
// It leaves out `X-Forwarded-*`, `Forwarded` and `Via`, and over TLS it writes the Host of
// where a request goes, unless the proxy has set another than the client's.
//
// Behind a gate with `broker`, it puts the carrier's credential in where the request
// is written, in place of the key: no handler, matcher, placeholder, log or error
// page is ever given it. Such a request goes to where the gate says.
type Transport struct {
	reverseproxy.HTTPTransport

	connections Connections
}

// CaddyModule returns the Caddy module information.
func (*Transport) CaddyModule() caddy.ModuleInfo {
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

// Why the transport writes nothing.
var (
	errNotPassed = errors.New("no gate has let this request pass")
	errChanged   = errors.New("the request is no longer the one that was judged")
	errElsewhere = errors.New("the request would go to an address that the gate did not choose")
	errNoSecret  = errors.New("there is no carrier credential for the account")
)

// Provision sets up the transport.
func (t *Transport) Provision(ctx caddy.Context) error {
	t.connections.HTTPTransport = &t.HTTPTransport
	return t.connections.Provision(ctx)
}

// Cleanup closes the connections that are idle, and the others once they are.
func (t *Transport) Cleanup() error { return t.connections.Cleanup() }

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	passed := PassedOf(r)
	if passed == nil {
		return nil, errNotPassed
	}
	if !passed.Decision.MayWrite(r) {
		return nil, errChanged
	}
	dial, ok := reverseproxy.GetDialInfo(r.Context())
	if !ok || passed.Credentials != nil && dial.Address != passed.Upstream {
		return nil, errElsewhere
	}
	issued, err := passed.credential()
	if err != nil {
		return nil, err
	}
	response, err := t.write(r, dial.Address, passed, issued)
	if response != nil {
		response.Request = r
		passed.learn(issued, response.StatusCode)
	}
	return response, err
}

// write writes a request with the carrier's credential, if there is one. What holds the
// request that came here, such as the proxy's log, must not see the credential.
func (t *Transport) write(r *http.Request, address string, passed *Passed, issued *reload.Issued) (*http.Response, error) {
	if direct, ok := t.connections.direct(r, address, passed); ok {
		direct.Authorization = authorizationOf(issued)
		if asksForNoAgent(r.Header) {
			direct.Without = isAgentOrOfProxies
		}
		response, err := t.connections.own.RoundTrip(r.Context(), address, &direct)
		return response, dialing(err)
	}
	written := new(http.Request)
	*written = *r
	if body := passed.Decision.JudgedBody(); body != nil && r.ContentLength != 0 && len(r.Trailer) == 0 {
		// The copy that a handler passed on could have another body of the same length.
		// Trailers come with the body that the proxy made; no broker lets one pass.
		written.Body, written.GetBody, written.Trailer = io.NopCloser(body), nil, nil
	}
	written.Host = t.connections.hostFor(r, address, passed)
	written.Header = maps.Clone(r.Header)
	maps.DeleteFunc(written.Header, func(name string, _ []string) bool { return isOfProxies(name) })
	if issued != nil {
		written.Header["Authorization"] = []string{issued.Authorization}
	}
	return t.byCaddy(written)
}

// dialing is an error of a connection of our own, as Caddy's proxy knows one of dialing.
func dialing(err error) error {
	if err == nil {
		return nil // without an allocation for what errors.As finds
	}
	if failure := (*forward.Error)(nil); errors.As(err, &failure) && failure.Step == forward.StepDial {
		return reverseproxy.NewDialError(err)
	}
	return err
}

// byCaddy makes a request by Caddy's transport. A request that asks an http.Transport for a
// connection makes it keep connections again, so it is told once more to close them.
func (t *Transport) byCaddy(r *http.Request) (*http.Response, error) {
	response, err := t.HTTPTransport.RoundTrip(r)
	if t.connections.closed.Load() {
		t.HTTPTransport.Transport.CloseIdleConnections()
	}
	return response, err
}

// Forward forwards a request that a gate let pass and passes the answer on, if the settings
// and the request allow it without reverse_proxy. It returns false, having done nothing,
// if they do not. The error is a *forward.Error or says why nothing is written.
func (t *Transport) Forward(w http.ResponseWriter, r *http.Request, passed *Passed) (done bool, err error) {
	direct, ok := t.connections.direct(r, passed.Upstream, passed)
	if !ok {
		return false, nil
	}
	issued, err := passed.credential()
	if err != nil {
		return true, err
	}
	direct.Authorization = authorizationOf(issued)
	passed.Status, err = t.connections.own.Forward(r.Context(), w, passed.Upstream, &direct)
	if passed.Status != 0 {
		passed.learn(issued, passed.Status)
	}
	return true, err
}

// RequestHeaderOps returns no operations. Those of Caddy's transport set Host over TLS, and
// any make reverse_proxy copy the header of every request: hostFor does without.
func (*Transport) RequestHeaderOps() *headers.HeaderOps { return nil }

// asksForNoAgent reports whether a header asks for no User-Agent to be sent, as a proxy says
// that the client has sent none.
func asksForNoAgent(header http.Header) bool {
	agent := header["User-Agent"]
	return len(agent) == 1 && agent[0] == ""
}

func isAgentOrOfProxies(name string) bool { return name == "User-Agent" || isOfProxies(name) }

// isOfProxies reports whether a field says whom a proxy forwards a request for, which is
// not for the carrier to know, and not for a client to say.
func isOfProxies(name string) bool {
	return strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" || name == "Via"
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
