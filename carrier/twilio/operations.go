package twilio

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// Bounds of a request body, in bytes, that is read to be judged.
const (
	smallBody  = 64 << 10
	notifyBody = 1 << 20
	bulkBody   = 4 << 20
)

// Bounds of the destinations in one request. Notify and the bulk APIs take
// 10,000 (https://www.twilio.com/docs/notify/api/notification-resource).
const (
	fewSends  = 64
	bulkSends = 10_000
)

// via says by which channel a parameter's destination is reached.
type via uint8

const (
	byMessage via = iota + 1
	byCall
	// byEither is reached by a message or a call: both must be allowed.
	byEither
	// byVerify is as the Channel parameter of a verification says.
	byVerify
	// inTwiML is a document that may name any number of destinations.
	inTwiML
	// inURL is where a document is fetched; some carry it in themselves.
	inURL
)

// field is a parameter of an operation in which a destination stands. In a
// value that is a JSON document, it is the member of that name.
type field struct {
	name string
	via  via
}

// operation is a row of the table: a write that reaches a phone or stores what
// will be reached.
type operation struct {
	product string
	// path has "{…}" for one segment of any value. Letter case, a trailing
	// slash and, in the API of 2010, an extension make no difference.
	path    string
	name    string
	kind    carrier.Kind
	words   words // how refusals are worded
	maxBody int64
	accepts carrier.Accepts
	fields  []field
	// json are parameters whose value is a JSON document.
	json    []string
	senders []string
	// tentative rows name destinations in parameters that may hold other
	// things as well: only what is a number is judged.
	tentative bool

	segments []string
	wanted   carrier.Wanted
}

const formOrMultipart = carrier.AcceptForm | carrier.AcceptMultipart

// operations that are judged, and those that only look as if they should be.
// The first row that matches counts. The sources are Twilio's OpenAPI
// descriptions (github.com/twilio/twilio-oai, 2026-04-14) and documentation.
var operations = []operation{
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Messages", name: "messages.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  []field{{"To", byMessage}, {"Called", byMessage}},
		senders: []string{"From", "MessagingServiceSid", "FallbackFrom", "Caller"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Calls", name: "calls.create",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  []field{{"To", byCall}, {"Called", byCall}, {"Twiml", inTwiML}, {"Url", inURL}, {"FallbackUrl", inURL}},
		senders: []string{"From", "CallerId", "Caller"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Calls/{Sid}", name: "calls.update",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"Twiml", inTwiML}, {"Url", inURL}, {"FallbackUrl", inURL}},
	},
	{
		// Gone since 2022 (410), kept judged.
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SMS/Messages", name: "messages.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  []field{{"To", byMessage}, {"Called", byMessage}},
		senders: []string{"From", "Caller"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants", name: "participants.create",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  []field{{"To", byCall}, {"WaitUrl", inURL}},
		senders: []string{"From", "CallerId"},
	},
	{
		// Creating a caller ID places a validation call.
		product: "api", path: "/{Version}/Accounts/{AccountSid}/OutgoingCallerIds", name: "outgoing_caller_ids.create",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		product: "verify", path: "/{Version}/Services/{ServiceSid}/Verifications", name: "verifications.create",
		kind: carrier.Sending, words: verifyWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"To", byVerify}},
	},
	{
		// With VerificationType=phone-call this calls the number.
		product: "preview", path: "/HostedNumbers/HostedNumberOrders", name: "hosted_number_orders.create",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		product: "preview", path: "/HostedNumbers/HostedNumberOrders/{Sid}", name: "hosted_number_orders.update",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"PhoneNumber", byCall}},
	},
	{
		// Checks a code that the user was sent: reaches nobody.
		product: "verify", path: "/{Version}/Services/{ServiceSid}/VerificationCheck", name: "verification_check.create",
	},
	{
		product: "studio", path: "/{Version}/Flows/{FlowSid}/Executions", name: "executions.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  []field{{"To", byEither}},
		senders: []string{"From"},
	},
	{
		product: "studio", path: "/{Version}/Flows/{FlowSid}/Engagements", name: "engagements.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  []field{{"To", byEither}},
		senders: []string{"From"},
	},
	{
		product: "notify", path: "/{Version}/Services/{ServiceSid}/Notifications", name: "notifications.create",
		kind: carrier.Sending, words: messageWords, maxBody: notifyBody, accepts: formOrMultipart,
		fields: []field{{"address", byMessage}}, json: []string{"ToBinding"}, tentative: true,
	},
	{
		product: "notify", path: "/{Version}/Services/{ServiceSid}/Bindings", name: "bindings.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"Address", byMessage}}, tentative: true,
	},
	{
		product: "proxy", path: "/{Version}/Services/{ServiceSid}/Sessions/{SessionSid}/Participants", name: "proxy_participants.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"Identifier", byEither}},
	},
	{
		product: "proxy", path: "/{Version}/Services/{ServiceSid}/Sessions", name: "proxy_sessions.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"Identifier", byEither}}, json: []string{"Participants"}, tentative: true,
	},
	{
		product: "conversations", path: "/v1/Conversations/{ConversationSid}/Participants", name: "conversation_participants.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  bindingFields,
		senders: []string{"MessagingBinding.ProxyAddress"},
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Participants", name: "conversation_participants.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields:  bindingFields,
		senders: []string{"MessagingBinding.ProxyAddress"},
	},
	{
		product: "conversations", path: "/v1/ConversationWithParticipants", name: "conversation_with_participants.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: memberFields, json: []string{"Participant"}, tentative: true,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/ConversationWithParticipants", name: "conversation_with_participants.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: memberFields, json: []string{"Participant"}, tentative: true,
	},
	{
		product: "conversations", path: "/v2/Conversations", name: "conversations.create",
		kind: carrier.Sending, words: standardWords, maxBody: smallBody, accepts: carrier.AcceptJSON,
		fields: memberFields, tentative: true,
	},
	{
		product: "conversations", path: "/v2/Conversations/{Id}/{Subresource}", name: "conversations.send",
		kind: carrier.Sending, words: standardWords, maxBody: smallBody, accepts: carrier.AcceptJSON,
		fields: memberFields, tentative: true,
	},
	{
		product: "conversations", path: "/v2/Conversations/{Id}/{Subresource}/{SubresourceId}", name: "conversations.update",
		kind: carrier.Sending, words: standardWords, maxBody: smallBody, accepts: carrier.AcceptJSON,
		fields: memberFields, tentative: true,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}", name: "reservations.update",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: reservationFields,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations/{Sid}", name: "reservations.update",
		kind: carrier.Sending, words: callWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: reservationFields,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions", name: "interactions.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"address", byMessage}}, json: []string{"Channel"}, tentative: true,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/{Subresource}", name: "interaction_channels.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"address", byEither}}, json: []string{"MediaProperties", "Routing"}, tentative: true,
	},
	{
		product: "flex-api", path: "/{Version}/Channels", name: "flex_channels.create",
		kind: carrier.Sending, words: messageWords, maxBody: smallBody, accepts: formOrMultipart,
		fields: []field{{"Target", byMessage}}, tentative: true,
	},
	{
		product: "comms", path: "/{Version}/Messages", name: "comms_messages.create",
		kind: carrier.Sending, words: messageWords, maxBody: bulkBody, accepts: carrier.AcceptJSON,
		fields:  []field{{"address", byMessage}, {"to", byMessage}, {"addresses", byMessage}},
		senders: []string{"from"}, tentative: true,
	},
	{
		product: "preview", path: "/Messaging/{Version}/Messages", name: "preview_messages.create",
		kind: carrier.Sending, words: messageWords, maxBody: bulkBody, accepts: carrier.AcceptJSON,
		fields:  []field{{"to", byMessage}},
		senders: []string{"from"}, tentative: true,
	},

	// Writes with a number in them that reach nobody at it.
	{product: "api", path: "/{Version}/Accounts/{AccountSid}/IncomingPhoneNumbers", name: "incoming_phone_numbers.create"},
	{product: "api", path: "/{Version}/Accounts/{AccountSid}/IncomingPhoneNumbers/{Type}", name: "incoming_phone_numbers.create"},
	{product: "conversations", path: "/{Version}/Configuration/Addresses", name: "address_configuration.create"},
}

