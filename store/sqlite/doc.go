// Package sqlite is the store of a single gate: one file, nothing else to run.
//
// The file is in write-ahead mode and synchronous=FULL: the log is flushed to the disk before
// a change is acknowledged. One process has it open at a time.
//
// What may not come in: what a document means, HTTP and Caddy.
package sqlite
