// Package twiml is the Caddy module that has the answers of a customer's web server to
// Twilio judged, and takes out what is denied.
//
// What an answer says, and what is denied in it, is webhook's to say.
package twiml
