package routecheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/intercept"
	maphandler "github.com/caddyserver/caddy/v2/modules/caddyhttp/map"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

// walk follows requests through all routes of a server, as Caddy compiles them: one
// route behind the other, each with or without what it holds.
type walk struct {
	server  *caddyhttp.Server
	trusted []string

	// anywhere is the requests that some gate lets pass, wherever they are. Whatever
	// handles errors and answers can be given them.
	anywhere *flow
	// judgedDials are where proxies behind gates forward to by themselves.
	judgedDials map[string]bool
	// unplaced are the gates before such proxies, with one of them.
	unplaced map[Gate]string
	// vouched are the trusted modules that are behind gates.
	vouched map[string]bool
	// forwards says that some proxy is behind a gate.
	forwards bool
	// found is the first fault.
	found *fault
	// within are the named routes that are being followed.
	within []string
	// groups are those of all routes but the ones that handle errors and answers. aside
	// is how many of the latter are being followed, one within the other.
	groups map[string]bool
	aside  int
}

// all follows requests until nothing new is found: what one round finds out, such as
// which requests an error can come from, the next one uses.
func (w *walk) all() error {
	w.judgedDials, w.unplaced, w.vouched, w.groups = make(map[string]bool), make(map[Gate]string), make(map[string]bool), make(map[string]bool)
	for before := ""; ; {
		w.found = nil
		w.routes("routes", w.server.Routes, state{fresh: new(flow)})
		if w.server.Errors != nil {
			w.besides("errors/routes", w.server.Errors.Routes, state{fresh: w.later(new(flow)), stale: w.later(w.anywhere.outside())})
		}
		after := fmt.Sprint(w.anywhere, w.judgedDials, w.groups)
		if after == before {
			break
		}
		before = after
	}
	if w.found != nil {
		return w.found
	}
	return nil
}

// outside is the flow where routes of the groups that it went through may be gone
// through again.
func (f *flow) outside() *flow {
	if f == nil {
		return nil
	}
	c := f.clone()
	clear(c.groups)
	return c
}

// later is the flow where errors and answers are handled: a request may have been
// through any group on its way, and Caddy lets it through no second route of one.
func (w *walk) later(f *flow) *flow {
	if f == nil {
		return nil
	}
	c := f.clone()
	for group := range w.groups {
		if _, ok := c.groups[group]; !ok {
			c.groups[group] = unsure
		}
	}
	return c
}

// besides follows requests through routes that handle errors and answers.
func (w *walk) besides(where string, routes caddyhttp.RouteList, s state) state {
	w.aside++
	defer func() { w.aside-- }()
	return w.routes(where, routes, s)
}

func (w *walk) fault(f *fault) {
	if w.found == nil {
		w.found = f
	}
}

func (w *walk) routes(where string, routes caddyhttp.RouteList, s state) state {
	for i := range routes {
		s = w.route(fmt.Sprintf("%s/%d", where, i), &routes[i], s)
	}
	return s
}

func (w *walk) route(where string, route *caddyhttp.Route, s state) state {
	if s.any() == nil {
		return s
	}
	if route.Group != "" && w.aside == 0 {
		w.groups[route.Group] = true
	}
	s.judged = s.judged.changed(w.matching(where, route.MatcherSets))
	var inside, past state
	inside.fresh, past.fresh = split(where, route, s.fresh)
	inside.judged, past.judged = split(where, route, s.judged)
	inside.stale, past.stale = split(where, route, s.stale)
	for i, handler := range route.Handlers {
		if inside.any() == nil {
			break
		}
		inside = w.handler(fmt.Sprintf("%s/handle/%d", where, i), handler, inside)
	}
	if route.Terminal {
		return past
	}
	return past.join(inside)
}

