// Package forwarder is the handler that forwards what a gate let pass, in place of a
// reverse_proxy. Nothing stands between the verdict and the wire.
//
// How connections are made is in package transport, HTTP itself in internal/forward.
package forwarder
