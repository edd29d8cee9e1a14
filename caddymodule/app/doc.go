// Package app is the Caddy app that holds the policy, the keys of the broker and the
// bounds of request bodies, with its block of a Caddyfile and the admin endpoints.
//
// It judges no request and knows handlers only as gates whose routes are checked: no
// handler must come in.
package app
