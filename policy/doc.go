// Package policy holds who may send where, and decides. A Definition is what
// somebody wrote down; a Snapshot is the same compiled, immutable and safe for
// any number of goroutines; Judge gives the verdict on one Send, and Explain the
// same verdict with every step that led to it.
//
// The package is pure. It does no I/O, reads no clock (time is an argument)
// and knows neither HTTP nor any carrier's API: identifiers are texts that it compares
// (Identifiers), and what a carrier does not serve stands in the Definition. It imports
// address and numbering, and nothing else of this module.
package policy
