// Package traffic remembers for a while which accounts' sends were let through to which
// territories, until a store has it.
//
// It is on the way of every send: remembering what it has already seen today allocates nothing
// and writes nothing.
//
// What may not come in: what a verdict is, HTTP and Caddy.
package traffic
