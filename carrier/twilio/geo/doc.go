// Package geo has the lists by which Twilio gives permissions for a channel, with the
// territories behind their entries, those territories that Twilio
// calls risky, and those that it does not serve, or only on request.
//
// It is tables, each with its source, and what finds a row in them. It knows no
// requests and decides nothing. It imports policy and numbering for their words.
package geo