// split returns the requests that go into a route, and those that go past it.
func split(where string, route *caddyhttp.Route, f *flow) (inside, past *flow) {
	if f == nil {
		return nil, nil
	}
	taken, grouped := f.groups[route.Group]
	grouped = grouped && route.Group != ""
	if grouped && taken != unsure {
		return nil, f
	}
	patterns, alone := hostsOf(route.MatcherSets)
	inside = f.clone()
	if route.Group != "" {
		inside.groups[route.Group] = where
	}
	if patterns != nil {
		var any bool
		if inside.hosts, any = f.hosts.within(patterns); !any {
			inside = nil
		}
	}
	switch {
	case alone:
		past = f.clone()
		past.hosts = f.hosts.without(patterns)
	case len(route.MatcherSets) > 0 || grouped:
		past = f
	}
	return inside, past
}

// matching returns what is wrong with matchers behind a gate.
func (w *walk) matching(where string, sets caddyhttp.MatcherSets) *fault {
	if id := unknownMatcher(sets); id != "" && !w.trusts(id) {
		return unknownModule(where, id)
	}
	for _, text := range texts(sets) {
		if readsBody(text) {
			return bodyPlaceholder(where, "a matcher")
		}
		if strings.Contains(text, placeholder.Prefix+"upstream") {
			w.fault(strayUpstream(where, "a matcher"))
		}
	}
	return nil
}

// handler returns where requests can come to behind a handler.
func (w *walk) handler(where string, handler caddyhttp.MiddlewareHandler, s state) state {
	w.placeholders(where, handler)
	switch h := handler.(type) {
	case Gate:
		return w.gate(where, h, s)
	case *caddyhttp.Subroute:
		out := w.routes(where+"/routes", h.Routes, s)
		if h.Errors != nil {
			// Errors of all that follows come here too.
			out = out.join(w.besides(where+"/errors/routes", h.Errors.Routes, w.fromAside(s)))
		}
		return out
	case *caddyhttp.Invoke:
		return w.invoke(where, h, s)
	case *intercept.Intercept:
		for i, response := range h.HandleResponse {
			w.besides(fmt.Sprintf("%s/handle_response/%d/routes", where, i), response.Routes, w.fromAside(s))
		}
		return s
	case *reverseproxy.Handler:
		return w.proxy(where, h, s)
	case Forwarder:
		return w.forwarder(where, h, s)
	case *headers.Handler:
		return w.headers(where, h, s)
	}
	row := knowledge(handler)
	switch {
	case row.effect == answers:
		return state{}
	case row.effect == passes:
		if slices.ContainsFunc(texts(handler), readsBody) {
			s.judged = s.judged.changed(bodyPlaceholder(where, nameOf(handler)))
		}
		return s
	case row.effect == changes:
		s.judged = s.judged.changed(faultf(where, "%s must not stand between a gate and what forwards, "+
			"since it changes or reads what was judged: %s", nameOf(handler), row.instead))
		return s
	}
	return w.unknown(where, caddy.GetModuleID(handler), s)
}

// unknown returns where requests can come to behind a handler of another module.
func (w *walk) unknown(where, id string, s state) state {
	if w.trusts(id) {
		if s.judged != nil {
			w.vouched[id] = true
		}
	} else {
		s.judged = s.judged.changed(unknownModule(where, id))
	}
	if s.judged != nil {
		w.record(s.judged.ofAnyHost())
	}
	return s.each((*flow).ofAnyHost)
}

func unknownModule(where, id string) *fault {
	return faultf(where, `%s must not stand between a gate and what forwards, `+
		`since it may change what was judged: put it before the gate or, if you vouch for it, `+
		`write "trusted_modules %s" into the global tollgate block`, id, id)
}

func (w *walk) trusts(id string) bool { return slices.Contains(w.trusted, id) }

// gate returns where requests can come to behind a gate.
func (w *walk) gate(where string, gate Gate, s state) state {
	if s.judged != nil {
		w.fault(faultf(where, "a second gate is behind the first: "+
			"every request that it holds to judge would end in 502. Put each gate into a handle of its own"))
	}
	judged := join(s.fresh, s.stale).judgedBy(gate)
	if judged != nil {
		w.record(judged)
	}
	return state{judged: judged}
}

