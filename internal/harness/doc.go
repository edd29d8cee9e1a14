// Package harness holds what the tests of several rooms share: free addresses, waiting for
// a condition, golden files, and running the programs of this repository.
//
// Only tests import it. It imports nothing of this module and no Caddy.
package harness
