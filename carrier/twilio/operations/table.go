package operations

import "slices"

// table is every operation that the gate judges, a file for each group of products. All
// other writes that Twilio documents are in writes.txt and reach no one.
//
// The sources are Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai,
// 2026-04-14), the library made from them (github.com/twilio/twilio-go) and Twilio's
// documentation. A test compares every row with the library, and every operation of the
// library that could name a destination with the rows.
var table = slices.Concat(
	callOperations, messageOperations, feedbackOperations, verifyOperations, conversationOperations,
	notifyOperations, flexOperations, numberOperations, controlOperations, safeguardOperations,
)
