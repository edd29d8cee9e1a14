// Package tail tells those who follow it of decisions as they are made.
//
// It is on the way of every send: without a follower it costs one load, and with some it never
// waits for one.
//
// What may not come in: what a decision means, HTTP and Caddy.
package tail
