// Package gate is the way of a request: inspect, read, decide, refuse or
// forward, record. Every door that leads to a carrier goes through it.
//
// It takes net/http requests and a policy, and knows no carrier by name and no
// Caddy. It imports carrier, keys, policy, address and numbering.
package gate
