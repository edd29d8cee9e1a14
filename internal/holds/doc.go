// Package holds keeps in a store what limits hold, and adopts from it what other gates hold, and
// this one before a restart.
//
// It is not on the way of a send: a gate holds by what it knows, and writes and reads beside that.
//
// What may not come in: what a verdict is, HTTP and Caddy.
package holds
