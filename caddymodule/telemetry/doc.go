// Package telemetry makes decisions observable: the fields of the access log and the mask
// over them, the metrics, the span, the events, and the filter for logged URIs.
//
// It knows decisions and no handler: what a handler does with one must not come in.
package telemetry
