package handler

import (
	"net/http"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// credentialCheck finds out whether the carrier accepts the credential of one request. It is nil
// where all are taken for accepted: where there are no limits, where keys of the gate's own are,
// and where the carrier is not asked.
type credentialCheck struct {
	// release ends the turn of the request, if it has one.
	release func()
	check   gate.CheckCredential
}

func (h *Handler) credentialCheck(r *http.Request, next caddyhttp.Handler) *credentialCheck {
	if h.disclosure == nil || h.gate.Counters == nil || !h.gate.Rules().Snapshot.IsLimited() {
		return nil
	}
	c := new(credentialCheck)
	c.check = func(d *gate.Decision) (status carrier.Status) {
		status, c.release = h.disclosure.CheckCounted(r, d, next)
		d.Unchecked = c.release != nil
		return status
	}
	return c
}

// ofGate is what the gate calls.
func (c *credentialCheck) ofGate() gate.CheckCredential {
	if c == nil {
		return nil
	}
	return c.check
}

// end is called once the request is over.
func (c *credentialCheck) end() {
	if c != nil && c.release != nil {
		c.release()
	}
}
