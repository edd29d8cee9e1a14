// Package sid knows Twilio's identifiers: two letters that name the kind, and 32
// hexadecimal digits (https://www.twilio.com/docs/glossary/what-is-a-sid). No other room
// outside carrier/twilio knows what one looks like.
package sid
