// Package credentialcheck remembers which credentials the carrier accepts, so that
// nobody learns the policy whom the carrier would have turned away.
//
// It decides when to ask the carrier, and how often, and for how long an answer
// counts. How to ask is its caller's to say. What a request wants, whose it is and
// what the policy says of it do not come in here, and nor does HTTP beyond the
// answer that is kept.
package credentialcheck
