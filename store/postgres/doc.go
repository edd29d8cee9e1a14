// Package postgres keeps a store in a PostgreSQL database, which several gates share.
//
// Each change locks the one row that has the revision. So changes are made one after the
// other, and a gate that has read up to a revision has missed none before it. With a sequence
// it would: a lower number can be committed after a higher one.
//
// The DSN names the server itself, or a pooler that keeps a connection for a whole session: the
// lock of the migrations and LISTEN need one.
//
// What may not come in: what a document means, HTTP and Caddy.
package postgres
