//go:build !race

package telemetry_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
)

// The race detector makes pools forget what they hold, so that counts vary.
func TestALineAllocatesLessThanThatOfCaddy(t *testing.T) {
	e := newExchange(t, messagesURI)
	count := func(format string) float64 {
		var to bytes.Buffer
		logger := newLogger(newFormat(t, format), &to)
		return testing.AllocsPerRun(500, func() {
			to.Reset()
			e.log(logger)
		})
	}
	got, stock := count("tollgate"), count("json")
	t.Logf("tollgate %v, json %v", got, stock)
	const most = 17
	if got > most || got >= stock {
		t.Errorf("a line takes %v allocations, want %d at most, and fewer than json's %v", got, most, stock)
	}
}

func TestWithoutAnAccessLogADecisionAllocatesNothingForOne(t *testing.T) {
	e := newExchange(t, messagesURI)
	logged := e.fields[len(e.fields)-1].Interface.(telemetry.LoggedDecision)
	count := func(logs *caddyhttp.ServerLogConfig) float64 {
		ctx := context.WithValue(e.request.Context(), caddyhttp.ServerCtxKey, &caddyhttp.Server{Logs: logs})
		return testing.AllocsPerRun(500, func() {
			line := new(caddyhttp.ExtraLogFields)
			r := e.request.WithContext(context.WithValue(ctx, caddyhttp.ExtraLogFieldsCtxKey, line))
			if err := telemetry.Record(r, "twilio", logged, nil, nil); err != nil {
				t.Fatal(err)
			}
		})
	}
	with, without := count(new(caddyhttp.ServerLogConfig)), count(nil)
	t.Logf("with %v, without %v", with, without)
	if without > with-3 {
		t.Errorf("a decision takes %v allocations without an access log, and %v with one", without, with)
	}
}
