package transport

import (
	"cmp"
	"crypto/tls"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"golang.org/x/net/http/httpproxy"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// Connections are those of a transport to carriers. Requests whose body was held are
// written on connections of our own, where the settings allow that; all others are made by
// Caddy's transport.
type Connections struct {
	*reverseproxy.HTTPTransport
	// own is nil where Caddy's transport makes every request.
	own    *forward.Client
	closed atomic.Bool
}

// Provision sets up the connections. HTTP/2 is used where it is stated: one request
// over a connection of HTTP/1.1 costs less. No answer is asked for in a coding that the
// client did not ask for.
func (c *Connections) Provision(ctx caddy.Context) error {
	if len(c.Versions) == 0 {
		c.Versions = []string{"1.1"}
	}
	if c.Compression == nil {
		c.Compression = new(bool) // which the client did not ask for
	}
	if err := c.HTTPTransport.Provision(ctx); err != nil {
		return err
	}
	c.Transport.TLSHandshakeTimeout = cmp.Or(c.Transport.TLSHandshakeTimeout, handshakeTimeout)
	if c.needsCaddy() {
		return nil
	}
	c.own = &forward.Client{
		DialContext:           c.Transport.DialContext,
		TLS:                   c.tlsConfig(),
		HandshakeTimeout:      c.Transport.TLSHandshakeTimeout,
		ResponseHeaderTimeout: time.Duration(c.ResponseHeaderTimeout),
		IdleTimeout:           time.Duration(c.KeepAlive.IdleConnTimeout),
		MaxIdlePerHost:        c.KeepAlive.MaxIdleConnsPerHost,
		MaxHeaderBytes:        c.MaxResponseHeaderSize,
	}
	return nil
}

// handshakeTimeout bounds a TLS handshake where nothing is stated, as Go's own client has
// it: dial_timeout ends with the TCP connection.
const handshakeTimeout = 10 * time.Second

// tlsConfig is nil to connect in the clear. Caddy makes none of settings that are empty,
// and http.Transport then goes by the scheme.
func (c *Connections) tlsConfig() *tls.Config {
	if c.TLS != nil && c.Transport.TLSClientConfig == nil {
		return new(tls.Config)
	}
	return c.Transport.TLSClientConfig
}

// needsCaddy reports whether the settings ask for what connections of our own do not do.
// With read_timeout or write_timeout, Caddy's connections set a deadline for each read or
// write, which would undo the deadlines of our own.
func (c *Connections) needsCaddy() bool {
	return !slices.Equal(c.Versions, []string{"1.1"}) ||
		c.ReadTimeout != 0 || c.WriteTimeout != 0 || c.MaxConnsPerHost != 0 || c.KeepAlive.MaxIdleConns != 0 ||
		c.KeepAlive.Enabled != nil && !*c.KeepAlive.Enabled ||
		c.ProxyProtocol != "" || c.isProxied() ||
		c.TLS != nil && (len(c.TLS.ExceptPorts) > 0 || strings.Contains(c.TLS.ServerName, "{"))
}

// isProxied reports whether requests go through a proxy for clients.
func (c *Connections) isProxied() bool {
	environment := httpproxy.FromEnvironment()
	return c.ForwardProxyURL != "" || len(c.NetworkProxyRaw) > 0 ||
		environment.HTTPProxy != "" || environment.HTTPSProxy != ""
}

// Cleanup closes the connections that are idle. Those that are still in use are closed
// once they are not.
func (c *Connections) Cleanup() error {
	c.closed.Store(true)
	if c.own != nil {
		c.own.Close()
	}
	return c.HTTPTransport.Cleanup()
}

// maxOwn is how long a body may be that is written before the answer is read, in bytes:
// what the buffers of a connection hold. A carrier that answers early would otherwise
// wait for us as we wait for it.
const maxOwn = 64 << 10

// direct returns the request to be written on a connection of our own, for one that a gate
// let pass and that is about to be written as r to an address. It returns false if Caddy's
// transport is to make it.
func (c *Connections) direct(r *http.Request, address string, passed *Passed) (forward.Request, bool) {
	if c.own == nil || len(r.Trailer) > 0 || r.Header["Upgrade"] != nil {
		return forward.Request{}, false
	}
	body, held := passed.Decision.JudgedBytes()
	if !held || len(body) > maxOwn {
		return forward.Request{}, false
	}
	return forward.Request{
		Method:     r.Method,
		Target:     passed.Decision.Target(),
		Host:       c.hostFor(r, address, passed),
		Header:     r.Header,
		Without:    isOfProxies,
		Body:       body,
		Replayable: passed.Decision.Operation.Safe && isRead(r.Method),
	}, true
}

// hostFor is the Host of a request to an address: over TLS that of the address, unless a
// proxy has set another than the client's. In the clear it is the client's, as with Caddy's
// proxy.
func (c *Connections) hostFor(r *http.Request, address string, passed *Passed) string {
	switch {
	case c.TLS != nil && r.Host == passed.Decision.Host():
		return hostOf(address)
	case r.Host == "":
		return address // HTTP/1.0 needs none
	}
	return r.Host
}

// isRead reports whether a method only reads. Uploads are safe as well, since they reach no
// one, and are not to be made twice.
func isRead(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// hostOf is the host of an address, without its port, as a request names it.
func hostOf(address string) string {
	if i := strings.LastIndexByte(address, ':'); i >= 0 {
		return address[:i]
	}
	return address
}
