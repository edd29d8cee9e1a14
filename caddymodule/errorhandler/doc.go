// Package errorhandler is the Caddy module that says in the carrier's own error body
// that the carrier cannot be reached.
//
// It judges nothing: the verdict on a request was reached before.
package errorhandler
