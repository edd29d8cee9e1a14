package caddymodule

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// record writes a decision where people look for it. On an error the request must not go
// on.
func (h *Handler) record(r *http.Request, d *gate.Decision, told *reply) error {
	logged := loggedDecision{Decision: d, mask: h.mask}
	if told != nil {
		logged.told = told
	}
	return record(r, h.gate.Carrier.Name(), logged, h.recorder, &h.announcer)
}
