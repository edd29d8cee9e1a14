// Package store keeps what no file states: accounts, permissions, openings, suspensions, keys
// and the record of every change. It is one small interface; each engine has a room of its own
// and passes the suite in storetest.
//
// A store knows no permission: it keeps documents by kind and ID, and counts the changes.
//
// What may not come in: what a document means, HTTP and Caddy.
package store
