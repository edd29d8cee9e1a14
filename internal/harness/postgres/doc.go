// Package postgres starts a PostgreSQL server for tests, and kills, stalls and restarts it.
//
// Only tests import it, on Linux. What may not come in: what Tollgate keeps in a database.
package postgres
