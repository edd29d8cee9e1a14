package transport

import (
	"errors"
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/forward"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// Passed is a request that a gate let pass, as what forwards it must know it. It holds no
// secret.
type Passed struct {
	Decision *gate.Decision
	// Upstream is the host:port that the gate says.
	Upstream string
	// Fixed says that an operator states it, and not the carrier.
	Fixed bool
	// Credentials returns the carrier's credentials in force. It is nil where the client's
	// own is forwarded.
	Credentials func() Credentials

	// Status of the answer that was passed on, and how long that took since the request was
	// taken to be forwarded; 0 before, and without an answer.
	Status int
	Took   time.Duration

	taken bool
}

// credential is the carrier's credential for the request, nil where the client's own is
// forwarded.
func (p *Passed) credential() (*reload.Issued, error) {
	if p.Credentials == nil {
		return nil, nil
	}
	issued := p.Credentials().Of(p.Decision.Account)
	if issued == nil {
		return nil, errNoSecret
	}
	return issued, nil
}

// authorizationOf is the value of the header to write in place of the client's, or empty.
func authorizationOf(issued *reload.Issued) string {
	if issued == nil {
		return ""
	}
	return issued.Authorization
}

// learn records the status with which the carrier answered a credential.
func (p *Passed) learn(issued *reload.Issued, status int) {
	if issued != nil {
		p.Credentials().Learn(p.Decision.Account, issued, status)
	}
}

// String keeps what is within out of texts: other modules can find it among a request's
// variables.
func (*Passed) String() string { return "" }

// passedVar is the variable of a request that has it. What other modules put there is not
// a *Passed.
const passedVar = "tollgate.passed"

// Pass makes known that a gate let a request pass.
func Pass(r *http.Request, passed *Passed) {
	if vars, ok := r.Context().Value(caddyhttp.VarsCtxKey).(map[string]any); ok {
		vars[passedVar] = passed
	}
}

// PassedOf is what a gate said of a request that it let pass, or nil.
func PassedOf(r *http.Request) *Passed {
	vars, _ := r.Context().Value(caddyhttp.VarsCtxKey).(map[string]any)
	passed, _ := vars[passedVar].(*Passed)
	return passed
}

// Taken reports whether a handler has taken the request to forward it.
func (p *Passed) Taken() bool { return p != nil && p.taken }

// Unsent reports whether by an error nothing of a request was written to the carrier. Of
// an error of Caddy's transport it is unknown.
func Unsent(err error) bool {
	failure := (*forward.Error)(nil)
	return errors.As(err, &failure) && failure.Unsent()
}

// Take is PassedOf for what forwards the request, once: a request is forwarded once.
func Take(r *http.Request) *Passed {
	passed := PassedOf(r)
	if passed == nil || passed.taken {
		return nil
	}
	passed.taken = true
	return passed
}
