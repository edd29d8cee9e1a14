// Package statements writes the SQL of the logs of refusals, of their counts, and of the counts of
// sends, in the words that SQLite and PostgreSQL have in common. The engines run it.
//
// What may not come in: connections, and what an engine has for itself.
package statements
