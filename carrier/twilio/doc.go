// Package twilio knows Twilio's API: which requests reach a phone, where in
// them the destinations stand, and how Twilio refuses. Most of it is tables,
// each with its source:
//
//   - products.go: hosts
//   - operations.go: requests that send, call or store a destination
//   - addresses.go: what may stand in a destination
//   - errors.go: codes, statuses and messages
//
// Like every carrier it does no I/O, decides nothing and imports no Caddy.
package twilio
