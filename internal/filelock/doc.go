// Package filelock locks a file for one process. It is a lock of the system: it ends with the
// process, however that ends.
//
// What may not come in: what a lock is for.
package filelock
