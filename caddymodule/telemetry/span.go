package telemetry

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// annotateSpan writes a decision into the span of the request, where Caddy's
// tracing has begun one: the fields of the access log, each as `tollgate.<name>`.
func annotateSpan(ctx context.Context, d LoggedDecision) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	for name, value := range d.fields() {
		span.SetAttributes(spanAttribute("tollgate."+name, value))
	}
}

func spanAttribute(name string, value any) attribute.KeyValue {
	switch v := value.(type) {
	case string:
		return attribute.String(name, v)
	case bool:
		return attribute.Bool(name, v)
	case int:
		return attribute.Int(name, v)
	}
	return attribute.String(name, fmt.Sprint(value))
}
