package routecheck

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/caddyauth"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/fileserver"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"
)

// effect is what a handler does with a request.
type effect uint8

const (
	// unknown handlers may do anything.
	unknown effect = iota
	// passes on the request as it is.
	passes
	// answers it.
	answers
	// changes it, or reads its body.
	changes
)

// known is a row of the table of handlers.
type known struct {
	effect effect
	// shows says that what the handler's settings hold goes to the client, to a log or
	// to a trace, and never into a request.
	shows bool
	// directives are what makes such a handler in a Caddyfile, where that has another
	// name.
	directives string
	// instead is what to write where the handler is not allowed.
	instead string
}

// knownHandlers are Caddy's own, as of v2.11.9, and ours, by module ID. Those with
// handlers within, and what forwards, are looked into instead: subroute, invoke,
// intercept, reverse_proxy and tollgate_forward. So are headers, of which some are judged.
var knownHandlers = map[string]known{
	"http.handlers.acme_server":           {effect: passes},
	"http.handlers.authentication":        {effect: passes, directives: "basic_auth"},
	"http.handlers.copy_response":         {effect: answers},
	"http.handlers.copy_response_headers": {effect: passes},
	"http.handlers.encode":                {effect: passes},
	"http.handlers.error":                 {effect: answers, shows: true},
	"http.handlers.file_server":           {effect: answers},
	"http.handlers.headers":               {effect: passes, directives: "header or request_header"},
	"http.handlers.intercept":             {effect: passes},
	"http.handlers.invoke":                {effect: passes},
	"http.handlers.log_append":            {effect: passes, shows: true},
	"http.handlers.map":                   {effect: passes},
	"http.handlers.metrics":               {effect: answers},
	"http.handlers.push":                  {effect: passes},
	"http.handlers.request_body":          {effect: changes, instead: "put it before the gate"},
	"http.handlers.reverse_proxy":         {effect: answers},
	"http.handlers.rewrite":               {effect: changes, instead: "put it before the gate, or the gate into the handle_path: the gate judges the path that it sees"},
	"http.handlers.static_response":       {effect: answers, shows: true, directives: "respond, redir or abort"},
	"http.handlers.subroute":              {effect: passes},
	"http.handlers.templates":             {effect: changes, instead: "put it where your pages are, in a handle of its own"},
	"http.handlers.timeouts":              {effect: changes, instead: "put it before the gate"},
	"http.handlers.tollgate":              {effect: passes},
	"http.handlers.tollgate_error":        {effect: passes},
	"http.handlers.tollgate_forward":      {effect: answers},
	"http.handlers.tollgate_sandbox":      {effect: answers},
	"http.handlers.tollgate_twiml":        {effect: changes, instead: "it belongs before your own web server: put it into a handle or a site of its own"},
	"http.handlers.tracing":               {effect: passes, shows: true},
	"http.handlers.vars":                  {effect: passes, directives: "vars, root, fs or log_skip"},
}

// knownMatchers only look at a request.
var knownMatchers = []string{
	"client_ip", "expression", "file", "header", "header_regexp", "host", "method", "not", "path", "path_regexp",
	"protocol", "query", "remote_ip", "tls", "url_pattern", "vars", "vars_regexp",
}

// knownSelections choose an upstream, and leave the request as it is.
var knownSelections = []string{
	"client_ip_hash", "cookie", "first", "header", "ip_hash", "least_conn", "query", "random", "random_choose",
	"round_robin", "uri_hash", "weighted_round_robin",
}

// knownSources find upstreams, and leave the request as it is. "multi" may be made of
// others that are not known.
var knownSources = []string{"a", "srv"}

const (
	matcherScope   = "http.matchers."
	selectionScope = "http.reverse_proxy.selection_policies."
	sourceScope    = "http.reverse_proxy.upstreams."
)

// knowledge is what is known of a handler.
func knowledge(handler caddyhttp.MiddlewareHandler) known {
	row := knownHandlers[caddy.GetModuleID(handler)]
	switch h := handler.(type) {
	case *fileserver.FileServer:
		if h.PassThru {
			row.effect = passes
		}
	case *caddyauth.Authentication:
		for name := range h.Providers {
			if name != "http_basic" {
				return known{effect: unknown}
			}
		}
	}
	return row
}

// nameOf is what a handler is called in messages.
func nameOf(handler caddyhttp.MiddlewareHandler) string {
	id := caddy.GetModuleID(handler)
	row, ok := knownHandlers[id]
	if h, is := handler.(*rewrite.Rewrite); is {
		return nameOfRewrite(h)
	}
	switch {
	case !ok:
		return id
	case row.directives != "":
		return row.directives
	}
	return strings.TrimPrefix(id, "http.handlers.")
}

// nameOfRewrite is what a rewrite is called in a Caddyfile.
func nameOfRewrite(h *rewrite.Rewrite) string {
	switch {
	case h.Method != "":
		return "method"
	case h.URI != "":
		return "rewrite " + h.URI + " (or try_files)"
	case h.StripPathPrefix != "":
		return "handle_path " + h.StripPathPrefix + "* (or uri strip_prefix)"
	}
	return "uri"
}

// unknownMatcher returns the ID of a matcher that is not known to only look, or an
// empty text.
func unknownMatcher(sets caddyhttp.MatcherSets) string {
	for _, set := range sets {
		for _, matcher := range set {
			id := caddy.GetModuleID(matcher)
			if !slices.Contains(knownMatchers, strings.TrimPrefix(id, matcherScope)) {
				return id
			}
			switch m := matcher.(type) {
			case *caddyhttp.MatchNot:
				if id := unknownMatcher(m.MatcherSets); id != "" {
					return id
				}
			case *caddyhttp.MatchExpression:
				if id := unknownFunction(m.Expr); id != "" {
					return id
				}
			}
		}
	}
	return ""
}

// unknownFunction returns the ID of a matcher that is not known and that an
// expression calls, by its name as all of Caddy's are called.
func unknownFunction(expression string) string {
	for _, module := range caddy.GetModules(strings.TrimSuffix(matcherScope, ".")) {
		name := module.ID.Name()
		if slices.Contains(knownMatchers, name) {
			continue
		}
		if called, err := regexp.MatchString(`\b`+regexp.QuoteMeta(name)+`\s*\(`, expression); called || err != nil {
			return string(module.ID)
		}
	}
	return ""
}
