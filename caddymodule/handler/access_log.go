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
	if answer == nil || answer.Code() == 0 { // another answer says that it is not the account's client
		h.app.SawDenial(h.gate.Carrier.Name(), d, h.mask)
	}
	return telemetry.Record(r, h.gate.Carrier.Name(), logged, h.recorder, &h.announcer)
}
