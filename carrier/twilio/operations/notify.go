package operations

import "github.com/caddy-tollgate/tollgate/carrier"

// notifyOperations are those of Notify, Proxy and Studio.
var notifyOperations = []row{
	{
		product: "notify", path: "/{Version}/Services/{ServiceSid}/Notifications",
		name: "notifications.create", kind: carrier.Sending, stored: true, maxBody: notifyBody,
		documents: []document{
			{name: "ToBinding", tentative: true, fields: []field{{"address", byMessage}}},
			{
				name: "Sms", tentative: true,
				fields: []field{{"to", byMessage}}, senders: []string{"from", "messaging_service_sid"},
			},
		},
		switches: riskCheck,
	},
	{
		product: "notify", path: "/{Version}/Services/{ServiceSid}/Bindings",
		name: "bindings.create", kind: carrier.Storing, tentative: true,
		fields: []field{{"Address", byMessage}},
	},
	{
		product: "proxy", path: "/{Version}/Services/{ServiceSid}/Sessions/{SessionSid}/Participants",
		name: "proxy_participants.create", kind: carrier.Storing,
		fields:  []field{{"Identifier", byEither}},
		senders: []string{"ProxyIdentifier"},
	},
	{
		product: "proxy", path: "/{Version}/Services/{ServiceSid}/Sessions",
		name: "proxy_sessions.create", kind: carrier.Storing,
		documents: []document{{
			name: "Participants", tentative: true, fields: []field{{"Identifier", byEither}},
			senders: []string{"ProxyIdentifier"},
		}},
	},
	{
		product: "proxy",
		path:    "/{Version}/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{ParticipantSid}/MessageInteractions",
		name:    "message_interactions.create", kind: carrier.Sending, stored: true,
	},
	{
		product: "studio", path: "/{Version}/Flows/{FlowSid}/Executions",
		name: "executions.create", kind: carrier.Sending,
		fields:    []field{{"To", byEither}},
		senders:   []string{"From"},
		documents: flowParameters,
	},
	{
		product: "studio", path: "/{Version}/Flows/{FlowSid}/Engagements",
		name: "engagements.create", kind: carrier.Sending,
		fields:    []field{{"To", byEither}},
		senders:   []string{"From"},
		documents: flowParameters,
	},

	// A flow may hold numbers that it sends to in every execution.
	{
		product: "studio", path: "/{Version}/Flows",
		name: "flows.create", kind: carrier.Storing, maxBody: bulkBody,
		documents:       flowDefinition,
		programs:        flowProgram,
		instructionURLs: urlParameters{"url", "studio/widget-library"},
	},
	{
		product: "studio", path: "/{Version}/Flows/{Sid}",
		name: "flows.update", kind: carrier.Storing, maxBody: bulkBody,
		documents:       flowDefinition,
		programs:        flowProgram,
		instructionURLs: urlParameters{"url", "studio/widget-library"},
	},
}

// A flow's definition and the parameters of its executions state its destinations in any
// member: those named like a destination count, and so does everything that looks like a
// number.
var (
	flowParameters = []document{{name: "Parameters", tentative: true, anywhere: true, fields: flowFields}}
	flowDefinition = []document{{name: "Definition", tentative: true, anywhere: true, fields: flowFields}}

	flowProgram = []trigger{{name: "Definition"}}

	// The widget "send-to-flex" has the attributes of a task
	// (https://www.twilio.com/docs/studio/widget-library/send-flex).
	flowFields = append([]field{
		{"to", byEither},
		{"phone", byEither},
		{"phone_number", byEither},
		{"mobile", byEither},
		{"number", byEither},
		{"recipient", byEither},
		{"address", byEither},
	}, dialledFields...)
)
