// Package twiml reads TwiML, the XML that tells Twilio what to do with a call or a
// message: which destinations a document would dial or message, and which URLs it leads
// to. It decides nothing, and knows neither HTTP nor policies.
//
//   - elements.go: the verbs and nouns, a row each, with Twilio's page on it
//   - document.go: what is found in a document
//   - read.go: reading a document; text.go: what a text in it can mean
//   - decode.go: what is not a valid document
//   - url.go: URLs that carry a document, or a number, in themselves
//   - query.go: what in the query of such a URL is a number
//
// Names of elements and attributes match in any letter case and with any prefix if they
// lead to a destination or an address, and only exactly if they make an exception. Names
// in no table may mean anything: digits in them count.
package twiml
