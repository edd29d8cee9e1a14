// Command generate compiles the numbering plan of the world, the metadata of
// libphonenumber and the tables of package numbering, to the automaton that
// package numbering looks numbers up in, and writes it to automaton.bin. It writes
// dialling_table.go of package address as well: how numbers are dialled within each
// territory.
//
// Run it with "go generate ./numbering" after a change of a table. For new metadata, get
// the npm package with "npm pack libphonenumber-js" and, in the folder of package
// numbering, run "go run ./generate -from" with its file: this replaces metadata.json of
// package libphonenumber first. A test fails until it has been run.
//
// It goes in three steps: plan.go reads whose patterns there are, subset.go runs
// them all together a digit at a time (the subset construction), and
// automaton.go merges what turned out to be the same and writes it down.
package main
