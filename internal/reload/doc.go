// Package reload holds the policy in force and puts another one in its place: it
// loads what a configuration and a policy file state, as a whole or not at all,
// and watches the file. The keys that the gate issued are watched the same way, and
// the carrier's credentials that stand in for them.
//
// It knows no Caddy and no carrier: how a placeholder is replaced, and how
// identifiers and senders are read, is given to it. It imports gate, keys, policy, config
// and numbering.
package reload
