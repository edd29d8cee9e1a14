// Package pricing reads what Twilio's Pricing API answers, as rows of a deck of rates.
//
// It asks no one. It imports numbering and rates.
package pricing
