// Package storetest is the suite that every engine of package store passes: what the interface
// promises, each promise a test.
//
// What may not come in: an engine.
package storetest
