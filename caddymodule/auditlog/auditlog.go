package auditlog

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/policy"
)

// AuditLog is a log of the gate's own: a line of JSON for every request that is
// judged, with what the access log has in its object `tollgate`. The access log is
// written once a request has been answered. A line of this one is written before.
type AuditLog struct {
	// Refuses what would be sent and cannot be logged. Without it, that is forwarded and
	// counted.
	Required bool `json:"required,omitzero"`

	// Where the lines are written: a log writer of Caddy's. It should be one that no
	// other log writes to.
	WriterRaw json.RawMessage `json:"writer" caddy:"namespace=caddy.logging.writers inline_key=output"`
}

// auditPatience is how long a request waits for its line to be written.
const auditPatience = time.Second

var (
	errAuditBusy  = fmt.Errorf("the line was not written within %v", auditPatience)
	errAuditEnded = errors.New("the configuration that it belongs to has ended")
)

// Log is the setting, ready for use.
type Log struct {
	required bool
	encoder  zapcore.Encoder
	writer   *lineWriter
	// Release releases the writer, which another configuration may use.
	Release func() error
}

// auditWriters are the writers in use, by their keys: one that a configuration and the
// next one write to is the same.
var auditWriters = caddy.NewUsagePool()

// Provision makes the log ready. It opens nothing yet.
func (a *AuditLog) Provision(ctx caddy.Context) (*Log, error) {
	if len(a.WriterRaw) == 0 {
		return nil, errors.New(`the audit log needs a writer: write "audit_log file <path>"`)
	}
	module, err := ctx.LoadModule(a, "WriterRaw")
	if err != nil {
		return nil, fmt.Errorf("loading the writer of the audit log: %w", err)
	}
	opener, ok := module.(caddy.WriterOpener)
	if !ok {
		return nil, fmt.Errorf("the module %T is not a log writer", module)
	}
	key := opener.WriterKey()
	shared, _, err := auditWriters.LoadOrNew(key, func() (caddy.Destructor, error) {
		return newLineWriter(opener, caddy.Log().Named("tollgate.audit_log")), nil
	})
	if err != nil {
		return nil, err
	}
	return &Log{
		required: a.Required,
		encoder: zapcore.NewJSONEncoder(zapcore.EncoderConfig{
			TimeKey:        "ts",
			EncodeTime:     zapcore.RFC3339NanoTimeEncoder,
			EncodeDuration: zapcore.SecondsDurationEncoder,
		}),
		writer: shared.(*lineWriter),
		Release: func() error {
			_, err := auditWriters.Delete(key)
			return err
		},
	}, nil
}

// auditOpening is how long the start of a configuration waits for its writer.
const auditOpening = 10 * time.Second

// Open opens the writer, so that a configuration whose log cannot be written does not
// start.
func (a *Log) Open() error {
	if err := a.writer.open(auditOpening); err != nil {
		return fmt.Errorf("opening the audit log: %w", err)
	}
	return nil
}

// Record implements telemetry.Recorder.
func (a *Log) Record(_ *http.Request, carrier string, logged telemetry.LoggedDecision) error {
	line, err := a.line(carrier, logged)
	if err != nil {
		return a.failed(logged, err)
	}
	if a.required {
		return a.failed(logged, a.writer.write(line.Bytes(), auditPatience))
	}
	sends := countedSends(logged)
	a.writer.writeLater(line.Bytes(), func() { telemetry.CountUnlogged(unloggedOutcome(logged, false), sends) })
	return nil
}

// line is what is written of a decision.
func (a *Log) line(carrier string, logged telemetry.LoggedDecision) (*buffer.Buffer, error) {
	return a.encoder.EncodeEntry(zapcore.Entry{Time: time.Now().UTC()}, []zapcore.Field{
		zap.String("carrier", carrier),
		zap.Inline(logged),
	})
}

// failed counts what was not logged, and returns the error if it must not be forwarded
// for that.
func (a *Log) failed(logged telemetry.LoggedDecision, err error) error {
	if err == nil {
		return nil
	}
	telemetry.CountUnlogged(unloggedOutcome(logged, a.required), countedSends(logged))
	if !a.required {
		return nil
	}
	return fmt.Errorf("writing the audit log: %w", err)
}

// unloggedOutcome is what became of what was not logged.
func unloggedOutcome(logged telemetry.LoggedDecision, required bool) string {
	if required && !logged.IsEmergencyCall() || logged.Outcome == policy.Deny {
		return "refused"
	}
	return "forwarded"
}

// countedSends is how many sends a line counts for: one at least, for what stores or
// changes something.
func countedSends(l telemetry.LoggedDecision) int { return max(l.Sends, 1) }
