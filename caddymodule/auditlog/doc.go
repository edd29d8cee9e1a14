// Package auditlog writes a line for each decision before the request goes on, and
// knows whether it was written.
//
// What stands in a line is telemetry's to say and must not come in.
package auditlog
