package operations

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/taskrouter"
)

// flexOperations are those of a contact centre: Flex and TaskRouter.
var flexOperations = []row{
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}",
		name: "reservations.update", kind: carrier.Sending, words: CallWords,
		fields:          reservationFields,
		senders:         reservationSenders,
		storedBy:        reservationStored,
		instructionURLs: urlParameters{"CallUrl RedirectUrl WaitUrl", "taskrouter/api/reservations"},
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations/{Sid}",
		name: "reservations.update", kind: carrier.Sending, words: CallWords,
		fields:          reservationFields,
		senders:         reservationSenders,
		storedBy:        reservationStored,
		instructionURLs: urlParameters{"CallUrl RedirectUrl WaitUrl", "taskrouter/api/reservations"},
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers",
		name: "workers.create", kind: carrier.Storing, words: CallWords,
		documents: taskAttributes,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Workers/{Sid}",
		name: "workers.update", kind: carrier.Storing, words: CallWords,
		documents: taskAttributes,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks",
		name: "tasks.create", kind: carrier.Storing, words: CallWords,
		documents: taskAttributes,
	},
	{
		product: "taskrouter", path: "/{Version}/Workspaces/{WorkspaceSid}/Tasks/{Sid}",
		name: "tasks.update", kind: carrier.Storing, words: CallWords,
		documents: taskAttributes,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions",
		name: "interactions.create", kind: carrier.Sending,
		documents: append([]document{{
			name: "Channel", tentative: true, channel: &interactionChannels,
			fields:  []field{{"address", byChannel}, {"to", byChannel}, {"phone_number", byChannel}},
			senders: interactionSenders,
		}}, interactionDocuments...),
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{Sid}",
		name: "interaction_channels.update", kind: carrier.Sending,
		documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/Participants",
		name: "interaction_participants.create", kind: carrier.Sending,
		documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/Invites",
		name: "interaction_invites.create", kind: carrier.Sending,
		documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Interactions/{InteractionSid}/Channels/{ChannelSid}/Transfers",
		name: "interaction_transfers.create", kind: carrier.Sending, tentative: true,
		accepts:   formOrMultipart | params.AcceptJSON,
		fields:    slices.Concat(interactionFields, dialledFields),
		senders:   interactionSenders,
		documents: interactionDocuments,
	},
	{
		product: "flex-api", path: "/{Version}/Channels",
		name: "flex_channels.create", kind: carrier.Sending, tentative: true,
		fields:    []field{{"Target", byMessage}},
		documents: attributesIn("TaskAttributes"),
	},
}

var (
	reservationFields = []field{
		{"CallTo", byCall},
		{"DequeueTo", byCall},
		{"To", byCall},
		{"Supervisor", bySupervisor},
	}
	reservationSenders = []string{"CallFrom", "DequeueFrom", "From"}
	// Instructions that reach the worker at the address in its attributes
	// (https://www.twilio.com/docs/taskrouter/handle-assignment-callbacks).
	reservationStored = []trigger{
		{name: "Instruction", value: "call"}, {name: "Instruction", value: "dequeue"},
		{name: "Instruction", value: "conference"}, {name: "Instruction", value: "supervise"},
	}

	taskAttributes = attributesIn("Attributes")

	interactionFields  = []field{{"address", byEither}, {"to", byEither}, {"phone_number", byEither}}
	interactionSenders = []string{"from", "proxy_address"}
	// An interaction's routing makes a task and holds the attributes of the task
	// (https://www.twilio.com/docs/flex/developer/conversations/interactions-api/interactions).
	interactionDocuments = slices.Concat(
		addressesIn("MediaProperties"), addressesIn("Routing"), addressesIn("RoutingProperties"),
		attributesIn("MediaProperties"), attributesIn("Routing"), attributesIn("RoutingProperties"),
	)
)

// dialledFields are the attributes of tasks and workers that Twilio dials.
var dialledFields = func() (fields []field) {
	for _, a := range taskrouter.Dialled {
		fields = append(fields, field{a.Name, byTask})
	}
	return fields
}()

// attributesIn is a parameter that holds attributes of a task or a worker, or a
// document with them.
func attributesIn(name string) []document {
	return []document{{name: name, fields: dialledFields, senders: []string{taskrouter.Caller}}}
}

// addressesIn is a parameter that holds the addresses of an interaction.
func addressesIn(name string) []document {
	return []document{{name: name, tentative: true, fields: interactionFields, senders: interactionSenders}}
}
