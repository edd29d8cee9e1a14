// Package refusals writes a record of every refusal, and of every denial that is only
// monitored: in batches to a sink, such as the store, and while that is away to a spool on
// disk, from which the sink gets them later, the oldest first and each once.
//
// A refusal is on disk within a stated time of its being written, in strict mode before Write
// returns. One that can be written nowhere is counted and reported.
//
// What may not come in: what a permission is, databases, HTTP and Caddy.
package refusals
