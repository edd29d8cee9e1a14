package twiml

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Document is what a TwiML document asks for.
type Document struct {
	// Sends in the order of the elements that ask for them.
	Sends []Send
	// URLs in the order of the document.
	URLs []URL
}

// Send is one destination that a document names, or would reach without naming
// it.
type Send struct {
	Channel policy.Channel
	// To as it stands in the document, entities resolved, white space around it
	// removed.
	To string
	// Tentative says that the text need not be a destination at all: it is to be
	// judged only if it is a number.
	Tentative bool
	// ToCaller says that a message names no destination: it goes to whoever is
	// at the other end of the call or sent the message. To is empty.
	ToCaller bool
	// Senders that the document names for it, as written.
	Senders []string
	// Verb is the name of the element at Span, as written.
	Verb string
	// Span of the outermost element that sends. Sends may share one, no two
	// overlap otherwise, and a document without those bytes is one that asks for
	// all other sends alone. Of a document's outermost element, that leaves
	// nothing.
	Span Span

	// start of the element that names the destination.
	start int
}

// Carrier is the send as every other is judged. The number of a message without
// "+" is one of the sender's country
// (https://www.twilio.com/docs/messaging/twiml/message#to): where none is named, of
// the number that was written to or called, which only the carrier knows.
func (s *Send) Carrier() carrier.Send {
	return carrier.Send{
		Channel: s.Channel, To: s.To, Tentative: s.Tentative,
		Senders:       s.Senders,
		International: s.Channel == policy.Messaging && !s.Tentative && len(s.Senders) == 0,
	}
}

// URL is an address that a document leads to.
type URL struct {
	// Address as it stands in the document, entities resolved.
	Address string
	// Verb is the name of the element, as written, and Attribute that of the
	// attribute, empty for the element's text.
	Verb, Attribute string
	// TwiML says that Twilio does what the answer says, or may. It is false for
	// the addresses of recordings, pictures and streams, and for those that are
	// told of something.
	TwiML bool
	// Span of the attribute's value as written, without its quotes, or of the
	// element's content. Of an address in an address it is that of the outer
	// one.
	Span Span
}

// Span is where something stands in a document, in bytes: from Start up to but
// not including End.
type Span struct{ Start, End int }
