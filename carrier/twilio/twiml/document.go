package twiml

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Document is what a TwiML document tells Twilio to do.
type Document struct {
	// Sends in the order of their elements.
	Sends []Send
	// URLs in the order of the document.
	URLs []URL
	// dials are the <Dial>s of the document itself, in its order.
	dials []dial
}

// Send is one destination that a document names, or reaches without naming it.
type Send struct {
	Channel policy.Channel
	// To as in the document, with entities resolved and white space around it removed.
	To string
	// Tentative says that the text may not be a destination: it is judged only if it is
	// a number.
	Tentative bool
	// ToCaller says that a message names no destination: it goes to the other end of the
	// call, or to the sender of the message. To is empty.
	ToCaller bool
	// Senders that the document names for it, as written.
	Senders []string
	// Verb is the name of the element at Span, as written.
	Verb string
	// Span of the outermost element that sends. Sends may share one, and other spans do
	// not overlap. Without those bytes, the document asks for exactly the other sends. If
	// it is the span of the document's outermost element, nothing is left.
	Span Span
	// Noun is the span of the noun in <Dial> that names the destination, and Nouns how many
	// nouns that <Dial> has, of any kind. Without those bytes, the rest of the <Dial> is
	// dialled. Noun is empty if the destination is not named by a noun alone, or if the
	// <Dial> is within another element that sends.
	Noun  Span
	Nouns int

	// start is where the element begins that names the destination.
	start int
}

// Carrier converts a send to the form that is judged. A message's number without "+" is
// one of the sender's country (https://www.twilio.com/docs/messaging/twiml/message#to):
// without a sender, of the country of the number that was messaged or called, which only
// the carrier knows.
func (s *Send) Carrier() carrier.Send {
	return carrier.Send{
		Channel: s.Channel, To: s.To, Tentative: s.Tentative,
		Senders:       s.Senders,
		International: s.Channel == policy.Messaging && !s.Tentative && len(s.Senders) == 0,
	}
}

// URL is a URL that a document leads to.
type URL struct {
	// Address as in the document, with entities resolved.
	Address string
	// Verb is the name of the element, as written, and Attribute that of the
	// attribute, empty for the element's text.
	Verb, Attribute string
	// TwiML says that Twilio follows, or may follow, the answer as instructions. It is
	// false for the addresses of recordings, pictures and streams, and for those that
	// only receive reports.
	TwiML bool
	// Span of the attribute's value as written, without its quotes, or of the element's
	// content. A URL inside another URL has the span of the outer one.
	Span Span
}

// Span is a range of bytes in a document, from Start up to but not including End.
type Span struct{ Start, End int }
