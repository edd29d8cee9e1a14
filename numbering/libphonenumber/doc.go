// Package libphonenumber has the metadata of libphonenumber, from which the automaton of
// package numbering is generated, and answers whose a number is by asking its patterns one
// after another. It is the slow and obvious model that tests compare with that automaton,
// and takes no part in a verdict.
//
// The metadata are those of the npm package libphonenumber-js (MIT license), which repacks
// libphonenumber's own (Apache License 2.0): no other public source had newer ones. See
// Metadata for what it lacks.
package libphonenumber
