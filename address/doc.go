// Package address answers which numbers a string can mean: a destination as a
// request has it (Reader.Read), a sender (Reader.ReadSender), or a text that may
// mention some (Mentions).
//
// It knows the ways people write and dial numbers. Whose a number is, it asks
// package numbering, the only one of this module that it imports. It knows no
// accounts, no permissions, no carrier and no HTTP. What a carrier's API adds of its
// own, address schemes and test numbers for instance, comes in as a Dialect.
package address
