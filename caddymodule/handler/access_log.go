package handler

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// record writes a decision where people look for it. On an error the request must not go
// on.
func (h *Handler) record(r *http.Request, d *gate.Decision, told *denials.Reply) error {
	logged := telemetry.LoggedDecision{Decision: d, Mask: h.mask}
	if told != nil {
		logged.Told = told
	}
	return telemetry.Record(r, h.gate.Carrier.Name(), logged, h.recorder, &h.announcer)
}
