package operations

import (
	"slices"
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
