// Package audit is the record of who changed what: what a record says, and a log of records
// in which nothing can be altered, left out or put in another order unnoticed.
//
// The log is a Merkle tree as of RFC 6962. Each record is a leaf. A signed head states how many
// there are and what they hash to.
//
// What may not come in: databases, HTTP and Caddy.
package audit
