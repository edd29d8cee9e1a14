// Package errorhandler is the Caddy module that says in the carrier's own error body
// that the carrier cannot be reached.
//
// It judges nothing: what becomes of a request was decided before.
package errorhandler
