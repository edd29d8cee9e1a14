package twilio

import "github.com/caddy-tollgate/tollgate/carrier"

// flexOperations are those of a contact centre: Flex and TaskRouter.
var flexOperations = []operation{
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}", name: "reservations.update",
		kind: carrier.Sending, words: callWords,
		fields: reservationFields, senders: reservationSenders, storedBy: reservationStored,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations/{Sid}", name: "reservations.update",
		kind: carrier.Sending, words: callWords,
		fields: reservationFields, senders: reservationSenders, storedBy: reservationStored,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers", name: "workers.create",
		kind: carrier.Storing, words: callWords, documents: workerAttributes,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers/{Sid}", name: "workers.update",
		kind: carrier.Storing, words: callWords, documents: workerAttributes,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks", name: "tasks.create",
		kind: carrier.Storing, words: callWords, documents: workerAttributes,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks/{Sid}", name: "tasks.update",
		kind: carrier.Storing, words: callWords, documents: workerAttributes,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions", name: "interactions.create",
		kind: carrier.Sending,
		documents: []document{{
			name: "Channel", tentative: true, channel: &interactionChannels,
			fields: []field{{"address", byChannel}}, senders: []string{"proxy_address"},
		}},
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/Participants", name: "interaction_participants.create",
		kind: carrier.Sending, documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/Invites", name: "interaction_invites.create",
		kind: carrier.Sending, documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/Transfers", name: "interaction_transfers.create",
		kind: carrier.Sending, tentative: true, accepts: formOrMultipart | carrier.AcceptJSON,
		fields:    []field{{"address", byEither}, {"to", byEither}, {"phone_number", byEither}},
		senders:   []string{"from", "proxy_address"},
		documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Channels", name: "flex_channels.create",
		kind: carrier.Sending, tentative: true,
		fields:    []field{{"Target", byMessage}},
		documents: []document{{name: "TaskAttributes", fields: workerAttributes[0].fields}},
	},
}

var (
	reservationFields = []field{
		{"CallTo", byCall},
		{"DequeueTo", byCall},
		{"To", byCall},
		{"CallUrl", inURL},
		{"RedirectUrl", inURL},
		{"WaitUrl", inURL},
	}
	reservationSenders = []string{"CallFrom", "DequeueFrom", "From"}
	// Instructions that reach the worker where its attributes say
	// (https://www.twilio.com/docs/taskrouter/handle-assignment-callbacks).
	reservationStored = []trigger{
		{name: "Instruction", value: "call"}, {name: "Instruction", value: "dequeue"},
		{name: "Instruction", value: "conference"}, {name: "Instruction", value: "supervise"},
	}

	// Where the instructions reach a worker if they do not say themselves.
	workerAttributes = []document{{name: "Attributes", fields: []field{{"contact_uri", byCall}}}}

	interactionDocuments = []document{
		{name: "MediaProperties", tentative: true, fields: []field{{"address", byEither}}, senders: []string{"proxy_address"}},
		{name: "Routing", tentative: true, fields: []field{{"address", byEither}}, senders: []string{"proxy_address"}},
	}
)
