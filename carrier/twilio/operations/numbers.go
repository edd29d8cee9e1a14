package operations

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// numberOperations prove the ownership of a number with a call or message to it.
var numberOperations = []row{
	{
		// With VerificationType=phone-call this calls the number.
		product: "preview", path: "/HostedNumbers/HostedNumberOrders",
		name: "hosted_number_orders.create", kind: carrier.Sending, words: CallWords,
		fields:          []field{{"PhoneNumber", byCall}},
		instructionURLs: urlParameters{messageURLs, "phone-numbers/hosted-numbers"},
	},
	{
		// Calls the number of the order, or the one in the request.
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
		// Status=pending-verification makes the call.
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

	// Sends a code to a number that is to become a caller ID. Twilio's libraries have no
	// parameters for these, so a number counts in any.
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
