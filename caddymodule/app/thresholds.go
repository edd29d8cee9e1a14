package app

import (
	"time"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/policy"
)

// SawThresholds has those told that a request has reached which was sent. The mask hides numbers.
func (a *App) SawThresholds(carrier string, d *gate.Decision, mask telemetry.Masker) {
	if len(d.Thresholds) == 0 {
		return // as of nearly all requests
	}
	now := time.Now()
	for i := range d.Thresholds {
		reached := &d.Thresholds[i]
		l := reached.Limit
		amount := l.StepAmount(reached.Percent)
		a.incidents.watch.Reached(&incident.Threshold{
			ID: a.holds.ThresholdID(&reached.Of, reached.Percent, amount, reached.Period), Carrier: carrier, Account: d.Account, Name: d.Name, Rule: l.Words, Limit: l.String(),
			Step: policy.PercentText(reached.Percent), Used: l.AmountText(amount), Values: shownValues(reached, mask),
			Channel: telemetry.ChannelName(d), At: now, Until: now.Add(reached.Left),
		})
	}
}

// shownValues are the values of the dimensions, as far as a mask shows them.
func shownValues(t *gate.Threshold, mask telemetry.Masker) []incident.DimensionValue {
	values := make([]incident.DimensionValue, len(t.Limit.Per))
	for i, d := range t.Limit.Per {
		shown := t.Of.Shown[i]
		switch d.By {
		case policy.BySender:
			shown = mask.Sender(shown)
		case policy.ByNumber, policy.ByBlock, policy.ByPrefix:
			if around := mask.Around(t.Number); d.By == policy.ByNumber || len("+"+t.Of.Values[i]) > len(around) {
				shown = around
			}
		}
		values[i] = incident.DimensionValue{Dimension: d.String(), Value: shown}
	}
	return values
}
