// Package sandbox answers as Twilio's REST API would, without an account, a network or a bill: a team tries its own
// handling of refusals against it, and the gate's end-to-end tests put it upstream. It takes messages and calls, keeps
// them in memory, bounded, and refuses what Twilio refuses in Twilio's words, Twilio's own test numbers included.
//
// It never sends anything, opens no connection and writes no file. It knows nothing of policies, of the gate or of
// Caddy, and none of them may come in: it stands on the other side of the gate, and would be no witness if it shared
// a reading with it. Where what Twilio does is not known from its documentation or from recorded traffic, the place
// in the code says "unverified".
package sandbox
