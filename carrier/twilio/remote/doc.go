// Package remote reads and writes the permissions that accounts have at Twilio, by its API and
// its library.
//
// It alone has the library: what permissions mean, carrier/twilio/permissions says.
package remote
