package app

import (
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/alert"
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
	fleet  *alert.Fleet
	// failing says that the store did not take or return them.
	failing atomic.Bool
	// teller is the app by whose configuration incidents are told; nil before one has started,
	// and once the last one has stopped.
	teller atomic.Pointer[App]
}

// Destruct implements caddy.Destructor.
func (o *openIncidents) Destruct() error {
	o.watch.Stop()
	o.sender.Stop()
	return nil
}

// incidentUse is the use of incidents by one configuration.
type incidentUse struct {
	*openIncidents
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
		o := &openIncidents{sender: notify.NewSender(logger, telemetry.CountNotice)}
		o.watch = incident.Start(gateName(), o.tell)
		o.fleet = alert.NewFleet(o.watch.Book, o.sender)
		return o, nil
	})
	a.incidents = &incidentUse{value.(*openIncidents), targets, quiet}
	return nil
}

// gateName is the name of the host, empty if the system does not say it.
func gateName() string {
	name, _ := os.Hostname()
	return name
}

// releaseIncidents ends it.
func (a *App) releaseIncidents() error {
	if a.incidents == nil {
		return nil
	}
	_, err := incidentsInUse.Delete(incidentsKey)
	return err
}

// takeOver has incidents told as the configuration of an app states.
func (u *incidentUse) takeOver(a *App) {
	u.watch.SetQuiet(u.quiet)
	u.sender.Use(u.targets)
	u.teller.Store(a)
	every := time.Duration(0)
	if a.Store != nil {
		every = incidentsInterval
	}
	u.watch.SetEvery(every)
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
