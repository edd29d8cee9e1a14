// Package counters keeps in a store what the limits of one gate have counted, so that it outlives
// a restart.
//
// It is not on the way of a send: a request counts in memory, and notes what it changed. That is
// written beside it.
//
// What may not come in: what a limit is, HTTP and Caddy.
package counters
