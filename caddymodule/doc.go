// Package caddymodule is how Caddy sees Tollgate: the app that holds the
// policy, the handler that judges requests by it, the sandbox, a filter for
// logs, and how each is written in a Caddyfile.
//
// It is thin. What decides lives in gate and below, and must not move here.
package caddymodule
