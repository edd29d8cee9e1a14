// Package webhook judges what customers' own web servers answer when Twilio asks
// them what to do with a call or a message, and takes out of an answer what may
// not be done.
//
//   - request.go: what Twilio's request says of itself; signature.go: whether it
//     is Twilio's
//   - answer.go: how Twilio reads an answer; instructions.go: what it tells Twilio to do
//   - judge.go: the path of an answer; counted.go: what limits count of it; edit.go: what replaces what is denied
//   - codes.go: Twilio's codes for it
//
// It knows no Caddy and sends nothing. TwiML is Twilio's alone, and so is the room: besides
// gate it imports carrier/twilio/twiml, carrier/twilio/sid and, for what TaskRouter is
// answered in JSON, carrier/twilio/taskrouter.
package webhook