// unlisted stands for every write that no row knows. It looks for whatever
// Twilio's API descriptions name a destination in any product.
var unlisted = operation{
	name: "unlisted", kind: carrier.Unlisted, words: messageWords, maxBody: bulkBody, tentative: true,
	accepts: formOrMultipart | carrier.AcceptJSON | carrier.AcceptOther,
	fields: []field{
		{"To", byEither},
		{"Called", byEither},
		{"CallTo", byCall},
		{"DequeueTo", byCall},
		{"MessagingBinding.Address", byMessage},
		{"MessagingBinding.ProjectedAddress", byMessage},
		{"Identifier", byEither},
		{"Target", byMessage},
		{"Twiml", inTwiML},
		{"Url", inURL},
		{"FallbackUrl", inURL},
		{"WaitUrl", inURL},
		{"AnnounceUrl", inURL},
		{"HoldUrl", inURL},
	},
	json: []string{"Participant", "Participants", "ToBinding", "MediaProperties"},
}

// Fields that several rows share.
var (
	bindingFields = []field{
		{"MessagingBinding.Address", byMessage},
		{"MessagingBinding.ProjectedAddress", byMessage},
	}
	memberFields = []field{
		{"address", byMessage},
		{"projected_address", byMessage},
	}
	reservationFields = []field{
		{"CallTo", byCall},
		{"DequeueTo", byCall},
		{"To", byCall},
		{"CallUrl", inURL},
		{"RedirectUrl", inURL},
	}
)

// channelParameter is the parameter that a verification's channel stands in.
const channelParameter = "Channel"

// destinationParameters are the names of all fields of all rows, sorted.
var destinationParameters []string

func init() {
	for i := range operations {
		operations[i].prepare()
	}
	unlisted.prepare()
	slices.Sort(destinationParameters)
	destinationParameters = slices.Compact(destinationParameters)
}

// prepare derives from a row what matching needs.
func (o *operation) prepare() {
	o.segments = strings.Split(strings.Trim(o.path, "/"), "/")
	names := append([]string{carrier.MethodParameter}, o.json...)
	names = append(names, o.senders...)
	destinationParameters = append(destinationParameters, o.json...)
	for _, f := range o.fields {
		names = append(names, f.name)
		destinationParameters = append(destinationParameters, f.name)
		if f.via == byVerify {
			names = append(names, channelParameter)
		}
	}
	o.wanted = func(name string) bool {
		for _, n := range names {
			if len(n) == len(name) && strings.EqualFold(n, name) {
				return true
			}
		}
		return false
	}
}

// matches tells whether a path, split at its slashes, is the row's.
func (o *operation) matches(segments []string) bool {
	if len(o.segments) != len(segments) {
		return false
	}
	for i, want := range o.segments {
		if want[0] != '{' && !strings.EqualFold(want, segments[i]) {
			return false
		}
	}
	return true
}
