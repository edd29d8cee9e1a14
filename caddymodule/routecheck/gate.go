package routecheck

import "github.com/caddy-tollgate/tollgate/internal/gate"

// Gate is a handler that judges requests. One that is checked must be a pointer.
type Gate interface {
	// Judge returns what judges them.
	Judge() *gate.Gate
	// Brokered reports whether requests come with keys of the gate's own.
	Brokered() bool
	// FixedUpstream is the host:port that all of them are forwarded to, or empty if the
	// carrier decides.
	FixedUpstream() string
}
