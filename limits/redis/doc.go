// Package redis counts for several processes together, in Redis or Valkey: one script for a
// request, which reserves of all limits or of none, by the server's clock. While the server is
// away, each process counts for itself, or nothing that is counted is sent. Gates without a store
// keep there what is held, too.
//
// What may not come in: policies, requests, Caddy.
package redis
