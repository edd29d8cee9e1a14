// Package traffic counts for a while which accounts' sends were let through to which
// territories, until a store has it.
//
// It is on the way of every send: counting what has been seen in the same hour allocates nothing
// and writes nothing.
//
// What may not come in: what a verdict is, HTTP and Caddy.
package traffic
