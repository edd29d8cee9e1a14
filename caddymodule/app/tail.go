package app

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/tail"
	"github.com/caddy-tollgate/tollgate/policy"
)

// tellFollowers tells those who follow decisions of one.
func (a *App) tellFollowers(r *http.Request, logged telemetry.LoggedDecision) {
	current := a.current()
	if !current.tail.Wants(logged.Outcome == policy.Allow) {
		return
	}
	event := tail.Event{Refusal: current.refusal(r, logged), Sends: logged.Sends}
	event.ID = refusals.NewID(event.Time)
	current.tail.Tell(event)
}
