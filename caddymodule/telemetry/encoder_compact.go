package telemetry

import (
	"maps"
	"time"

	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"
)

// compactEncoder writes each decision as a compact line.
type compactEncoder struct {
	// Encoder gets every field, and writes each line that is not a decision.
	zapcore.Encoder

	line compactLine
	// object is the path of the object whose fields are added.
	object []string
}

// Clone implements zapcore.Encoder.
func (e *compactEncoder) Clone() zapcore.Encoder {
	clone := *e
	clone.Encoder, clone.line.fields = e.Encoder.Clone(), maps.Clone(e.line.fields)
	return &clone
}

// EncodeEntry implements zapcore.Encoder.
func (e *compactEncoder) EncodeEntry(entry zapcore.Entry, fields []zapcore.Field) (*buffer.Buffer, error) {
	read := e.Clone().(*compactEncoder)
	for _, field := range fields {
		switch field.Key {
		case "tollgate", "tollgate_error", "status", "duration":
			field.AddTo(read)
		}
	}
	if read.line.isDecision() {
		return read.line.write(entry.Time), nil
	}
	return e.Encoder.EncodeEntry(entry, fields)
}

// AddObject implements zapcore.ObjectEncoder. A filter writes the fields of an object to
// the encoder that it wraps, and not to the one that the object is given.
func (e *compactEncoder) AddObject(key string, object zapcore.ObjectMarshaler) error {
	return e.Encoder.AddObject(key, zapcore.ObjectMarshalerFunc(func(zapcore.ObjectEncoder) error {
		outer := e.object
		defer func() { e.object = outer }()
		e.object = append(e.object, key)
		return object.MarshalLogObject(e)
	}))
}

// AddInt64 implements zapcore.ObjectEncoder.
func (e *compactEncoder) AddInt64(key string, value int64) {
	if len(e.object) == 0 && key == "status" {
		e.line.status = value
	}
	e.Encoder.AddInt64(key, value)
}

// AddDuration implements zapcore.ObjectEncoder.
func (e *compactEncoder) AddDuration(key string, value time.Duration) {
	if len(e.object) == 0 && key == "duration" {
		e.line.duration = value
	}
	e.Encoder.AddDuration(key, value)
}

// AddString implements zapcore.ObjectEncoder.
func (e *compactEncoder) AddString(key, value string) {
	switch {
	case len(e.object) == 0 && key == "tollgate_error":
		e.line.failure = value
	case len(e.object) == 1 && e.object[0] == "tollgate":
		e.line.add(key, value)
	}
	e.Encoder.AddString(key, value)
}

var _ zapcore.Encoder = (*compactEncoder)(nil)
