// Package keys is the keys that the gate issues to applications, so that they never hold
// the carrier's own: what a key may do, the key file, how a key is made and revoked, and
// whether a name and a secret are those of a key.
//
// No secret is in the file, and none is in any type here: a secret is a text that
// Create returns once and that Verify is asked about. The package knows no HTTP, no
// carrier and no Caddy; how identifiers and senders are read is given to it. It imports
// policy, config, decode for the strict reading of JSON, and suggest.
package keys
