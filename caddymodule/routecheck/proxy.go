package routecheck

import (
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// proxy returns where requests can come to behind a proxy: to what it does with answers,
// and from there to what is behind it.
func (w *walk) proxy(where string, h *reverseproxy.Handler, s state) state {
	for _, dial := range dials(h) {
		if strings.Contains(dial, placeholder.Upstream) && dial != placeholder.Upstream {
			w.fault(faultf(where, "reverse_proxy to %s must forward to %s alone, "+
				"with nothing before or after it", dial, placeholder.Upstream))
		}
	}
	answered := s
	if asks(h) {
		w.ask(where, h, s)
	} else {
		if s.stale != nil {
			w.fault(faultf(where, "%s must not handle requests that a gate has judged, "+
				"after an error or an answer: they may have been refused, or forwarded already. "+
				"Answer them with respond, file_server or tollgate_error, or put another gate before it", called(h)))
		}
		if s.fresh != nil && w.anywhere != nil {
			w.unjudged(where, h)
		}
		if s.judged != nil {
			w.forwards = true
			w.judged(where, h, s.judged)
		}
		answered = state{fresh: s.fresh, stale: join(s.judged, s.stale)}
	}
	var out state
	for i, response := range h.HandleResponse {
		if response.StatusCode == "" {
			out = out.join(w.routes(fmt.Sprintf("%s/handle_response/%d/routes", where, i), response.Routes, answered))
		}
	}
	return out
}

// asks reports whether a proxy makes a request of its own to another server, as
// forward_auth does: a read without a body, which sends nothing.
func asks(h *reverseproxy.Handler) bool {
	return h.Rewrite != nil && (h.Rewrite.Method == "GET" || h.Rewrite.Method == "HEAD") && h.Rewrite.URI != ""
}

// ask checks a proxy that asks.
func (w *walk) ask(where string, h *reverseproxy.Handler, s state) {
	for _, dial := range dials(h) {
		if dial == placeholder.Upstream {
			w.fault(rewrites(where, h))
		}
		if w.anywhere != nil && (w.judgedDials[place(dial)] || w.isCarriers(dial)) {
			w.fault(faultf(where, "%s asks an upstream that forwards to the carrier: "+
				"let it ask a server of your own", called(h)))
		}
	}
	for _, name := range headerNames(requestOps(h)) {
		if slices.ContainsFunc(methodHeaders, func(header string) bool { return covers(name, header) }) {
			w.fault(faultf(where, "%s must not change the header %s: "+
				"a request that only asks must stay a read", called(h), name))
		}
	}
	if s.judged != nil {
		w.familiar(where, h)
	}
}

func rewrites(where string, h *reverseproxy.Handler) *fault {
	return faultf(where, "%s must not have method or rewrite: what was judged would not be what is "+
		"forwarded. Put rewrite before the gate, which then judges the result", called(h))
}

// unjudged checks a proxy that is given requests that no gate has judged.
func (w *walk) unjudged(where string, h *reverseproxy.Handler) {
	for _, dial := range dials(h) {
		switch {
		case dial == placeholder.Upstream:
			// Empty, and so a 502.
		case w.judgedDials[place(dial)]:
			w.fault(faultf(where, "%s can receive requests that no gate has judged, and others that one has. "+
				"Put the gate before it without a matcher, or each into a handle of its own; "+
				"send requests for your own application to an address without a gate", called(h)))
		case w.isCarriers(dial):
			w.fault(faultf(where, "%s forwards to the carrier, and can receive requests that no gate has "+
				"judged. Put a gate before it, without a matcher, and forward to %s", called(h), placeholder.Upstream))
		case !isFixed(dial):
			w.fault(faultf(where, "%s forwards to an address that the request names, "+
				"and can receive requests that no gate has judged: it could be the carrier. "+
				"Write the address out, or put it on another port", called(h)))
		}
	}
	for _, name := range namesAsked(h) {
		if w.isCarriers(name) {
			w.fault(faultf(where, "%s asks for the carrier's %s, by header_up Host or tls_server_name, "+
				"and can receive requests that no gate has judged. Put a gate before it, "+
				"without a matcher, and forward to %s", called(h), name, placeholder.Upstream))
		}
	}
	if id := caddy.GetModuleID(h.DynamicUpstreams); h.DynamicUpstreams != nil && !isNamed(h.DynamicUpstreams) && !w.trusts(id) {
		w.fault(faultf(where, `%s gets its upstreams from %s, which cannot be checked, `+
			`and can receive requests that no gate has judged: one could be the carrier. `+
			`Write the addresses out, use dynamic a or dynamic srv or, if you vouch for it, `+
			`write "trusted_modules %s" into the global tollgate block`, called(h), id, id))
	}
}

// namesAsked are the hosts that a proxy asks for, whatever its address is, as they are
// written.
func namesAsked(h *reverseproxy.Handler) (names []string) {
	if name := serverName(h); name != "" {
		names = append(names, name)
	}
	if ops := requestOps(h); ops != nil {
		for _, stated := range []http.Header{ops.Set, ops.Add} {
			for name, values := range stated {
				if strings.EqualFold(name, "host") {
					names = append(names, values...)
				}
			}
		}
	}
	return names
}

// judged checks a proxy that is given requests that a gate let pass, and records which
// gates must not go by the host.
func (w *walk) judged(where string, h *reverseproxy.Handler, f *flow) {
	if f.change != nil {
		w.fault(f.change)
	}
	switch name := judgedHeader(requestOps(h)); {
	case h.Rewrite != nil:
		w.fault(rewrites(where, h))
	case name == "the header Authorization":
		w.fault(faultf(where, "%s must not change the header Authorization: "+
			"the account that was judged would not be the one that pays. "+
			"Write request_header Authorization before the gate, or give the gate the credential, with broker", called(h)))
	case name != "":
		w.fault(faultf(where, "%s must not change %s: what was judged would not be what is forwarded. "+
			"Put it before the gate, as request_header", called(h), name))
	case h.RequestBuffers != 0:
		w.fault(faultf(where, "%s must not have request_buffers: every send would end in 502, "+
			"since the body is gone when the upstream is chosen. Leave it out: "+
			"the gate buffers what it judges", called(h)))
	case h.LoadBalancing != nil && len(h.LoadBalancing.RetryMatch) > 0:
		w.fault(faultf(where, "%s must not have lb_retry_match: a message could be sent twice. Without it, "+
			"only reads are tried again, and what was not sent at all", called(h)))
	}
	if slices.ContainsFunc(texts(requestOps(h)), readsBody) {
		w.fault(bodyPlaceholder(where, called(h)))
	}
	if isOnlyPlaceholder(h) && h.HealthChecks != nil && h.HealthChecks.Passive != nil && h.HealthChecks.Passive.FailDuration > 0 {
		// Hosts of the carrier's that are not there, and bodies that break off, are for
		// any client to choose.
		w.fault(faultf(where, "%s must not have fail_duration: Caddy counts all hosts that the gate forwards "+
			"to as one upstream, so that one failed request would stop all others for that time. Leave it out", called(h)))
	}
	w.familiar(where, h)
	w.credential(where, h, f.gates)
	w.encrypted(where, h, f.gates)
	for _, gate := range f.gates {
		if gate.FixedUpstream() != "" && slices.Contains(dials(h), placeholder.Upstream) {
			w.judgedDials[place(gate.FixedUpstream())] = true
		}
	}
	if isPlaced(h) {
		return
	}
	for _, dial := range dials(h) {
		if dial != placeholder.Upstream {
			w.judgedDials[place(dial)] = true
		}
	}
	for _, gate := range f.gates {
		w.unplaced[gate] = called(h)
		if gate.FixedUpstream() == "" && streams(gate.Judge()) {
			w.fault(faultf(where, "%s names its own upstream, and the gate before it is for the product %s, "+
				"whose writes it does not judge: any request could be forwarded as one. Forward to %s, "+
				"or name another product", called(h), gate.Judge().Product, placeholder.Upstream))
		}
	}
}

// streams reports whether a gate lets writes of its product through unread, whatever
// they are for.
func streams(g *gate.Gate) bool {
	return g.Carrier.Route(&carrier.Request{Method: "POST", Path: "/", HasBody: true, AnyProduct: true}, g.Product).Safe
}

// familiar checks the modules that a proxy is made of.
func (w *walk) familiar(where string, h *reverseproxy.Handler) {
	check := func(module any, scope string, names []string) {
		id := caddy.GetModuleID(module)
		switch {
		case module == nil || slices.Contains(names, strings.TrimPrefix(id, scope)):
		case w.trusts(id):
			w.vouched[id] = true
		default:
			w.fault(unknownModule(where, id))
		}
	}
	check(h.Transport, transport.Scope, []string{"http", "tollgate"})
	if h.LoadBalancing != nil {
		check(h.LoadBalancing.SelectionPolicy, selectionScope, knownSelections)
	}
	check(h.DynamicUpstreams, sourceScope, knownSources)
}

// credential checks that a proxy puts the carrier's credential in where one of the gates
// before it accepts keys, and gives it to no other server.
func (w *walk) credential(where string, h *reverseproxy.Handler, gates []Gate) {
	brokered := func(gate Gate) bool { return gate.Brokered() }
	ours, puts := h.Transport.(*transport.Transport)
	switch {
	case !slices.ContainsFunc(gates, brokered):
	case slices.ContainsFunc(gates, func(gate Gate) bool { return !gate.Brokered() }):
		w.fault(faultf(where, "%s is behind a gate with broker and one without: "+
			"put each into a handle with a reverse_proxy of its own", called(h)))
	case !puts:
		w.fault(faultf(where, "%s needs transport tollgate in place of transport http, "+
			"with the same options: it adds the carrier's credential as the request is written, "+
			"so that no handler sees it", called(h)))
	case h.HealthChecks != nil && h.HealthChecks.Active != nil:
		w.fault(faultf(where, "%s must not have health_uri or other active health checks: they have no key, "+
			"and transport tollgate sends nothing without one. Leave them out", called(h)))
	case !isOnlyPlaceholder(h):
		w.fault(faultf(where, "behind a gate with broker, reverse_proxy must forward to %s alone: "+
			"any other upstream could be sent the carrier's credential. To forward elsewhere, "+
			"write upstream and host:port into the gate's block", placeholder.Upstream))
	case slices.ContainsFunc(gates, func(gate Gate) bool { return gate.FixedUpstream() == "" }) && !ours.IsConfidential():
		w.fault(faultf(where, "%s needs tls in its transport tollgate, "+
			"and neither tls_insecure_skip_verify nor tls_except_ports: "+
			"anyone on the network path could read the carrier's credential", called(h)))
	}
}

// encrypted checks that a proxy speaks TLS to the carrier's own hosts, where the gates before
// it say that requests go there.
func (w *walk) encrypted(where string, h *reverseproxy.Handler, gates []Gate) {
	settings, known := transportOf(h)
	if !known || settings != nil && settings.TLS != nil || !slices.Contains(dials(h), placeholder.Upstream) {
		return
	}
	if slices.ContainsFunc(gates, func(gate Gate) bool { return gate.FixedUpstream() == "" }) {
		w.fault(faultf(where, "%s must have tls in its transport: the carrier's hosts speak nothing else, "+
			"and the credential of each request would cross the network in the clear. "+
			"To forward elsewhere, write upstream and host:port into the gate's block", called(h)))
	}
}

// isOnlyPlaceholder reports whether a proxy forwards to where the gate says, and
// nowhere else.
func isOnlyPlaceholder(h *reverseproxy.Handler) bool {
	return h.DynamicUpstreams == nil && !slices.ContainsFunc(dials(h), func(dial string) bool { return dial != placeholder.Upstream })
}

// isPlaced reports whether it is the gate alone that says where a proxy forwards to:
// the address, and the names by which a front door could choose what is behind it.
func isPlaced(h *reverseproxy.Handler) bool {
	return isOnlyPlaceholder(h) && !choosesHost(requestOps(h)) && serverName(h) == ""
}

// serverName is the name that a proxy asks for in TLS, or empty for that of the
// upstream.
func serverName(h *reverseproxy.Handler) string {
	settings, _ := transportOf(h)
	if settings == nil || settings.TLS == nil {
		return ""
	}
	return settings.TLS.ServerName
}

// transportOf are the settings of a proxy's transport, nil if it states none. It returns
// false for one of another module.
func transportOf(h *reverseproxy.Handler) (settings *reverseproxy.HTTPTransport, known bool) {
	switch t := h.Transport.(type) {
	case nil:
		return nil, true
	case *reverseproxy.HTTPTransport:
		return t, true
	case *transport.Transport:
		return &t.HTTPTransport, true
	}
	return nil, false
}

// dials are where a proxy forwards to, as it is written.
func dials(h *reverseproxy.Handler) (written []string) {
	for _, upstream := range h.Upstreams {
		written = append(written, upstream.Dial)
	}
	return append(written, sources(h.DynamicUpstreams)...)
}

// sources are the names that upstreams are found by.
func sources(source reverseproxy.UpstreamSource) (names []string) {
	switch s := source.(type) {
	case nil:
	case *reverseproxy.AUpstreams:
		names = append(names, s.Name+":"+s.Port)
	case *reverseproxy.SRVUpstreams:
		names = append(names, s.Service+s.Proto+s.Name)
	default:
		names = append(names, caddy.GetModuleID(source)+strings.Join(texts(source), " "))
	}
	return names
}

// isNamed reports whether a source states the names by which it finds upstreams.
// That of Caddy's that is made of others does not any more, once they are loaded.
func isNamed(source reverseproxy.UpstreamSource) bool {
	switch source.(type) {
	case *reverseproxy.AUpstreams, *reverseproxy.SRVUpstreams:
		return true
	}
	return false
}

// called is what a proxy is called in messages.
func called(h *reverseproxy.Handler) string {
	if asks(h) {
		return "forward_auth (or a reverse_proxy with method) to " + strings.Join(dials(h), " ")
	}
	return "reverse_proxy to " + strings.Join(dials(h), " ")
}

// fixedPlaceholder is one that no request has a say in.
var fixedPlaceholder = regexp.MustCompile(`\{(env|file|system)\.[^{}]*\}`)

// isFixed reports whether a text is the same for all requests.
func isFixed(text string) bool {
	return !strings.Contains(fixedPlaceholder.ReplaceAllString(text, ""), "{")
}

// isCarriers reports whether an address is one of the carrier's of some gate of the
// server: a host that belongs to a product of its own, or to none, whatever product
// others are for.
func (w *walk) isCarriers(address string) bool {
	address = replaceFixed(address)
	if network, err := caddy.ParseNetworkAddress(address); err == nil && network.Host != "" {
		address = network.Host
	} else if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	return slices.ContainsFunc(w.anywhere.gates, func(gate Gate) bool {
		return slices.ContainsFunc(gate.Judge().Carrier.Products(), func(product string) bool {
			op := gate.Judge().Carrier.Route(&carrier.Request{Method: "GET", Host: address, Path: "/"}, product)
			return !op.HostKnown || op.Product != product
		})
	})
}

// replaceFixed replaces the placeholders that no request has a say in.
func replaceFixed(text string) string { return caddy.NewReplacer().ReplaceAll(text, "") }

// place is an address in one spelling. The machine itself has several names.
func place(dial string) string {
	dial = replaceFixed(dial)
	address, err := caddy.ParseNetworkAddress(dial)
	if err != nil || address.IsUnixNetwork() {
		return dial
	}
	host := strings.TrimSuffix(strings.ToLower(address.Host), ".")
	if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	} else if ip != nil {
		host = ip.String()
	}
	return net.JoinHostPort(host, fmt.Sprint(address.StartPort))
}
