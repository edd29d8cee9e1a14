package twilio

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// operations are the rows that were written by hand, a table a group of
// products. All other writes that Twilio documents are in writes.txt, and inert.
//
// The sources are Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai,
// 2026-04-14), the library made from them (github.com/twilio/twilio-go) and
// Twilio's documentation. A test holds every row against the library, and every
// operation of the library that could name a destination against the rows.
var operations = slices.Concat(
	callOperations, messageOperations, verifyOperations, conversationOperations,
	notifyOperations, flexOperations, numberOperations, controlOperations, safeguardOperations,
)

// unlisted stands for every write that is in no table. It looks for whatever
// Twilio's API descriptions name a destination in any product.
var unlisted = operation{
	name: "unlisted", kind: carrier.Unlisted, maxBody: bulkBody, tentative: true,
	accepts: formOrMultipart | carrier.AcceptJSON | carrier.AcceptOther,
	fields: []field{
		{"To", byEither},
		{"Called", byEither},
		{"CallTo", byCall},
		{"DequeueTo", byCall},
		{"Identifier", byEither},
		{"Target", byMessage},
		{"address", byMessage},
		{"contact_uri", byCall},
		{"Twiml", inTwiML},
	},
	documents: []document{
		{name: "Participant", tentative: true, fields: anyFields},
		{name: "Participants", tentative: true, fields: anyFields},
		{name: "ToBinding", tentative: true, fields: anyFields},
		{name: "MediaProperties", tentative: true, fields: anyFields},
	},
	switches: riskCheck,
	urls:     everyObeyed,
}

// anyFields are the members of JSON documents that name a destination in any
// product.
var anyFields = []field{
	{"to", byEither},
	{"identifier", byEither},
	{"target", byMessage},
	{"address", byMessage},
}