// record records that requests are behind a gate.
func (w *walk) record(f *flow) {
	recorded := f.clone()
	recorded.change = nil
	w.anywhere = join(w.anywhere, recorded)
}

// fromAside is what requests can come to where errors and answers are handled, of those
// that can come to a point of the server.
func (w *walk) fromAside(s state) state {
	out := state{fresh: s.fresh, stale: join(s.judged, s.stale)}
	if here := s.any(); w.anywhere != nil && here != nil && !w.anywhere.excludes(here) {
		out.stale = join(out.stale, w.anywhere)
	}
	out.fresh, out.stale = w.later(out.fresh), w.later(out.stale)
	return out
}

// invoke follows requests through a named route.
func (w *walk) invoke(where string, h *caddyhttp.Invoke, s state) state {
	route, ok := w.server.NamedRoutes[h.Name]
	if !ok {
		return state{} // Caddy answers that it is not there
	}
	if slices.Contains(w.within, h.Name) {
		w.fault(faultf(where, "the named route %s invokes itself: a request would go round forever", h.Name))
		return state{}
	}
	w.within = append(w.within, h.Name)
	defer func() { w.within = w.within[:len(w.within)-1] }()
	return w.route(where+" > named_routes/"+h.Name, route, s)
}

// headers returns where requests can come to behind a handler of headers.
func (w *walk) headers(where string, h *headers.Handler, s state) state {
	if slices.ContainsFunc(texts(h), readsBody) {
		s.judged = s.judged.changed(bodyPlaceholder(where, "header or request_header"))
	}
	if h.Request == nil {
		return s
	}
	if name := judgedHeader(h.Request, "host"); name != "" {
		s.judged = s.judged.changed(faultf(where, "request_header must not change %s between a gate and "+
			"what forwards: put it before the gate, which then judges that", name))
	}
	if touches(h.Request, "host") {
		if s.judged != nil {
			w.record(s.judged.ofAnyHost())
		}
		s = s.each((*flow).ofAnyHost)
	}
	return s
}

// placeholders finds where what the gate says would be kept for later, or be said by
// someone else.
func (w *walk) placeholders(where string, handler caddyhttp.MiddlewareHandler) {
	if h, ok := handler.(*maphandler.Handler); ok {
		for _, name := range h.Destinations {
			if strings.HasPrefix(strings.TrimPrefix(name, "{"), placeholder.Prefix) {
				w.fault(faultf(where, "map must not make {%s}: only the gate may. Give it another name", strings.Trim(name, "{}")))
			}
		}
	}
	if row, ok := knownHandlers[caddy.GetModuleID(handler)]; ok && row.shows {
		return
	}
	settings := any(handler)
	switch h := handler.(type) {
	case *caddyhttp.Subroute, *intercept.Intercept, Gate:
		return // what is within is looked at by itself
	case *headers.Handler:
		settings = h.Request
	case *reverseproxy.Handler:
		settings = []any{h.Rewrite, requestOps(h)}
	}
	if slices.ContainsFunc(texts(settings), func(text string) bool { return strings.Contains(text, placeholder.Prefix+"upstream") }) {
		w.fault(strayUpstream(where, nameOf(handler)))
	}
}

func strayUpstream(where, name string) *fault {
	return faultf(where, "%s must not use %s: it is valid for one request, as the upstream of a reverse_proxy. "+
		"Write it there, behind the gate", name, placeholder.Upstream)
}

func bodyPlaceholder(where, name string) *fault {
	return faultf(where, "%s must not read {http.request.body} between a gate and what forwards, "+
		"which would have no body to forward: put it before the gate", name)
}

// readsBody reports whether to replace a text's placeholders reads the body of the
// request.
func readsBody(text string) bool { return strings.Contains(text, "http.request.body") }
