// Package forward is an HTTP/1.1 client that forwards a request whose body is held in
// memory. It writes and reads on the caller's goroutine.
//
// A request is written in one piece and never a second time once a byte of it may have
// left, unless the caller says that it only reads. An idle connection is looked at before
// each use. An answer that two readers could take differently is refused before anything
// of it is passed on.
//
// It knows net/http and crypto/tls, no carrier, no policy and no Caddy.
package forward
