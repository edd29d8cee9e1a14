package telemetry

import (
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Record writes a decision into the audit log, if there is one, the access log, the
// metrics, the span of the request and, for a denial, the events. On an error the request
// must not be forwarded.
func Record(r *http.Request, carrier string, logged LoggedDecision, recorder Recorder, announcer *Announcer) error {
	var err error
	if recorder != nil {
		err = recorder.Record(r, carrier, logged)
		logged.unlogged = err != nil
	}
	if line := lineOf(r); line != nil {
		line.Set(zap.Object("tollgate", logged))
	}
	countDecision(carrier, logged.Decision)
	countLimit(logged.Decision)
	annotateSpan(r.Context(), logged)
	if logged.Outcome != policy.Allow && !logged.Recorded {
		announcer.announce(logged)
	}
	if logged.IsEmergencyCall() {
		return nil
	}
	return err
}

// lineOf is what a request's line in the access log gets besides Caddy's own fields, or nil
// where the server keeps no such log. Caddy has it for every request, but adding to it
// takes four allocations.
func lineOf(r *http.Request) *caddyhttp.ExtraLogFields {
	if server, ok := r.Context().Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server); ok && server != nil && server.Logs == nil {
		return nil
	}
	line, _ := r.Context().Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields)
	return line
}

// Answered is what the client of a denied request was answered in place of the denial.
type Answered interface {
	zapcore.ObjectMarshaler
	// Code is the carrier's error code, 0 if the denial is shown.
	Code() int
}

// LoggedDecision is a decision as the access log shows it. Its names are an
// interface that people build alerts and audits on.
type LoggedDecision struct {
	*gate.Decision
	// Mask hides the destination, and the rule where it would give that away.
	Mask Masker
	// Answered is what was answered in place of a denial, or nil.
	Answered Answered
	// unlogged says that the audit log should have it and has not.
	unlogged bool
}

// Numbers are what the log shows of the sender, the destination and the destination's block
// of 1,000 numbers.
func (l LoggedDecision) Numbers() (from, to, prefix string) {
	if l.From != "" {
		from = l.Mask.sender(l.From)
	}
	return from, l.Mask.text(l.To), l.Mask.prefix(l.Number)
}

// IsEmergencyCall reports whether a request is forwarded, logged or not: no emergency call is
// held up.
func (l LoggedDecision) IsEmergencyCall() bool {
	return l.Outcome == policy.Allow && l.Reason == policy.EmergencyCall
}

// MarshalLogObject implements zapcore.ObjectMarshaler.
func (l LoggedDecision) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	d := l.Decision
	addAccount(enc, d)
	addKey(enc, d)
	enc.AddString("channel", ChannelName(d))
	from, to, prefix := l.Numbers()
	if d.From != "" {
		enc.AddString("from", from)
	}
	enc.AddString("to", to)
	if prefix != "" {
		enc.AddString("prefix", prefix)
	}
	enc.AddString("territory", d.Territory.String())
	enc.AddString("class", d.ClassName(d.Channel))
	enc.AddString("verdict", d.Outcome.String())
	enc.AddString("reason", string(d.Reason))
	enc.AddString("rule", l.Mask.Rule(d.Rule, d.To))
	addLimit(enc, d)
	if d.Outcome != policy.Allow && !d.Recorded {
		enc.AddInt("code", d.Refusal.Code)
	}
	if l.Answered != nil {
		if err := l.Answered.MarshalLogObject(enc); err != nil {
			return err
		}
	}
	enc.AddInt("sends", d.Sends)
	addTimeLimit(enc, d)
	enc.AddString("policy", d.Revision)
	if d.Unlisted {
		enc.AddBool("unlisted_range", true)
	}
	if l.unlogged {
		enc.AddBool("unlogged", true)
	}
	return nil
}

// fields are the same by their names.
func (l LoggedDecision) fields() map[string]any {
	encoder := zapcore.NewMapObjectEncoder()
	_ = l.MarshalLogObject(encoder) // never fails
	return encoder.Fields
}

// addAccount writes the account by its id at the carrier, and the name of its own that the
// policy gives it.
func addAccount(enc zapcore.ObjectEncoder, d *gate.Decision) {
	enc.AddString("account", d.Account)
	if d.Name != "" {
		enc.AddString("name", d.Name)
	}
}

// addLimit writes by which limit and which hold a send is refused, and which limit has so much
// used that it is told.
func addLimit(enc zapcore.ObjectEncoder, d *gate.Decision) {
	for _, field := range [...]struct{ name, value string }{{"limit", d.Limit}, {"hold", d.Hold}, {"limit_warning", d.LimitWarning}} {
		if field.value != "" {
			enc.AddString(field.name, field.value)
		}
	}
}

// addKey writes which key was presented and, at a gate with a broker, why it was not
// accepted.
func addKey(enc zapcore.ObjectEncoder, d *gate.Decision) {
	if d.Key != "" {
		enc.AddString("key", d.Key)
	}
	if d.KeyRefusal != "" {
		enc.AddString("key_refused", string(d.KeyRefusal))
	}
}

// RecordUnjudged writes into the access log by whose key a request was forwarded in which there
// was nothing to judge, and what the gate wrote into it.
func RecordUnjudged(r *http.Request, d *gate.Decision) {
	if line := lineOf(r); line != nil {
		line.Set(zap.Object("tollgate", unjudged{d}))
	}
}

// unjudged is a decision about a request that sends nothing.
type unjudged struct{ *gate.Decision }

// MarshalLogObject implements zapcore.ObjectMarshaler.
func (l unjudged) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	addAccount(enc, l.Decision)
	addKey(enc, l.Decision)
	addTimeLimit(enc, l.Decision)
	return nil
}

func addTimeLimit(enc zapcore.ObjectEncoder, d *gate.Decision) {
	if d.TimeLimit > 0 {
		enc.AddInt("time_limit", int(d.TimeLimit/time.Second))
	}
}
