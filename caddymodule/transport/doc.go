// Package transport is the Caddy module that replaces the gate's own key by the carrier's
// credential, where a request is written.
//
// It finds out from the gate's decision what may be written: it must not judge, and
// nothing else may be given the credential.
package transport
