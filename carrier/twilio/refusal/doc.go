// Package refusal writes Twilio's refusals: codes, statuses and messages, each with its
// source, in the shape that the operation's clients expect.
//
// It reads from a request only what a refusal repeats, and decides nothing. It imports
// operations, which say how each operation is refused.
package refusal
