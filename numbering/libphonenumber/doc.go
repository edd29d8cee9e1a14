// Package libphonenumber answers whose a number is with libphonenumber itself, a pattern
// at a time. It is the slow and obvious model that tests compare with the automaton of
// package numbering, and takes no part in a verdict. It also has the patterns of the
// metadata, from which that automaton is generated.
package libphonenumber
