// Package carriers has the Caddy modules of the carriers, loads them for other
// modules, and writes refusals in their words. A policy that is for all of them asks
// Registered about identifiers, senders and what is not served.
//
// What is known of a carrier lives in the package carrier and must not come in.
package carriers
