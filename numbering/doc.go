// Package numbering answers two questions about a destination: which numbers
// can this string mean (Read), and whose number is this (Plan).
//
// It knows the world's numbering plans and the ways people write numbers. It
// knows no accounts, no permissions, no carrier and no HTTP, and it imports
// nothing else of this module. What a carrier's API adds of its own, address
// schemes and test numbers for instance, comes in as a Dialect.
package numbering

//go:generate go run ./generate
