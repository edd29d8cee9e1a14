package caddymodule

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/templates"
)

// disclosure is what a server has by which the carrier's credential could be seen,
// or come from elsewhere.
type disclosure struct {
	// abroad tells whether a broker forwards to the carrier itself, and not to an
	// upstream of its own.
	abroad bool
	// templates can show every header of the request that is forwarded.
	templates bool
	// answers names a handler that is given that request with the carrier's answer.
	answers string
	// authorization tells whether something changes that header, or writes it into
	// another.
	authorization bool
}

// handler looks at one handler. Those within it are looked at by themselves.
func (d *disclosure) handler(handler caddyhttp.MiddlewareHandler) {
	switch h := handler.(type) {
	case *Handler:
		d.abroad = d.abroad || h.Broker && h.upstream == ""
	case *templates.Templates:
		d.templates = true
	case *headers.Handler:
		d.authorization = d.authorization || h.Request != nil && touchesAuthorization(h.Request) ||
			h.Response != nil && h.Response.HeaderOps != nil && showsAuthorization(h.Response.HeaderOps)
	case *reverseproxy.Handler:
		for _, response := range h.HandleResponse {
			d.answer(response.Routes)
		}
		if h.Headers != nil {
			d.authorization = d.authorization || h.Headers.Request != nil && touchesAuthorization(h.Headers.Request) ||
				h.Headers.Response != nil && h.Headers.Response.HeaderOps != nil && showsAuthorization(h.Headers.Response.HeaderOps)
		}
	}
}

// answer looks for handlers of a proxy's answer that do more than pass it on.
func (d *disclosure) answer(routes caddyhttp.RouteList) {
	for _, route := range routes {
		for _, handler := range route.Handlers {
			switch h := handler.(type) {
			case reverseproxy.CopyResponseHandler, *reverseproxy.CopyResponseHandler,
				reverseproxy.CopyResponseHeadersHandler, *reverseproxy.CopyResponseHeadersHandler:
			case *caddyhttp.Subroute:
				d.answer(h.Routes)
				if h.Errors != nil {
					d.answer(h.Errors.Routes)
				}
			default:
				d.answers = fmt.Sprintf("%T", handler)
			}
		}
	}
}

// touchesAuthorization tells whether operations on the headers of a request change
// its credential, or may.
func touchesAuthorization(ops *headers.HeaderOps) bool {
	return slices.ContainsFunc(headerNames(ops), func(name string) bool {
		// A placeholder may be any name, and "*" any part of one.
		matches, err := path.Match(strings.ToLower(name), "authorization")
		return matches || err != nil || strings.Contains(name, "{")
	}) || showsAuthorization(ops)
}

// showsAuthorization tells whether operations on headers write the credential of the
// request into one.
func showsAuthorization(ops *headers.HeaderOps) bool {
	shows := func(text string) bool {
		return strings.Contains(strings.ToLower(text), "http.request.header.authorization")
	}
	for _, values := range ops.Set {
		if slices.ContainsFunc(values, shows) {
			return true
		}
	}
	for _, values := range ops.Add {
		if slices.ContainsFunc(values, shows) {
			return true
		}
	}
	for _, replacements := range ops.Replace {
		if slices.ContainsFunc(replacements, func(r headers.Replacement) bool { return shows(r.Replace) }) {
			return true
		}
	}
	return false
}

// isConfidential tells whether a proxy speaks to nobody but whom it means to, in a
// cipher.
func isConfidential(h *reverseproxy.Handler) bool {
	transport, ok := h.Transport.(*reverseproxy.HTTPTransport)
	return ok && transport.TLS != nil && !transport.TLS.InsecureSkipVerify && len(transport.TLS.ExceptPorts) == 0
}

// check finds what a server with a broker must not have.
func (d *disclosure) check(proxies []*reverseproxy.Handler) error {
	switch {
	case d.templates:
		return errors.New("templates must not stand on a server with a broker: they could show the carrier's credential")
	case d.answers != "":
		return fmt.Errorf("on a server with a broker, handle_response may hold copy_response and copy_response_headers alone, and not %s: it would be given the carrier's credential", d.answers)
	case d.authorization:
		return errors.New("on a server with a broker, nothing may change the request's header Authorization or write it into another: the gate puts the carrier's credential there")
	case d.abroad && slices.ContainsFunc(proxies, func(h *reverseproxy.Handler) bool { return !isConfidential(h) }):
		return fmt.Errorf("a broker without upstream needs a reverse_proxy to %s with tls in its http transport, and without tls_insecure_skip_verify and tls_except_ports: anybody on the way could read the carrier's credential", upstreamPlaceholder)
	}
	return nil
}
