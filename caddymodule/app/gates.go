package app

import (
	"context"
	"fmt"
	"net/http"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/routecheck"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// Recorder records decisions before requests are forwarded. It may be nil.
func (a *App) Recorder() telemetry.Recorder {
	switch {
	case a.refusals != nil:
		return recorder{a}
	case a.audit != nil:
		return a.audit
	}
	return nil
}

// Rules returns the rules in force, with the feeds.
func (a *App) Rules() *gate.Rules {
	current := a.current()
	return current.feeds.Rules(&current.loader.Current().Rules)
}

// AccountAt returns the id at a carrier of the account that the policy of this configuration
// gives a name.
func (a *App) AccountAt(name, carrier string) (id string, err error) {
	snapshot := a.loader.Current().Snapshot
	if id = snapshot.IDAt(carrier, name); id != "" {
		return id, nil
	}
	if a.loader.NeedsStore() {
		return "", nil // the store may have it; without it, no request is the account's
	}
	if _, err := review.ResolveAccounts(carriers.All(), snapshot, name); err != nil {
		return "", err
	}
	return "", fmt.Errorf("account %s has no id at %s: add \"at %s\" and its id there", name, carrier, carrier)
}

// Verifier is what a gate needs of the broker in force, for a carrier with a deny list.
func (a *App) Verifier(denylist carrier.BrokerDenylist) *gate.Broker {
	return &gate.Broker{
		Keys:   func() *keys.Set { return a.current().broker.issued() },
		Serves: func(account string) bool { return a.current().broker.serves(account) },

		Denylist: denylist,
	}
}

// LogFull logs that a request was refused because there was no memory to hold its body,
// unless that was logged recently.
func (a *App) LogFull() {
	if a.full.Allow() {
		a.ctx.Logger().Warn("the memory for request bodies is full: requests with a long body are answered 503",
			zap.Int64("held", heldBodies.Held()),
			zap.Int64("memory", a.bounds.Memory))
	}
}

// AddGate registers a handler that judges by the policy, for the check of the servers.
func (a *App) AddGate(g routecheck.Gate) { a.gates = append(a.gates, g) }

// Wait waits until the servers have been checked, and reports whether requests may be
// judged.
func (a *App) Wait(ctx context.Context) bool { return a.checked.wait(ctx) }

// Hold begins to hold the body of a request, within the bounds of all requests.
func (a *App) Hold(w http.ResponseWriter) gate.Holding { return a.bounds.Begin(w) }

// HasBroker reports whether the gate issues keys.
func (a *App) HasBroker() bool { return a.broker != nil }

// IsIssued reports whether a key is one that the gate in force has issued.
func (a *App) IsIssued(key string) bool { return a.current().broker.issued().Has(key) }

// Credentials are the carrier's in force.
func (a *App) Credentials() transport.Credentials { return a.current().broker }

// OwnCredentials are those of this configuration, whether it is in force or not.
func (a *App) OwnCredentials() transport.Credentials { return a.broker }

// MayLogChanged reports whether it may be logged that a request is not what was judged:
// not if it was logged recently.
func (a *App) MayLogChanged() bool { return a.changed.Allow() }
