// Package policy holds who may send where, and decides. A Definition is a policy as it was
// written, read and checked. A Snapshot is the same compiled, immutable and safe for any
// number of goroutines. A Subject is whose a request is by one Snapshot: it is resolved
// once, its Judge gives the verdict on each Send of the request, and its Explain the same
// verdict with every step that led to it. Reasons has all reasons, in the order of the
// verdict.
//
// The package is pure. It does no I/O, reads no clock (time is an argument)
// and knows neither HTTP nor any carrier's API: identifiers are texts that it compares
// (Identifiers), and what a carrier does not serve is in the Definition. It imports
// address and numbering, and nothing else of this module.
package policy
