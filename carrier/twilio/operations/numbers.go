package operations

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// numberOperations prove that a number is one's own by a call or message to it.
var numberOperations = []row{
	{
		// With VerificationType=phone-call this calls the number.
		product: "preview", path: "/HostedNumbers/HostedNumberOrders",
		name: "hosted_number_orders.create", kind: carrier.Sending, words: CallWords,
		fields:          []field{{"PhoneNumber", byCall}},
		instructionURLs: urlParameters{messageURLs, "phone-numbers/hosted-numbers"},
	},
	{
		// To the number of the order, or to the one it is given.
		product: "preview", path: "/HostedNumbers/HostedNumberOrders/{Sid}",
		name: "hosted_number_orders.update", kind: carrier.Sending, words: CallWords, stored: true,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		product: "numbers", path: "/{Version}/HostedNumber/Orders",
		name: "hosted_number_orders.create", kind: carrier.Storing, words: CallWords,
		fields:          []field{{"PhoneNumber", byCall}},
		instructionURLs: urlParameters{messageURLs, "phone-numbers/hosted-numbers"},
	},
	{
		// Status=pending-verification places the call.
		product: "numbers", path: "/{Version}/HostedNumber/Orders/{Sid}",
		name: "hosted_number_orders.update", kind: carrier.Sending, words: CallWords, except: http.MethodDelete,
		stored: true,
	},
	{
		product: "numbers", path: "/{Version}/HostedNumber/Orders/Bulk",
		name: "hosted_number_orders.create", kind: carrier.Storing, words: CallWords, tentative: true,
		accepts: formOrMultipart | params.AcceptJSON, maxBody: bulkBody,
		fields: []field{{"PhoneNumber", byCall}, {"phone_numbers", byCall}},
	},
	{
		product: "numbers", path: "/v3/HostedNumbers/HostedNumberOrders",
		name: "hosted_number_orders.create", kind: carrier.Sending, words: CallWords,
		accepts:         formOrMultipart | params.AcceptJSON,
		fields:          []field{{"phoneNumber", byCall}},
		instructionURLs: urlParameters{messageURLs, "phone-numbers/hosted-numbers"},
	},

	// A code to a number that shall be a caller ID. The library knows no
	// parameters of these, so that it may stand anywhere.
	{
		product: "numbers", path: "/{Version}/CallerIds/SmsVerifications",
		name: "caller_id_verifications.create", kind: carrier.Sending, stored: true,
		accepts: formOrMultipart | params.AcceptJSON,
		fields:  []field{{"PhoneNumber", byMessage}, {"To", byMessage}},
	},
	{
		product: "numbers", path: "/{Version}/CallerIds/VoiceVerifications",
		name: "caller_id_verifications.create", kind: carrier.Sending, words: CallWords, stored: true,
		accepts: formOrMultipart | params.AcceptJSON,
		fields:  []field{{"PhoneNumber", byCall}, {"To", byCall}},
	},
}
