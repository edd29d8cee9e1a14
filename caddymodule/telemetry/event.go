package telemetry

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyevents"
	"golang.org/x/time/rate"
)

// permissionDenied is the name of the event of a denial, enforced or only
// recorded.
const permissionDenied = "permission_denied"

// An attack is thousands of denials a second, and listeners to events run within the
// request. A sample is enough: this many at once, and one a second from then on.
const (
	eventBurst = 10
	eventRate  = rate.Limit(1)
)

// Announcer emits events.
type Announcer struct {
	ctx     caddy.Context
	events  *caddyevents.App
	sample  *rate.Limiter
	skipped *atomic.Int64
}

// NewAnnouncer makes what emits events within a configuration.
func NewAnnouncer(ctx caddy.Context) (Announcer, error) {
	app, err := ctx.App("events")
	if err != nil {
		return Announcer{}, fmt.Errorf("loading the events app: %w", err)
	}
	return Announcer{
		ctx:     ctx,
		events:  app.(*caddyevents.App),
		sample:  rate.NewLimiter(eventRate, eventBurst),
		skipped: new(atomic.Int64),
	}, nil
}

// Emit emits an event that is rare.
func (a *Announcer) Emit(name string, data map[string]any) { a.events.Emit(a.ctx, name, data) }

// OnStart has a function called once all of the configuration has started. It must be
// called while the configuration is provisioned.
func (a *Announcer) OnStart(do func()) error {
	return a.events.On("started", onEvent(do))
}

// OnStop has a function called before the configuration stops: servers wait then for their
// requests. It must be called while the configuration is provisioned.
func (a *Announcer) OnStop(do func()) error {
	return a.events.On("stopping", onEvent(do))
}

// onEvent is called at an event.
type onEvent func()

// Handle implements caddyevents.Handler.
func (do onEvent) Handle(context.Context, caddy.Event) error {
	do()
	return nil
}

// announce emits an event of a denial, unless nothing listens or there were many
// recently. Its data are the fields of the access log, and `skipped`: how many denials
// since the event before had none.
func (a *Announcer) announce(d LoggedDecision) {
	if !a.events.ShouldEmit(permissionDenied) {
		return
	}
	if !a.sample.Allow() {
		a.skipped.Add(1)
		return
	}
	data := d.fields()
	data["skipped"] = a.skipped.Swap(0)
	a.events.Emit(a.ctx, permissionDenied, data)
}
