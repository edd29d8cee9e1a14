// Package sandbox answers as Twilio's REST API would, without an account, a network or a
// bill: a team tries its own handling of refusals against it, and the gate's end-to-end
// tests put it upstream. It accepts messages and calls, keeps a bounded number of them
// in memory, and refuses what Twilio refuses in Twilio's words, including Twilio's own
// test numbers.
//
// It never sends anything, opens no connection and writes no file. It knows nothing of
// policies, of the gate or of Caddy, and may import none of them: it is on the other side
// of the gate, and could prove nothing about code that it shared. All that both have is
// the table of Twilio's errors, with where each was seen. Where neither
// documentation nor recorded traffic shows what Twilio does, the code says "unverified".
package sandbox
