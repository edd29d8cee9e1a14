package telemetry

import (
	"sync"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"
)

// requestMask is what a log shows of requests: their URIs masked, and their headers masked
// or left out.
type requestMask struct {
	filter  *LogFilter
	headers bool
}

// leavesOut reports whether an object is left out: the headers of a request or of an
// answer, by their type or by the names that Caddy's log lines give them.
func (m *requestMask) leavesOut(key string, object zapcore.ObjectMarshaler) bool {
	if m.headers {
		return false
	}
	_, is := object.(caddyhttp.LoggableHTTPHeader)
	return is || key == "headers" || key == "resp_headers"
}

// text masks a text that is the URI of a request, at any depth: Caddy logs it within an
// object, and the handler `rewrite` beside one.
func (m *requestMask) text(key, value string) string {
	if key == "uri" {
		return m.filter.uri(value)
	}
	return value
}

// add adds an object to an encoder, unless it is left out.
func (m *requestMask) add(encoder zapcore.ObjectEncoder, key string, object zapcore.ObjectMarshaler) error {
	if m.leavesOut(key, object) {
		return nil
	}
	return encoder.AddObject(key, &maskedObject{mask: m, object: object})
}

// array masks an array: the values of one header, or another list of the request.
func (m *requestMask) array(values zapcore.ArrayMarshaler) zapcore.ArrayMarshaler {
	if list, ok := values.(caddyhttp.LoggableStringArray); ok {
		if masked, changed := m.filter.list(list); changed {
			return masked
		}
	}
	return values
}

// appendMasked appends the fields of a line to others, masked.
func (m *requestMask) appendMasked(masked, fields []zapcore.Field) []zapcore.Field {
	for _, field := range fields {
		switch field.Type {
		case zapcore.StringType:
			field.String = m.text(field.Key, field.String)
		case zapcore.ArrayMarshalerType:
			field.Interface = m.array(field.Interface.(zapcore.ArrayMarshaler))
		case zapcore.ObjectMarshalerType, zapcore.InlineMarshalerType:
			object := field.Interface.(zapcore.ObjectMarshaler)
			if m.leavesOut(field.Key, object) {
				continue
			}
			if !isOwn(object) {
				field.Interface = &maskedObject{mask: m, object: object}
			}
		}
		masked = append(masked, field)
	}
	return masked
}

// isOwn reports whether an object is the gate's own. The mask of the handler governs what
// it shows.
func isOwn(object zapcore.ObjectMarshaler) bool {
	switch object.(type) {
	case LoggedDecision, unjudged:
		return true
	}
	return false
}

// maskedEncoder masks what an encoder gets.
type maskedEncoder struct {
	zapcore.Encoder
	mask *requestMask
}

// Clone implements zapcore.Encoder.
func (e *maskedEncoder) Clone() zapcore.Encoder {
	return &maskedEncoder{Encoder: e.Encoder.Clone(), mask: e.mask}
}

// maskedFields has room for the fields of a line: one line's are shared by all logs, so
// they stay as they are.
var maskedFields = sync.Pool{New: func() any { return new([]zapcore.Field) }}

// EncodeEntry implements zapcore.Encoder.
func (e *maskedEncoder) EncodeEntry(entry zapcore.Entry, fields []zapcore.Field) (*buffer.Buffer, error) {
	room := maskedFields.Get().(*[]zapcore.Field)
	masked := e.mask.appendMasked((*room)[:0], fields)
	line, err := e.Encoder.EncodeEntry(entry, masked)
	clear(masked)
	*room = masked
	maskedFields.Put(room)
	return line, err
}

// AddObject implements zapcore.ObjectEncoder.
func (e *maskedEncoder) AddObject(key string, object zapcore.ObjectMarshaler) error {
	return e.mask.add(e.Encoder, key, object)
}

// AddArray implements zapcore.ObjectEncoder.
func (e *maskedEncoder) AddArray(key string, values zapcore.ArrayMarshaler) error {
	return e.Encoder.AddArray(key, e.mask.array(values))
}

// AddString implements zapcore.ObjectEncoder.
func (e *maskedEncoder) AddString(key, value string) {
	e.Encoder.AddString(key, e.mask.text(key, value))
}

// maskedObject masks what an object writes, at any depth.
type maskedObject struct {
	zapcore.ObjectEncoder // of the object, while it is written
	mask                  *requestMask
	object                zapcore.ObjectMarshaler
}

// MarshalLogObject implements zapcore.ObjectMarshaler.
func (o *maskedObject) MarshalLogObject(encoder zapcore.ObjectEncoder) error {
	o.ObjectEncoder = encoder
	return o.object.MarshalLogObject(o)
}

// AddObject implements zapcore.ObjectEncoder.
func (o *maskedObject) AddObject(key string, object zapcore.ObjectMarshaler) error {
	return o.mask.add(o.ObjectEncoder, key, object)
}

// AddArray implements zapcore.ObjectEncoder.
func (o *maskedObject) AddArray(key string, values zapcore.ArrayMarshaler) error {
	return o.ObjectEncoder.AddArray(key, o.mask.array(values))
}

// AddString implements zapcore.ObjectEncoder.
func (o *maskedObject) AddString(key, value string) {
	o.ObjectEncoder.AddString(key, o.mask.text(key, value))
}

var (
	_ zapcore.Encoder         = (*maskedEncoder)(nil)
	_ zapcore.ObjectEncoder   = (*maskedObject)(nil)
	_ zapcore.ObjectMarshaler = (*maskedObject)(nil)
)
