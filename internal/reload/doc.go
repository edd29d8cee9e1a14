// Package reload holds the policy in force and replaces it: it loads what a configuration
// and a policy file state, as a whole or not at all, and watches the file. It watches the
// same way the keys that the gate issued, and the carrier's credentials that take their
// place.
//
// It knows no Caddy and no carrier: its caller says how a placeholder is replaced and how
// identifiers and senders are read. It imports gate, keys, policy, config and numbering.
package reload
