// Package twilio knows Twilio's API: which requests reach a phone, which parameters hold
// the destinations, and how Twilio refuses. Most of it is tables, each with its source,
// in rooms of their own:
//
//   - operations/: the operations, and how a request is read
//   - refusal/: codes, statuses and messages
//   - credentials/: how a credential is checked, and which operations a borrowed one may
//     not use
//   - geo/: the lists of countries by which Twilio gives permissions, those that it calls
//     risky, does not serve, or opens on request
//   - sid/: how accounts, keys and services are named
//   - taskrouter/: the attributes of a task that Twilio dials, and instructions in JSON
//   - twiml/: TwiML, and what it dials
//
// What is left here puts them together as a carrier (twilio.go) and says which
// destinations Twilio accepts: dialect.go, emergency.go.
//
// Like every carrier it does no I/O, decides nothing and imports no Caddy.
package twilio
