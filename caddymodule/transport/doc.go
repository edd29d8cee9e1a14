// Package transport is the Caddy module that puts the carrier's credential in where a
// request is written, in place of the gate's own key.
//
// It finds out from the gate's decision what may be written: it must not judge, and
// nothing else may be given the credential.
package transport
