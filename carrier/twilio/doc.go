// Package twilio knows Twilio's API: which requests reach a phone, where in
// them the destinations stand, and how Twilio refuses. Most of it is tables,
// each with its source, in rooms of their own:
//
//   - operations/: what can be asked for, and how a request is read
//   - refusal/: codes, statuses and messages
//   - credentials/: how a credential is checked, and what is denied with a borrowed one
//   - geo/: the lists by which Twilio gives permissions, and the territories behind
//     their entries; those it calls risky, does not serve, or opens on request
//   - sid/: how accounts, keys and services are named
//   - taskrouter/attributes.go: what Twilio dials by the attributes of a task
//   - twiml/: instructions, and what they dial
//
// What is left here puts them together as a carrier (twilio.go) and says what may stand
// in a destination: dialect.go, emergency.go.
//
// Like every carrier it does no I/O, decides nothing and imports no Caddy.
package twilio
