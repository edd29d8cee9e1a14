// Package routecheck follows requests through the routes of Caddy's servers, and finds
// those on which something other than what was judged could be forwarded.
//
// It looks at configurations and at no request. A gate is an interface here, so that
// no handler need come in.
package routecheck
