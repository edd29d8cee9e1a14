package operations

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// conversationOperations add people to conversations, and write to them. The second
// version takes JSON, refuses in another shape, and names people by address or by their
// participant ID.
var conversationOperations = []row{
	{
		product: "conversations", path: "/v1/Conversations/{ConversationSid}/Participants",
		name: "conversation_participants.create", kind: carrier.Storing,
		fields:    bindingFields,
		senders:   bindingSenders,
		documents: bindingDocument,
		storedBy:  maskStored,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Participants",
		name: "conversation_participants.create", kind: carrier.Storing,
		fields:    bindingFields,
		senders:   bindingSenders,
		documents: bindingDocument,
		storedBy:  maskStored,
	},
	{
		product: "conversations", path: "/v1/Conversations/{ConversationSid}/Participants/{Sid}",
		name: "conversation_participants.update", kind: carrier.Storing,
		fields:    bindingFields,
		senders:   bindingSenders,
		documents: bindingDocument,
		storedBy:  bindingStored,
	},
	{
		product: "conversations",
		path:    "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Participants/{Sid}",
		name:    "conversation_participants.update", kind: carrier.Storing,
		fields:    bindingFields,
		senders:   bindingSenders,
		documents: bindingDocument,
		storedBy:  bindingStored,
	},
	{
		product: "conversations", path: "/v1/ConversationWithParticipants",
		name: "conversation_with_participants.create", kind: carrier.Storing,
		senders:   serviceSenders,
		documents: participantDocument,
		storedBy:  participantStored,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/ConversationWithParticipants",
		name: "conversation_with_participants.create", kind: carrier.Storing,
		senders:   serviceSenders,
		documents: participantDocument,
		storedBy:  participantStored,
	},

	// The sender of a conversation.
	{
		product: "conversations", path: "/v1/Conversations",
		name: "conversations.create", kind: carrier.Storing,
		senders:  serviceSenders,
		storedBy: serviceStored,
	},
	{
		product: "conversations", path: "/v1/Conversations/{Sid}",
		name: "conversations.update", kind: carrier.Storing,
		senders:  serviceSenders,
		storedBy: serviceStored,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations",
		name: "conversations.create", kind: carrier.Storing,
		senders:  serviceSenders,
		storedBy: serviceStored,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{Sid}",
		name: "conversations.update", kind: carrier.Storing,
		senders:  serviceSenders,
		storedBy: serviceStored,
	},

	{
		product: "conversations", path: "/v1/Conversations/{ConversationSid}/Messages",
		name: "conversation_messages.create", kind: carrier.Sending, stored: true,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Messages",
		name: "conversation_messages.create", kind: carrier.Sending, stored: true,
	},

	// The chat that conversations grew from has the same channels.
	{
		product: "chat", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Messages",
		name: "chat_messages.create", kind: carrier.Sending, stored: true,
	},
	{
		product: "ip-messaging", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Messages",
		name: "chat_messages.create", kind: carrier.Sending, stored: true,
	},

	{
		product: "conversations", path: "/v2/Conversations",
		name: "conversations.create", kind: carrier.Storing, words: StandardWords, tentative: true,
		accepts: params.AcceptJSON,
		fields:  memberFields,
		channel: &memberChannels, senders: memberSenders,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Participants",
		name: "conversations.participants.create", kind: carrier.Storing, words: StandardWords, tentative: true,
		accepts: params.AcceptJSON,
		fields:  memberFields,
		channel: &memberChannels, senders: memberSenders,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Participants/{Id}",
		name: "conversations.participants.update", kind: carrier.Storing, words: StandardWords, tentative: true,
		accepts: params.AcceptJSON,
		fields:  memberFields,
		channel: &memberChannels, senders: memberSenders,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Communications",
		name: "conversations.communications.create", kind: carrier.Sending, words: StandardWords, stored: true,
		tentative: true, accepts: params.AcceptJSON,
		fields:  memberFields,
		channel: &memberChannels, senders: memberSenders,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Actions",
		name: "conversations.actions.create", kind: carrier.Sending, words: StandardWords, stored: true,
		tentative: true, accepts: params.AcceptJSON,
		fields:  memberFields,
		channel: &actionChannels, senders: memberSenders,
	},
}

// What several rows share.
var (
	bindingFields = []field{{"MessagingBinding.Address", byMessage}}
	// The projected address is also a number of the account, which represents a
	// participant in a group
	// (https://www.twilio.com/docs/conversations/api/conversation-participant-resource).
	bindingSenders = []string{"MessagingBinding.ProxyAddress", "MessagingBinding.ProjectedAddress"}
	// Undocumented: the binding as JSON, from clients that encode objects.
	bindingDocument = []document{{
		name: "MessagingBinding", tentative: true, fields: []field{{"address", byMessage}},
		senders: []string{"proxy_address", "projected_address"},
	}}
	// A number to send from, for a participant who was stored earlier or has no number.
	maskStored    = []trigger{{name: "MessagingBinding.ProjectedAddress"}}
	bindingStored = []trigger{{name: "MessagingBinding.ProxyAddress"}, {name: "MessagingBinding.ProjectedAddress"}}

	serviceSenders = []string{"MessagingServiceSid"}
	serviceStored  = []trigger{{name: "MessagingServiceSid"}}

	participantStored = []trigger{{name: "MessagingServiceSid"}, {name: "projected_address"}}

	memberFields = []field{{"address", byChannel}, {"addresses", byChannel}}
	// An address inside one of these is a sender.
	memberSenders = []string{"from", "author", "proxy_address", "projected_address"}

	participantDocument = []document{{
		name: "Participant", tentative: true, fields: []field{{"address", byMessage}},
		senders: []string{"proxy_address", "projected_address"},
	}}
)
