package operations

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// obeyed are the parameters with the URL of something whose answer Twilio obeys:
// TwiML, or instructions of another kind. What stands behind such a URL can have
// Twilio dial or write to anybody.
type obeyed struct {
	product string
	// path as in operation. What is in no row of operations has the methods that
	// writes.txt names.
	path string
	// parameters, or members of a JSON document in one, separated by spaces.
	parameters string
	// source is the page below https://www.twilio.com/docs/.
	source string
}

// What calls and messages of a number, an application or a SIM are answered with.
const (
	callURLs    = "VoiceUrl VoiceFallbackUrl"
	messageURLs = "SmsUrl SmsFallbackUrl"
)

// IsWebhook tells whether a parameter is one of those, which answer what comes in
// later.
func IsWebhook(parameter string) bool {
	for name := range strings.FieldsSeq(callURLs + " " + messageURLs) {
		if sameName(name, parameter) {
			return true
		}
	}
	return false
}

// obeyedParameters are all such parameters of Twilio's API. A test holds them, and
// what only reports, against every parameter of Twilio's libraries that is a URL.
var obeyedParameters = []obeyed{
	// Calls, and those that wait in a conference or a queue.
	{"api", "/{Version}/Accounts/{AccountSid}/Calls", "Url FallbackUrl", "voice/api/call-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/Calls/{Sid}", "Url FallbackUrl", "voice/api/call-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/Conferences/{Sid}", "AnnounceUrl", "voice/api/conference-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/Conferences/{Sid}/Participants", "WaitUrl", "voice/api/conference-participant-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/Conferences/{Sid}/Participants/{CallSid}", "AnnounceUrl HoldUrl WaitUrl", "voice/api/conference-participant-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/Queues/{Sid}/Members/{CallSid}", "Url", "voice/api/member-resource"},

	// Numbers, applications, domains and SIMs.
	{"api", "/{Version}/Accounts/{AccountSid}/Applications", callURLs + " " + messageURLs, "usage/api/applications"},
	{"api", "/{Version}/Accounts/{AccountSid}/Applications/{Sid}", callURLs + " " + messageURLs, "usage/api/applications"},
	{"api", "/{Version}/Accounts/{AccountSid}/IncomingPhoneNumbers", callURLs + " " + messageURLs, "phone-numbers/api/incomingphonenumber-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/IncomingPhoneNumbers/{SidOrKind}", callURLs + " " + messageURLs, "phone-numbers/api/incomingphonenumber-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/SMS/ShortCodes/{Sid}", messageURLs, "messaging/api/short-code-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/SIP/Domains", callURLs, "voice/api/sip-domain-resource"},
	{"api", "/{Version}/Accounts/{AccountSid}/SIP/Domains/{Sid}", callURLs, "voice/api/sip-domain-resource"},
	{"voice", "/{Version}/ByocTrunks", callURLs, "voice/bring-your-own-carrier-byoc/api/byoctrunk-resource"},
	{"voice", "/{Version}/ByocTrunks/{Sid}", callURLs, "voice/bring-your-own-carrier-byoc/api/byoctrunk-resource"},
	{"trunking", "/{Version}/Trunks", "DisasterRecoveryUrl", "sip-trunking/api/trunk-resource"},
	{"trunking", "/{Version}/Trunks/{Sid}", "DisasterRecoveryUrl", "sip-trunking/api/trunk-resource"},
	{"wireless", "/{Version}/Sims/{Sid}", callURLs + " " + messageURLs, "iot/wireless/api/sim-resource"},
	{"preview", "/wireless/Sims/{Sid}", callURLs + " " + messageURLs, "iot/wireless/api/sim-resource"},
	{"numbers", "/{Version}/HostedNumber/Orders", messageURLs, "phone-numbers/hosted-numbers"},
	{"numbers", "/{Version}/HostedNumbers/HostedNumberOrders", messageURLs, "phone-numbers/hosted-numbers"},
	{"preview", "/HostedNumbers/HostedNumberOrders", messageURLs, "phone-numbers/hosted-numbers"},

	// Messages that come in.
	{"messaging", "/{Version}/Services", "InboundRequestUrl FallbackUrl", "messaging/api/service-resource"},
	{"messaging", "/{Version}/Services/{Sid}", "InboundRequestUrl FallbackUrl", "messaging/api/service-resource"},
	{"messaging", "/{Version}/Channels/Senders", "callback_url fallback_url", "whatsapp/api/senders"},
	{"messaging", "/{Version}/Channels/Senders/{Sid}", "callback_url fallback_url", "whatsapp/api/senders"},
	// A number that is in no session: with TwiML, or who is to be in a new one.
	{"proxy", "/{Version}/Services", "OutOfSessionCallbackUrl", "proxy/out-session-callback-response-guide"},
	{"proxy", "/{Version}/Services/{Sid}", "OutOfSessionCallbackUrl", "proxy/out-session-callback-response-guide"},

	// Whom a task goes to, and what becomes of a call that it is.
	{"taskrouter", "/{Version}/Workspaces/{WorkspaceSid}/Workflows", "AssignmentCallbackUrl FallbackAssignmentCallbackUrl", "taskrouter/handle-assignment-callbacks"},
	{"taskrouter", "/{Version}/Workspaces/{WorkspaceSid}/Workflows/{Sid}", "AssignmentCallbackUrl FallbackAssignmentCallbackUrl", "taskrouter/handle-assignment-callbacks"},
	{"taskrouter", "/{Version}/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}", "CallUrl RedirectUrl WaitUrl", "taskrouter/api/reservations"},
	{"taskrouter", "/{Version}/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations/{Sid}", "CallUrl RedirectUrl WaitUrl", "taskrouter/api/reservations"},

	// Where a conversation is handed to, and where a flow asks what to do. That
	// Twilio obeys the answers to the former is not verified.
	{"flex-api", "/{Version}/FlexFlows", "Integration.Url", "flex/developer/messaging/api/flow"},
	{"flex-api", "/{Version}/FlexFlows/{Sid}", "Integration.Url", "flex/developer/messaging/api/flow"},
	{"conversations", "/{Version}/Conversations/{ConversationSid}/Webhooks", "Configuration.Url", "conversations/api/conversation-scoped-webhook-resource"},
	{"conversations", "/{Version}/Conversations/{ConversationSid}/Webhooks/{Sid}", "Configuration.Url", "conversations/api/conversation-scoped-webhook-resource"},
	{"conversations", "/{Version}/Services/{ServiceSid}/Conversations/{ConversationSid}/Webhooks", "Configuration.Url", "conversations/api/conversation-scoped-webhook-resource"},
	{"conversations", "/{Version}/Services/{ServiceSid}/Conversations/{ConversationSid}/Webhooks/{Sid}", "Configuration.Url", "conversations/api/conversation-scoped-webhook-resource"},
	{"conversations", "/{Version}/Configuration/Addresses", "AutoCreation.WebhookUrl", "conversations/api/address-configuration-resource"},
	{"conversations", "/{Version}/Configuration/Addresses/{Sid}", "AutoCreation.WebhookUrl", "conversations/api/address-configuration-resource"},
	{"chat", "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks", "Configuration.Url", "chat/rest/channel-webhook-resource"},
	{"chat", "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}", "Configuration.Url", "chat/rest/channel-webhook-resource"},
	{"ip-messaging", "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks", "Configuration.Url", "chat/rest/channel-webhook-resource"},
	{"ip-messaging", "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}", "Configuration.Url", "chat/rest/channel-webhook-resource"},
	// Called at once, with the credential that a setting has. Whether the answer counts
	// is not said.
	{"webhooks", "/{Version}/Webhooks/Tests", "url", "usage/webhooks/webhook-settings"},
	{"studio", "/{Version}/Flows", "url", "studio/widget-library"},
	{"studio", "/{Version}/Flows/{Sid}", "url", "studio/widget-library"},
}

