// Package twiml reads TwiML, the XML in which Twilio is told what to do with a
// call or a message: whom a document would dial or write to, and which URLs it
// leads to. It decides nothing, and knows neither HTTP nor policies.
//
//   - elements.go: the verbs and nouns, a row each, with Twilio's page on it
//   - document.go: what is found in a document
//   - read.go: the way through a document; text.go: what a text in it can mean
//   - decode.go: what is no document at all
//   - url.go: URLs that carry a document, or a number, in themselves
//   - query.go: what in the query of such a URL is a number
//
// Names of elements and attributes are matched in any letter case and with any
// prefix where a destination or an address hangs on it, and to the letter where something is
// let off. What stands in no table may be anything: digits in it count.
package twiml
