package telemetry

import (
	"fmt"
	"maps"
	"os"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"
)

func init() {
	caddy.RegisterModule(Encoder{})
}

// Encoder writes a log for a person to read, where it goes to a terminal: each decision as
// one short line that begins with the verdict, and every other line as the `console` format
// does. Where it does not, it is the `json` format.
//
// In a `filter`, it is what that wraps: `wrap tollgate`.
type Encoder struct {
	// Writes for a person to read wherever the log goes.
	Compact bool `json:"compact,omitzero"`

	// Encoder gets every field, and writes each line that is not a decision.
	zapcore.Encoder `json:"-"`

	ctx  caddy.Context
	line compactLine
	// object is the path of the object whose fields are added.
	object []string
}

// CaddyModule returns the Caddy module information.
func (Encoder) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "caddy.logging.encoders.tollgate",
		New: func() caddy.Module { return new(Encoder) },
	}
}

// Provision sets up the encoder.
func (e *Encoder) Provision(ctx caddy.Context) error {
	e.ctx = ctx
	if e.Compact {
		return e.use(new(logging.ConsoleEncoder))
	}
	return e.use(new(logging.JSONEncoder))
}

// use has an encoder of Caddy's write what is not a decision.
func (e *Encoder) use(encoder interface {
	zapcore.Encoder
	caddy.Provisioner
}) error {
	if err := encoder.Provision(e.ctx); err != nil {
		return fmt.Errorf("setting up the log format: %w", err)
	}
	e.Encoder = encoder
	return nil
}

// ConfigureDefaultFormat implements caddy.ConfiguresFormatterDefault: it decides by where
// the log goes. Caddy without a format asks whether standard error is a terminal, for
// standard output too, which may be a pipe beside one.
func (e *Encoder) ConfigureDefaultFormat(writer caddy.WriterOpener) error {
	stream := streamOf(writer)
	if e.Compact || stream == nil || !term.IsTerminal(int(stream.Fd())) {
		return nil
	}
	e.Compact = true
	return e.use(new(logging.ConsoleEncoder))
}

// streamOf is the standard stream that a log goes to, or nil.
func streamOf(writer caddy.WriterOpener) *os.File {
	switch writer.(type) {
	case caddy.StdoutWriter, *caddy.StdoutWriter:
		return os.Stdout
	case caddy.StderrWriter, *caddy.StderrWriter:
		return os.Stderr
	}
	return nil
}

// UnmarshalCaddyfile sets up the encoder from Caddyfile tokens. Syntax:
//
//	tollgate [compact]
func (e *Encoder) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume encoder name
	if !d.NextArg() {
		return nil
	}
	if e.Compact = d.Val() == "compact"; !e.Compact {
		return d.Errf(`the format tollgate takes no %q: write "tollgate" or "tollgate compact"`, d.Val())
	}
	if d.NextArg() {
		return d.ArgErr()
	}
	return nil
}

// Clone implements zapcore.Encoder.
func (e *Encoder) Clone() zapcore.Encoder {
	clone := *e
	clone.Encoder, clone.line.fields = e.Encoder.Clone(), maps.Clone(e.line.fields)
	return &clone
}

// EncodeEntry implements zapcore.Encoder.
func (e *Encoder) EncodeEntry(entry zapcore.Entry, fields []zapcore.Field) (*buffer.Buffer, error) {
	if !e.Compact {
		return e.Encoder.EncodeEntry(entry, fields)
	}
	read := e.Clone().(*Encoder)
	for _, field := range fields {
		field.AddTo(read)
	}
	if read.line.isDecision() {
		return read.line.write(entry.Time), nil
	}
	return e.Encoder.EncodeEntry(entry, fields)
}

// AddObject implements zapcore.ObjectEncoder. A filter writes the fields of an object to
// the encoder that it wraps, and not to the one that the object is given.
func (e *Encoder) AddObject(key string, object zapcore.ObjectMarshaler) error {
	return e.Encoder.AddObject(key, zapcore.ObjectMarshalerFunc(func(zapcore.ObjectEncoder) error {
		outer := e.object
		defer func() { e.object = outer }()
		e.object = append(e.object, key)
		return object.MarshalLogObject(e)
	}))
}

// AddInt64 implements zapcore.ObjectEncoder.
func (e *Encoder) AddInt64(key string, value int64) {
	if len(e.object) == 0 && key == "status" {
		e.line.status = value
	}
	e.Encoder.AddInt64(key, value)
}

// AddDuration implements zapcore.ObjectEncoder.
func (e *Encoder) AddDuration(key string, value time.Duration) {
	if len(e.object) == 0 && key == "duration" {
		e.line.duration = value
	}
	e.Encoder.AddDuration(key, value)
}

// AddString implements zapcore.ObjectEncoder.
func (e *Encoder) AddString(key, value string) {
	switch {
	case len(e.object) == 0 && key == "tollgate_error":
		e.line.failure = value
	case len(e.object) == 1 && e.object[0] == "tollgate":
		e.line.add(key, value)
	}
	e.Encoder.AddString(key, value)
}

// Interface guards
var (
	_ caddy.Provisioner                = (*Encoder)(nil)
	_ caddy.ConfiguresFormatterDefault = (*Encoder)(nil)
	_ caddyfile.Unmarshaler            = (*Encoder)(nil)
	_ zapcore.Encoder                  = (*Encoder)(nil)
)