// obeyedTrees find the parameters of a path of a product, and everyObeyed are the
// names of all of them.
var obeyedTrees, everyObeyed = func() (trees map[string]*tree, every []string) {
	trees = make(map[string]*tree)
	for _, row := range obeyedParameters {
		if trees[row.product] == nil {
			trees[row.product] = &tree{}
		}
		names := strings.Fields(row.parameters)
		trees[row.product].add(row.path, branch{row: &operation{urls: names}})
		every = append(every, names...)
	}
	slices.Sort(every)
	return trees, slices.Compact(every)
}()

// obeyedIn are the parameters of a path that are obeyed.
func obeyedIn(product, path string) []string {
	row := obeyedTrees[product].find("", strings.Split(withoutExtension(path)[1:], "/"))
	if row == nil {
		return nil
	}
	return row.urls
}

// obeyedOf are the parameters of a request for the row that are obeyed. Where all
// products are at one place, its path may be one of any product.
func (o *operation) obeyedOf(r *carrier.Request) []string {
	if !r.AnyProduct || len(o.urls) == 0 {
		return o.urls
	}
	var buffer [MaxSegments]string
	segments, _ := Split(withoutExtension(r.Path), buffer[:0])
	names := slices.Clone(o.urls)
	for _, t := range obeyedTrees {
		if row := t.find(r.Method, segments); row != nil {
			names = append(names, row.urls...)
		}
	}
	return names
}

// addURL adds the URL that a parameter, or a member of a document, holds if its
// answer is obeyed.
func addURL(obeyed []string, p *params.Parameter, intent *carrier.Intent) {
	for _, name := range obeyed {
		if sameName(name, p.Name) {
			intent.URLs = append(intent.URLs, carrier.URL{Parameter: name, Address: p.Value})
			return
		}
	}
}
