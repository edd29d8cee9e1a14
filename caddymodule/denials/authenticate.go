package denials

import (
	"net/http"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Authentication is what is known of the credential of a request that the gate answers itself.
type Authentication uint8

// What may be known.
const (
	// Authenticated is a credential that the carrier accepts.
	Authenticated Authentication = iota
	// Unauthenticated is one that it does not, or none: Reject answers.
	Unauthenticated
	// Unavailable is one of which that could not be found out.
	Unavailable
)

// Authenticate finds out whether the carrier accepts the credential of a request that the gate
// answers itself. Unlike a denial, an answer is never given to a credential that is not accepted
// now.
func (s *Disclosure) Authenticate(r *http.Request, d *gate.Decision, next caddyhttp.Handler) (Authentication, Answer) {
	found, result := s.examine(r, d, next)
	switch found {
	case accepted:
		return Authenticated, Answer{}
	case rejected, rejectedUnseen, missing, unknownAccount, notCheckable:
		return Unauthenticated, s.answerTo(found, &result, r, d, next)
	}
	return Unavailable, Answer{credential: outcomes[found].credential}
}
