// Package geo has the lists of countries by which Twilio gives permission for a channel,
// with the territories behind their entries, and the territories that Twilio calls risky,
// does not serve, or serves only on request.
//
// It is tables, each with its source, and lookups in them. It knows no requests and
// decides nothing. It imports policy and numbering for their words.
package geo
