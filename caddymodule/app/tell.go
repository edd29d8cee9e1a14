package app

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/alert"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// incidentsInterval is how often gates tell each other by the store of incidents.
	incidentsInterval = time.Second
	// incidentsTimeout is how long the store may take until a gate tells by itself.
	incidentsTimeout = 2 * time.Second
)

// tell tells what has happened by the configuration in force.
func (o *openIncidents) tell(changes []incident.Change) {
	a := o.teller.Load()
	if a == nil {
		return
	}
	err := a.withIncidents(func(ctx context.Context, place string, with store.Incidents) error {
		return o.fleet.Tell(ctx, place, with, changes, a, time.Now())
	})
	if failing := err != nil; a.incidents.failing.Swap(failing) != failing && failing {
		a.ctx.Logger().Warn("incidents cannot be written to the store or read from it: this gate tells them by itself, and it is tried again", zap.Error(err))
	}
}

// withIncidents does something with what the store has of incidents, within some time. There is
// none while the store was not opened.
func (a *App) withIncidents(do func(ctx context.Context, place string, with store.Incidents) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), incidentsTimeout)
	defer cancel()
	if a.store == nil {
		return do(ctx, "", nil)
	}
	opened := a.store.opened.Load()
	if opened == nil {
		return do(ctx, "", nil)
	}
	return do(ctx, a.store.key(), opened.Incidents())
}

// hearIncidents reads which incidents are open before the first request is judged.
func (a *App) hearIncidents() {
	err := a.withIncidents(func(ctx context.Context, place string, with store.Incidents) error {
		return a.incidents.fleet.Tell(ctx, place, with, nil, a, time.Now())
	})
	if err != nil {
		a.ctx.Logger().Warn("incidents cannot be read from the store, it is tried again", zap.Error(err))
	}
}

// leaveIncidents writes what the store does not have of incidents, once no other configuration
// goes on with them.
func (a *App) leaveIncidents() {
	if !a.incidents.teller.CompareAndSwap(a, nil) {
		return
	}
	err := a.withIncidents(func(ctx context.Context, place string, with store.Incidents) error {
		if with == nil {
			return nil
		}
		return a.incidents.fleet.Leave(ctx, place, with, a, time.Now())
	})
	if err != nil {
		a.ctx.Logger().Warn("incidents cannot be written to the store: what is new of them is lost", zap.Error(err))
	}
	a.incidents.sender.Stop()
}

// Render implements alert.Teller.
func (a *App) Render(c incident.Change) *notify.Notice {
	if c.Kind == incident.Reached {
		n := &notify.Threshold{Threshold: *c.Threshold, Gate: gateName()}
		return n.Notice()
	}
	n := a.noticeOf(c)
	return n.Notice()
}

func (a *App) noticeOf(c incident.Change) notify.Incident {
	return notify.Incident{Kind: c.Kind, Incident: c.Incident, Gate: gateName(), Limit: a.limitWords(&c.Incident), Seen: a.seenBy(c.Incident.Hold)}
}

// seenBy says which numbers a hold has refused, if they are more than one.
func (a *App) seenBy(hold string) string {
	if seen := a.holds.SeenBy(hold); hold != "" && seen.Numbers > 1 {
		return seen.String()
	}
	return ""
}

// Told implements alert.Teller: it writes what is told into the log, and emits an event. Events
// come last: what listens to them may take its time.
func (a *App) Told(c incident.Change, n *notify.Notice) {
	i := &c.Incident
	switch c.Kind {
	case incident.Reached:
		a.ctx.Logger().Warn("a threshold was reached", zap.String("account", c.Threshold.Account), zap.String("rule", c.Threshold.Rule), zap.String("step", c.Threshold.Step))
		a.announcer.Emit("threshold_reached", thresholdData(c.Threshold, n.Text))
		return
	case incident.Opened:
		telemetry.CountIncident(i.Reason)
	}
	event, message := "incident_opened", "an incident has opened"
	if c.Kind == incident.Closed {
		event, message = "incident_closed", "an incident has closed"
	}
	a.ctx.Logger().Warn(message, zap.String("incident", i.ID), zap.String("account", i.Account),
		zap.String("rule", i.Rule), zap.Int64("denied", i.Denied), zap.Int64("monitored", i.Monitored))
	a.announcer.Emit(event, incidentData(a.noticeOf(c), n.Text))
}

// incidentData is a notice of an incident as listeners to events get it.
func incidentData(n notify.Incident, text string) map[string]any {
	i := &n.Incident
	return map[string]any{
		"incident": i.ID, "carrier": i.Carrier, "account": i.Account, "name": i.Name, "reason": i.Reason, "rule": i.Rule,
		"limit": n.Limit, "denied": i.Denied, "monitored": i.Monitored, "first": i.First, "last": i.Last, "more": i.More,
		"channels": i.Channels.String(), "territories": i.Territories.String(), "numbers": i.Numbers.String(), "seen": n.Seen, "text": text,
	}
}

// thresholdData is a notice of a threshold as listeners to events get it.
func thresholdData(t *incident.Threshold, text string) map[string]any {
	return map[string]any{
		"threshold": t.ID, "carrier": t.Carrier, "account": t.Account, "name": t.Name, "rule": t.Rule, "limit": t.Limit,
		"step": t.Step, "reached": t.Used, "channel": t.Channel, "until": t.Until, "text": text,
	}
}

// limitWords are the limit that an incident is of, by the policy in force: how much was let
// through. They are empty where it is not of a limit, or the limit is gone.
func (a *App) limitWords(i *incident.Incident) string {
	for _, l := range a.loader.Current().Snapshot.Limits(policy.CarrierAccount{Carrier: i.Carrier, ID: i.Account}) {
		if l.Words == i.Rule {
			return l.String()
		}
	}
	return ""
}

// Interface guard
var _ alert.Teller = (*App)(nil)
