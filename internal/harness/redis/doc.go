// Package redis starts a Redis server for tests, and kills, stalls and restarts it.
//
// Only tests import it, on Linux. What may not come in: what Tollgate keeps there.
package redis
