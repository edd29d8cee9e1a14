package caddymodule

import (
	"net/http"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// record writes a decision into the audit log, if there is one, the access log, the
// metrics, the span of the request and, for a denial, the events. On an error the
// request must not go on.
func record(r *http.Request, carrier string, logged loggedDecision, recorder recorder, announcer *announcer) error {
	var err error
	if recorder != nil {
		err = recorder.record(carrier, logged)
		logged.unlogged = err != nil
	}
	if extra, ok := r.Context().Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields); ok {
		extra.Set(zap.Object("tollgate", logged))
	}
	countDecision(carrier, logged.Decision)
	annotateSpan(r.Context(), logged)
	if logged.Outcome != policy.Allow {
		announcer.announce(logged)
	}
	return err
}

// loggedDecision is a decision as the access log shows it. Its names are an
// interface that people build alerts and audits on.
type loggedDecision struct {
	*gate.Decision
	mask mask
	// told writes what the client was told of a denial, or is nil.
	told zapcore.ObjectMarshaler
	// unlogged says that the audit log must have it and has not.
	unlogged bool
}

// MarshalLogObject implements zapcore.ObjectMarshaler.
func (l loggedDecision) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	d := l.Decision
	enc.AddString("account", d.Account)
	addKey(enc, d)
	enc.AddString("channel", channelName(d))
	enc.AddString("to", l.mask.text(d.To))
	enc.AddString("territory", d.Territory.String())
	enc.AddString("class", d.ClassName(d.Channel))
	enc.AddString("verdict", d.Outcome.String())
	enc.AddString("reason", string(d.Reason))
	enc.AddString("rule", l.mask.rule(d.Rule, d.To))
	if d.Outcome != policy.Allow {
		enc.AddInt("code", d.Refusal.Code)
	}
	if l.told != nil {
		if err := l.told.MarshalLogObject(enc); err != nil {
			return err
		}
	}
	enc.AddInt("sends", d.Sends)
	enc.AddString("policy", d.Policy)
	if d.Unlisted {
		enc.AddBool("unlisted_range", true)
	}
	if l.unlogged {
		enc.AddBool("unlogged", true)
	}
	return nil
}

// fields are the same by their names.
func (l loggedDecision) fields() map[string]any {
	encoder := zapcore.NewMapObjectEncoder()
	_ = l.MarshalLogObject(encoder) // never fails
	return encoder.Fields
}

// addKey writes which key was presented, and why it was not accepted, where the gate
// takes keys.
func addKey(enc zapcore.ObjectEncoder, d *gate.Decision) {
	if d.Key != "" {
		enc.AddString("key", d.Key)
	}
	if d.KeyRefusal != "" {
		enc.AddString("key_refused", string(d.KeyRefusal))
	}
}

// recordKey writes into the access log by whose key a request was forwarded in
// which there was nothing to judge.
func recordKey(r *http.Request, d *gate.Decision) {
	if extra, ok := r.Context().Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields); ok {
		extra.Set(zap.Object("tollgate", loggedKey{d}))
	}
}

// loggedKey is a decision about a request that sends nothing.
type loggedKey struct{ *gate.Decision }

// MarshalLogObject implements zapcore.ObjectMarshaler.
func (l loggedKey) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	enc.AddString("account", l.Account)
	addKey(enc, l.Decision)
	return nil
}
