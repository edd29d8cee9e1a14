// Package gate is the path of a request: check, read, decide, refuse or forward, record.
// Every request to a carrier takes it.
//
// It takes net/http requests and a policy, and knows no carrier by name and no
// Caddy. It imports carrier, keys, policy, address and numbering.
package gate
