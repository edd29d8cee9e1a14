// Package config is the policy document: what an operator writes, in any spelling, and how
// it is checked and compiled into a policy.
//
// It knows where in a file each value is, so that a mistake is named where it was made. It
// knows no Caddy, no HTTP and no carrier.
package config
