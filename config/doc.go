// Package config is the policy document: what people write down, in whatever
// spelling, before it is checked and compiled into a policy.
//
// It knows where in a file each value stands, so that a mistake is named where
// it was made. It knows no Caddy, no HTTP and no carrier; it imports policy, address and
// numbering.
package config
