package handler

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// record writes a decision into the logs, the metrics and the events. On an error the
// request must not be forwarded.
func (h *Handler) record(r *http.Request, d *gate.Decision, answer *denials.Answer) error {
	logged := telemetry.LoggedDecision{Decision: d, Mask: h.mask}
	if answer != nil && answer.IsLogged() {
		kept := *answer // a copy, so that no other answer is allocated
		logged.Answered = &kept
	}
	return telemetry.Record(r, h.gate.Carrier.Name(), logged, h.recorder, &h.announcer)
}
