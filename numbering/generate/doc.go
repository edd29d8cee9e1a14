// Command generate compiles the numbering plan of the world, the metadata of
// libphonenumber and the tables of package numbering, to the automaton that
// package numbering looks numbers up in, and writes it to automaton.bin. It writes
// dialling_table.go of package address as well: how numbers are dialled within each
// territory.
//
// Run it with "go generate ./numbering" after a new version of the module
// github.com/nyaruka/phonenumbers, or after a change of a table. A test fails
// until it has been run.
//
// It goes in three steps: plan.go reads whose patterns there are, subset.go runs
// them all together a digit at a time (the subset construction), and
// automaton.go merges what turned out to be the same and writes it down.
package main
