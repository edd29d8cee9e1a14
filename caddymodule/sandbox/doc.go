// Package sandbox is the Caddy module that answers in place of a carrier.
//
// What it answers lives in the carrier's own sandbox and must not come in.
package sandbox
