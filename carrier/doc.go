// Package carrier is what every carrier's API has in common: requests that
// make it send or call, and answers that refuse them. A request comes in as a plain
// value and sends come out; a denial comes in and the carrier's own words come out.
// How requests are written, in forms, multipart or JSON, is for package params.
//
// What every carrier has is in Carrier, and what only some have in roles.go.
//
// Each carrier has a folder of its own below this one, tables first. Neither
// this package nor those may do I/O, decide anything, or import Caddy; they
// import policy, address and numbering for their words.
package carrier
