// Package geoip says in which country an address is, by a database in MaxMind's format.
//
// What may not come in: where the database is, and who asks.
package geoip
