// Package credentialcheck remembers which credentials the carrier accepts, so that a
// client whom the carrier would reject learns nothing of the policy.
//
// It decides when to ask the carrier, how often, and for how long an answer counts.
// The caller supplies the probe that asks. What a request wants, its account and what
// the policy says of it do not come in here, nor does HTTP beyond the answer that is
// kept.
package credentialcheck
