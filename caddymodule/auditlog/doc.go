// Package auditlog writes a line for each decision before the request is forwarded, and
// knows whether it was written.
//
// The content of a line belongs to telemetry and must not come in.
package auditlog
