// Package twiml is the Caddy module that has the answers of a customer's web server to
// Twilio judged, and removes what is denied.
//
// What an answer says, and what is denied in it, belongs to webhook.
package twiml
