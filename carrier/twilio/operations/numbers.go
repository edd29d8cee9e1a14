package operations

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// numberOperations prove that a number is one's own by a call or message to it.
var numberOperations = []operation{
	{
		// With VerificationType=phone-call this calls the number.
		product: "preview", path: "/HostedNumbers/HostedNumberOrders", name: "hosted_number_orders.create",
		kind: carrier.Sending, words: CallWords,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		// To the number of the order, or to the one it is given.
		product: "preview", path: "/HostedNumbers/HostedNumberOrders/{Sid}", name: "hosted_number_orders.update",
		kind: carrier.Sending, words: CallWords, stored: true,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		product: "numbers", path: "/{Version}/HostedNumber/Orders", name: "hosted_number_orders.create",
		kind: carrier.Storing, words: CallWords,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		// Status=pending-verification places the call.
		product: "numbers", path: "/{Version}/HostedNumber/Orders/{Sid}", name: "hosted_number_orders.update",
		kind: carrier.Sending, words: CallWords, stored: true, except: http.MethodDelete,
	},
	{
		product: "numbers", path: "/{Version}/HostedNumber/Orders/Bulk", name: "hosted_number_orders.create",
		kind: carrier.Storing, words: CallWords, maxBody: bulkBody, tentative: true, accepts: formOrMultipart | params.AcceptJSON,
		fields: []field{{"PhoneNumber", byCall}, {"phone_numbers", byCall}},
	},
	{
		product: "numbers", path: "/v3/HostedNumbers/HostedNumberOrders", name: "hosted_number_orders.create",
		kind: carrier.Sending, words: CallWords, accepts: formOrMultipart | params.AcceptJSON,
		fields: []field{{"phoneNumber", byCall}},
	},

	// A code to a number that shall be a caller ID. The library knows no
	// parameters of these, so that it may stand anywhere.
	{
		product: "numbers", path: "/{Version}/CallerIds/SmsVerifications", name: "caller_id_verifications.create",
		kind: carrier.Sending, accepts: formOrMultipart | params.AcceptJSON, stored: true,
		fields: []field{{"PhoneNumber", byMessage}, {"To", byMessage}},
	},
	{
		product: "numbers", path: "/{Version}/CallerIds/VoiceVerifications", name: "caller_id_verifications.create",
		kind: carrier.Sending, words: CallWords, accepts: formOrMultipart | params.AcceptJSON, stored: true,
		fields: []field{{"PhoneNumber", byCall}, {"To", byCall}},
	},
}
