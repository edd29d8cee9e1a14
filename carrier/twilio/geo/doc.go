// Package geo has the lists by which Twilio gives permissions for a channel, with the
// territories behind their entries, and those territories that Twilio calls risky.
//
// It is tables, each with its source, and what finds a row in them. It knows no
// requests and decides nothing. It imports policy and numbering for their words.
package geo
