// Package twilio knows Twilio's API: which requests reach a phone, where in
// them the destinations stand, and how Twilio refuses. Most of it is tables,
// each with its source:
//
//   - products.go, hosts.go: products, edges and regions, and their hosts
//   - operations_….go: requests that send, call, store a destination or change
//     the carrier's protection, a row each; operation.go says what stands in a row
//   - narrowing.go: changes of that protection that only take something away
//   - obeyed.go: parameters with a URL whose answer Twilio obeys
//   - taskrouter/attributes.go: what Twilio dials by the attributes of a task
//   - writes.txt: all other writes, generated from Twilio's libraries
//   - addresses.go: what may stand in a destination
//   - channels.go: how a destination is reached, by the words of other parameters
//   - errors.go: codes, statuses and messages
//   - geo/: the lists by which Twilio gives permissions, and the territories behind
//     their entries; those it calls risky
//
// Like every carrier it does no I/O, decides nothing and imports no Caddy.
package twilio
