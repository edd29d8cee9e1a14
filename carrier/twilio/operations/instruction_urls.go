package operations

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// urlParameters are the parameters of an operation with a URL whose answer Twilio
// follows: TwiML, or instructions of another kind. The server at such a URL can make
// Twilio call or message anyone.
type urlParameters struct {
	// names of parameters, or of members of a JSON document in one, separated by spaces.
	names string
	// source is the page below https://www.twilio.com/docs/.
	source string
}

func (u urlParameters) list() []string { return strings.Fields(u.names) }

// Parameters of a number, an application or a SIM for incoming calls and messages.
const (
	callURLs    = "VoiceUrl VoiceFallbackUrl"
	messageURLs = "SmsUrl SmsFallbackUrl"
	numberURLs  = callURLs + " " + messageURLs
)

// Instruction URLs of several rows.
var (
	workflowURLs = urlParameters{
		"AssignmentCallbackUrl FallbackAssignmentCallbackUrl", "taskrouter/handle-assignment-callbacks",
	}
	conversationURLs = urlParameters{"Configuration.Url", "conversations/api/conversation-scoped-webhook-resource"}
	chatURLs         = urlParameters{"Configuration.Url", "chat/rest/channel-webhook-resource"}
)

// IsWebhook reports whether a parameter is one of those for incoming calls and messages.
func IsWebhook(parameter string) bool {
	for name := range strings.FieldsSeq(numberURLs) {
		if sameName(name, parameter) {
			return true
		}
	}
	return false
}

// urlTable is every operation that sets instruction URLs and is in no other table. Its rows
// cover only the methods and versions in writes.txt. A test compares the instruction URLs of
// all rows, and those parameters that only receive reports, with every parameter of
// Twilio's libraries that is a URL.
var urlTable = []row{
	// Numbers, applications, domains and SIMs.
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Applications",
		instructionURLs: urlParameters{numberURLs, "usage/api/applications"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Applications/{Sid}",
		instructionURLs: urlParameters{numberURLs, "usage/api/applications"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/IncomingPhoneNumbers",
		instructionURLs: urlParameters{numberURLs, "phone-numbers/api/incomingphonenumber-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SMS/ShortCodes/{Sid}",
		instructionURLs: urlParameters{messageURLs, "messaging/api/short-code-resource"},
	},
	{
		product: "wireless", path: "/{Version}/Sims/{Sid}",
		instructionURLs: urlParameters{numberURLs, "iot/wireless/api/sim-resource"},
	},
	{
		product: "preview", path: "/wireless/Sims/{Sid}",
		instructionURLs: urlParameters{numberURLs, "iot/wireless/api/sim-resource"},
	},

	// Incoming messages.
	{
		product: "messaging", path: "/{Version}/Services",
		instructionURLs: urlParameters{"InboundRequestUrl FallbackUrl", "messaging/api/service-resource"},
	},
	{
		product: "messaging", path: "/{Version}/Services/{Sid}",
		instructionURLs: urlParameters{"InboundRequestUrl FallbackUrl", "messaging/api/service-resource"},
	},
	{
		product: "messaging", path: "/{Version}/Channels/Senders",
		instructionURLs: urlParameters{"callback_url fallback_url", "whatsapp/api/senders"},
	},
	{
		product: "messaging", path: "/{Version}/Channels/Senders/{Sid}",
		instructionURLs: urlParameters{"callback_url fallback_url", "whatsapp/api/senders"},
	},
	// Messages and calls from a number that is in no session: the answer is TwiML, or the
	// participants of a new session.
	{
		product: "proxy", path: "/{Version}/Services",
		instructionURLs: urlParameters{"OutOfSessionCallbackUrl", "proxy/out-session-callback-response-guide"},
	},
	{
		product: "proxy", path: "/{Version}/Services/{Sid}",
		instructionURLs: urlParameters{"OutOfSessionCallbackUrl", "proxy/out-session-callback-response-guide"},
	},

	// Which worker a task goes to, and what happens to the call of the task.
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workflows",
		instructionURLs: workflowURLs,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workflows/{Sid}",
		instructionURLs: workflowURLs,
	},

	// Where a conversation goes, and what its webhooks are told. That Twilio follows the
	// answers is unverified.
	{
		product: "flex-api", path: "/{Version}/FlexFlows",
		instructionURLs: urlParameters{"Integration.Url", "flex/developer/messaging/api/flow"},
	},
	{
		product: "flex-api", path: "/{Version}/FlexFlows/{Sid}",
		instructionURLs: urlParameters{"Integration.Url", "flex/developer/messaging/api/flow"},
	},
	{
		product: "conversations", path: "/{Version}/Conversations/{ConversationSid}/Webhooks",
		instructionURLs: conversationURLs,
	},
	{
		product: "conversations", path: "/{Version}/Conversations/{ConversationSid}/Webhooks/{Sid}",
		instructionURLs: conversationURLs,
	},
	{
		product: "conversations", path: "/{Version}/Services/{ServiceSid}/Conversations/{ConversationSid}/Webhooks",
		instructionURLs: conversationURLs,
	},
	{
		product:         "conversations",
		path:            "/{Version}/Services/{ServiceSid}/Conversations/{ConversationSid}/Webhooks/{Sid}",
		instructionURLs: conversationURLs,
	},
	{
		product: "conversations", path: "/{Version}/Configuration/Addresses",
		instructionURLs: urlParameters{"AutoCreation.WebhookUrl", "conversations/api/address-configuration-resource"},
	},
	{
		product: "conversations", path: "/{Version}/Configuration/Addresses/{Sid}",
		instructionURLs: urlParameters{"AutoCreation.WebhookUrl", "conversations/api/address-configuration-resource"},
	},
	{
		product: "chat", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks",
		instructionURLs: chatURLs,
	},
	{
		product: "chat", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}",
		instructionURLs: chatURLs,
	},
	{
		product: "ip-messaging", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks",
		instructionURLs: chatURLs,
	},
	{
		product: "ip-messaging", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}",
		instructionURLs: chatURLs,
	},
}

// instructionURLNames are the instruction URLs of all rows, sorted.
func instructionURLNames(rows []row) []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.instructionURLs.list()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// addURL adds the value of a parameter, or of a member of a document, if it is an
// instruction URL.
func addURL(urls []string, p *params.Parameter, intent *carrier.Intent) {
	for _, name := range urls {
		if sameName(name, p.Name) {
			intent.URLs = append(intent.URLs, carrier.URL{Parameter: name, Address: p.Value})
			return
		}
	}
}
