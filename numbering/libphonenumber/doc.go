// Package libphonenumber answers whose a number is by asking libphonenumber itself, a
// pattern at a time. It is the slow and obvious model that the automaton of
// package numbering is held against in tests, and takes no part in a verdict.
package libphonenumber
