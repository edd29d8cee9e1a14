// Package alert tells of incidents and thresholds: once over all gates that have one store, and
// once over a restart.
//
//   - fleet.go: a gate that tells, with others or alone
//   - round.go: what one update of the store decides: which gate tells what
//   - outbox.go: notices that are kept until they are delivered, by the gate that has them now
//   - document.go: what the store has
//
// It is not on the way of a send: a gate counts denials by itself, and shares them beside that.
// What an incident is, internal/incident knows; how a notice goes, internal/notify.
package alert
