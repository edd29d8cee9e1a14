// Package refusal writes Twilio's refusals: codes, statuses and messages, each with
// its source, in the shape that the operation's clients expect.
//
// It reads no requests beyond what a refusal repeats of them, and decides nothing. It
// imports operations, for how an operation is refused.
package refusal
