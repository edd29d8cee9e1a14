package operations

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// callOperations make calls, or change calls in progress. Rows of the API of 2010 cover
// every version: that of 2008 is gone, but is still judged.
var callOperations = []row{
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Calls",
		name: "calls.create", kind: carrier.Sending, words: CallWords,
		timeLimit:       always,
		fields:          []field{{"To", byCall}, {"Called", byCall}, {"Twiml", inTwiML}},
		senders:         []string{"From", "CallerId", "Caller"},
		instructionURLs: urlParameters{"Url FallbackUrl", "voice/api/call-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Calls/{Sid}",
		name: "calls.update", kind: carrier.Sending, words: CallWords,
		timeLimit:       whereStated,
		fields:          []field{{"Twiml", inTwiML}},
		instructionURLs: urlParameters{"Url FallbackUrl", "voice/api/call-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Conferences/{Sid}",
		name: "conferences.update", kind: carrier.Sending, words: CallWords,
		instructionURLs: urlParameters{"AnnounceUrl", "voice/api/conference-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants",
		name: "participants.create", kind: carrier.Sending, words: CallWords,
		timeLimit:       always,
		fields:          []field{{"To", byCall}},
		senders:         []string{"From", "CallerId"},
		instructionURLs: urlParameters{"WaitUrl", "voice/api/conference-participant-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants/{CallSid}",
		name: "participants.update", kind: carrier.Sending, words: CallWords,
		instructionURLs: urlParameters{"AnnounceUrl HoldUrl WaitUrl", "voice/api/conference-participant-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Queues/{QueueSid}/Members/{CallSid}",
		name: "members.update", kind: carrier.Sending, words: CallWords,
		instructionURLs: urlParameters{"Url", "voice/api/member-resource"},
	},
	{
		// Creating a caller ID places a validation call.
		product: "api", path: "/{Version}/Accounts/{AccountSid}/OutgoingCallerIds",
		name: "outgoing_caller_ids.create", kind: carrier.Sending, words: CallWords,
		fields: []field{{"PhoneNumber", byCall}},
	},

	// What the customer's own trunk or connection dials: a SIP address, which may lead
	// to phone numbers.
	{
		product: "voice", path: "/{Version}/ConnectionPolicies/{ConnectionPolicySid}/Targets",
		name: "connection_policy_targets.create", kind: carrier.Storing, words: CallWords,
		control: policy.ControlTrunks, except: http.MethodDelete,
		fields: []field{{"Target", byCall}},
	},
	{
		product: "voice", path: "/{Version}/ConnectionPolicies/{ConnectionPolicySid}/Targets/{Sid}",
		name: "connection_policy_targets.update", kind: carrier.Storing, words: CallWords,
		control: policy.ControlTrunks, except: http.MethodDelete,
		fields: []field{{"Target", byCall}},
	},
	{
		product: "trunking", path: "/{Version}/Trunks/{TrunkSid}/OriginationUrls",
		name: "origination_urls.create", kind: carrier.Storing, words: CallWords, control: policy.ControlTrunks,
		except: http.MethodDelete,
		fields: []field{{"SipUrl", byCall}},
	},
	{
		product: "trunking", path: "/{Version}/Trunks/{TrunkSid}/OriginationUrls/{Sid}",
		name: "origination_urls.update", kind: carrier.Storing, words: CallWords, control: policy.ControlTrunks,
		except: http.MethodDelete,
		fields: []field{{"SipUrl", byCall}},
	},
}
