// Package twilio answers Twilio's own permission resources by the gate's permissions, and
// changes these in their place: who has scripts for Twilio's permissions uses them unchanged.
// What was changed and what was refused it lists as Twilio does, before what Twilio has.
//
// It is given requests whose credentials are checked, with the account that they act on.
//
// What may not come in: Caddy, and where a request is forwarded to.
package twilio
