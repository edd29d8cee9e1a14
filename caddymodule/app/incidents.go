package app

import (
	"net/http"
	"os"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
	"github.com/caddy-tollgate/tollgate/policy"
)

// opensIncident has the reasons of denials that are told as incidents: those that come of how
// much is sent, and not of where to. What is refused for its price, or by a feed, costs nothing
// whatever is tried, and customers try such numbers by themselves every day: each would open one.
var opensIncident = map[policy.Reason]bool{policy.LimitExceeded: true}

// incidentsInUse has the incidents of all configurations, and what is not delivered yet: a reload
// closes none, and loses nothing.
var incidentsInUse = caddy.NewUsagePool()

// incidentsKey is the one key of incidentsInUse.
const incidentsKey = "memory"

// openIncidents are incidents that several configurations may use, with what tells of them.
type openIncidents struct {
	watch  *incident.Watch
	sender *notify.Sender
}

// Destruct implements caddy.Destructor.
func (o openIncidents) Destruct() error {
	o.watch.Stop()
	o.sender.Stop()
	return nil
}

// incidentUse is the use of incidents by one configuration.
type incidentUse struct {
	openIncidents
	targets []notify.Target
	quiet   time.Duration
}

// loadIncidents begins the use of incidents by this configuration.
func (a *App) loadIncidents() error {
	targets, quiet, err := a.Notices.provision()
	if err != nil {
		return err
	}
	value, _, _ := incidentsInUse.LoadOrNew(incidentsKey, func() (caddy.Destructor, error) {
		logger := func() *zap.Logger { return caddy.Log().Named("tollgate") }
		return openIncidents{incident.Start(tellIncident), notify.NewSender(logger, telemetry.CountNotice)}, nil
	})
	a.incidents = &incidentUse{value.(openIncidents), targets, quiet}
	return nil
}

// releaseIncidents ends it.
func (a *App) releaseIncidents() error {
	if a.incidents == nil {
		return nil
	}
	_, err := incidentsInUse.Delete(incidentsKey)
	return err
}

// takeOver has incidents told as this configuration states.
func (u *incidentUse) takeOver() {
	u.watch.SetQuiet(u.quiet)
	u.sender.Use(u.targets)
}

// SawDenial has a denial counted for its incident, if it is of a kind that opens one. The mask
// hides numbers.
func (a *App) SawDenial(carrier string, d *gate.Decision, mask telemetry.Masker) {
	if d.Outcome == policy.Allow || !opensIncident[d.Reason] {
		return
	}
	holding := ""
	if d.Hold != "" {
		holding = d.Limit
	}
	a.incidents.watch.Denied(&incident.Denial{
		Key:       incident.Key{Carrier: carrier, Account: d.Account, Reason: string(d.Reason), Rule: mask.Rule(d.Rule, d.To)},
		Name:      d.Name,
		Channel:   telemetry.ChannelName(d),
		Territory: d.Territory.String(),
		Numbers:   mask.Around(d.Number),
		Holding:   holding,
		Hold:      d.Hold,
		Monitored: d.Outcome == policy.Monitor,
	})
}

// tellIncident tells of an incident by the configuration in force.
func tellIncident(c incident.Change) {
	if a := running.newest.Load(); a != nil {
		a.tell(c)
	}
}

// tell gives a change of an incident to everyone who is to be told. The events come last: what
// listens to them may take its time.
func (a *App) tell(c incident.Change) {
	n := &notify.Notice{Change: c, At: c.Incident.First, Limit: a.limitWords(&c.Incident), Seen: a.seenBy(c.Incident.Hold)}
	n.Gate, _ = os.Hostname() // empty if the system does not say
	event, message := "incident_opened", "an incident has opened"
	if c.Kind == incident.Closed {
		event, message, n.At = "incident_closed", "an incident has closed", c.Incident.Closed
	} else {
		telemetry.CountIncident(c.Incident.Reason)
	}
	a.incidents.sender.Send(n)
	a.ctx.Logger().Warn(message, zap.String("incident", c.Incident.ID), zap.String("account", c.Incident.Account),
		zap.String("rule", c.Incident.Rule), zap.Int64("denied", c.Incident.Denied), zap.Int64("monitored", c.Incident.Monitored))
	a.announcer.Emit(event, eventData(n))
}

// seenBy says which numbers a hold has refused, if they are more than one.
func (a *App) seenBy(hold string) string {
	if seen := a.holds.SeenBy(hold); hold != "" && seen.Numbers > 1 {
		return seen.String()
	}
	return ""
}

// eventData is a notice as listeners to events get it.
func eventData(n *notify.Notice) map[string]any {
	i := &n.Incident
	return map[string]any{
		"incident": i.ID, "carrier": i.Carrier, "account": i.Account, "name": i.Name, "reason": i.Reason, "rule": i.Rule,
		"limit": n.Limit, "denied": i.Denied, "monitored": i.Monitored, "first": i.First, "last": i.Last, "more": i.More,
		"channels": i.Channels.String(), "territories": i.Territories.String(), "numbers": i.Numbers.String(), "seen": n.Seen, "text": n.Text(),
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

// IncidentsEndpoint lists incidents.
const IncidentsEndpoint = "/tollgate/incidents"

// IncidentList is the answer of IncidentsEndpoint.
type IncidentList struct {
	// Incidents that are open, the oldest first, and then the last ones that are closed.
	Incidents []incident.Incident `json:"incidents"`
}

func listIncidents(w http.ResponseWriter, _ *http.Request, app *App) error {
	return writeJSON(w, IncidentList{app.incidents.watch.List()})
}
