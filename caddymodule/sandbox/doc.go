// Package sandbox is the Caddy module that answers in a carrier's place.
//
// What it answers lives in the carrier's own sandbox and must not come in.
package sandbox
