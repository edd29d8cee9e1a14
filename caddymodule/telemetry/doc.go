// Package telemetry makes decisions observable: the fields of the access log and the mask
// over them, the metrics, the span, the events, and the format and the filter that mask logs.
//
// It knows decisions and no handler: what a handler does with one must not come in.
package telemetry
