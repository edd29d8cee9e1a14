package transport

import (
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
// over a connection of HTTP/1.1 costs less.
func (c *Connections) Provision(ctx caddy.Context) error {
	if len(c.Versions) == 0 {
		c.Versions = []string{"1.1"}
	}
	if err := c.HTTPTransport.Provision(ctx); err != nil {
		return err
	}
	if c.needsCaddy() {
		return nil
	}
	c.own = &forward.Client{
		DialContext:           c.Transport.DialContext,
		TLS:                   c.Transport.TLSClientConfig,
		HandshakeTimeout:      c.Transport.TLSHandshakeTimeout,
		ResponseHeaderTimeout: time.Duration(c.ResponseHeaderTimeout),
		IdleTimeout:           time.Duration(c.KeepAlive.IdleConnTimeout),
		MaxIdlePerHost:        c.KeepAlive.MaxIdleConnsPerHost,
		MaxHeaderBytes:        c.MaxResponseHeaderSize,
	}
	return nil
}

// needsCaddy reports whether the settings ask for what connections of our own do not do.
func (c *Connections) needsCaddy() bool {
	return !slices.Equal(c.Versions, []string{"1.1"}) ||
		c.MaxConnsPerHost != 0 || c.KeepAlive.MaxIdleConns != 0 ||
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
// let pass and that is about to be written as r. It returns false if Caddy's transport is
// to make it.
func (c *Connections) direct(r *http.Request, passed *Passed) (forward.Request, bool) {
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
		Host:       r.Host,
		Header:     r.Header,
		Body:       body,
		Replayable: passed.Decision.Operation.Safe,
	}, true
}

// hostOf is the host of an address, without its port, as a request names it.
func hostOf(address string) string {
	if i := strings.LastIndexByte(address, ':'); i >= 0 {
		return address[:i]
	}
	return address
}
