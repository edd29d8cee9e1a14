package twilio

import "github.com/caddy-tollgate/tollgate/carrier"

// conversationOperations add people to conversations, and write to them. The
// second version takes JSON, refuses in another shape, and names people by
// address or by who they are in the conversation.
var conversationOperations = []operation{
	{
		product: "conversations", path: "/v1/Conversations/{ConversationSid}/Participants", name: "conversation_participants.create",
		kind:    carrier.Storing,
		fields:  bindingFields,
		senders: []string{"MessagingBinding.ProxyAddress"},
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Participants", name: "conversation_participants.create",
		kind:    carrier.Storing,
		fields:  bindingFields,
		senders: []string{"MessagingBinding.ProxyAddress"},
	},
	{
		product: "conversations", path: "/v1/Conversations/{ConversationSid}/Participants/{Sid}", name: "conversation_participants.update",
		kind:     carrier.Storing,
		fields:   bindingFields,
		senders:  []string{"MessagingBinding.ProxyAddress"},
		storedBy: []trigger{{name: "MessagingBinding.ProxyAddress"}},
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Participants/{Sid}", name: "conversation_participants.update",
		kind:     carrier.Storing,
		fields:   bindingFields,
		senders:  []string{"MessagingBinding.ProxyAddress"},
		storedBy: []trigger{{name: "MessagingBinding.ProxyAddress"}},
	},
	{
		product: "conversations", path: "/v1/ConversationWithParticipants", name: "conversation_with_participants.create",
		kind: carrier.Storing, documents: participantDocument,
	},
	{
		product: "conversations", path: "/v1/Services/{ServiceSid}/ConversationWithParticipants", name: "conversation_with_participants.create",
		kind: carrier.Storing, documents: participantDocument,
	},
	{product: "conversations", path: "/v1/Conversations/{ConversationSid}/Messages", name: "conversation_messages.create", kind: carrier.Sending, stored: true},
	{product: "conversations", path: "/v1/Services/{ServiceSid}/Conversations/{ConversationSid}/Messages", name: "conversation_messages.create", kind: carrier.Sending, stored: true},

	// The chat that conversations grew from has the same channels.
	{product: "chat", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Messages", name: "chat_messages.create", kind: carrier.Sending, stored: true},
	{product: "ip-messaging", path: "/{Version}/Services/{ServiceSid}/Channels/{ChannelSid}/Messages", name: "chat_messages.create", kind: carrier.Sending, stored: true},

	{
		product: "conversations", path: "/v2/Conversations", name: "conversations.create",
		kind: carrier.Storing, words: standardWords, accepts: carrier.AcceptJSON,
		fields: memberFields, senders: memberSenders, tentative: true,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Participants", name: "conversations.participants.create",
		kind: carrier.Storing, words: standardWords, accepts: carrier.AcceptJSON,
		fields: memberFields, senders: memberSenders, tentative: true,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Participants/{Id}", name: "conversations.participants.update",
		kind: carrier.Storing, words: standardWords, accepts: carrier.AcceptJSON,
		fields: memberFields, senders: memberSenders, tentative: true,
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Communications", name: "conversations.communications.create",
		kind: carrier.Sending, words: standardWords, accepts: carrier.AcceptJSON,
		fields: memberFields, senders: memberSenders, tentative: true,
		stored: true, storedBy: []trigger{{name: "participantId"}},
	},
	{
		product: "conversations", path: "/v2/Conversations/{ConversationId}/Actions", name: "conversations.actions.create",
		kind: carrier.Sending, words: standardWords, accepts: carrier.AcceptJSON,
		fields: memberFields, senders: memberSenders, tentative: true,
		stored: true, storedBy: []trigger{{name: "participantId"}},
	},
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
	// An address within one of these is the sender's.
	memberSenders = []string{"from", "author", "proxy_address"}

	participantDocument = []document{{
		name: "Participant", tentative: true, fields: memberFields, senders: []string{"proxy_address"},
	}}
)
