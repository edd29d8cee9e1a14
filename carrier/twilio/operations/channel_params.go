package operations

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// channelTable says by which channel an operation reaches its destination, from the
// values of a parameter. A value that is not in the table can mean any channel.
type channelTable struct {
	parameter string
	// inner is a member that counts at any depth, for all destinations.
	inner string
	words map[string][]policy.Channel
	// otherwise is the channel if no value is stated for certain.
	otherwise []policy.Channel
}

var (
	messagingOnly = []policy.Channel{policy.Messaging}
	voiceOnly     = []policy.Channel{policy.Voice}
	allChannels   = []policy.Channel{policy.Messaging, policy.Voice}
)

// verifyChannels are those of a verification. A channel without charge is nil
// (https://www.twilio.com/docs/verify/api/verification#start-new-verification).
var verifyChannels = channelTable{
	parameter: "Channel",
	words: map[string][]policy.Channel{
		"": messagingOnly, "sms": messagingOnly, "whatsapp": messagingOnly, "rcs": messagingOnly, "auto": messagingOnly,
		"call":  voiceOnly,
		"email": nil, "sna": nil,
	},
	otherwise: messagingOnly,
}

// interactionChannels are those of an interaction in Flex
// (https://www.twilio.com/docs/flex/developer/conversations/interactions-api/interactions).
var interactionChannels = channelTable{
	parameter: "type",
	words: map[string][]policy.Channel{
		"sms": messagingOnly, "whatsapp": messagingOnly, "messenger": messagingOnly, "rcs": messagingOnly,
		"web": messagingOnly, "chat": messagingOnly, "email": messagingOnly,
		"voice": voiceOnly,
	},
	otherwise: allChannels,
}

// conversationWords are the channels of an address in the second version of
// conversations, and in Communications. A channel without charge counts as messaging,
// since an address beside it may use another one.
var conversationWords = map[string][]policy.Channel{
	"sms": messagingOnly, "mms": messagingOnly, "whatsapp": messagingOnly, "rcs": messagingOnly,
	"messenger": messagingOnly,
	"chat":      messagingOnly, "email": messagingOnly, "api": messagingOnly, "system": messagingOnly,
	"send_message": messagingOnly,
	"voice":        voiceOnly, "phone": voiceOnly, "call": voiceOnly,
}

var (
	memberChannels = channelTable{inner: "channel", words: conversationWords, otherwise: allChannels}
	// The type says what an action does; it may also state a channel.
	actionChannels = channelTable{parameter: "type", inner: "channel", words: conversationWords, otherwise: allChannels}
	// Only messages are sent, unless a channel says otherwise.
	commsChannels = channelTable{inner: "channel", words: conversationWords, otherwise: messagingOnly}
)

// of returns the channels that the parameters state, all values together. Of a document
// only its own members count for parameter, not nested ones.
func (c *channelTable) of(found []params.Parameter) []policy.Channel {
	var reached [policy.ChannelCount]bool
	add := func(channels []policy.Channel) {
		for _, channel := range channels {
			reached[channel] = true
		}
	}
	stated := false
	for i := range found {
		p := &found[i]
		if (p.Parent != "" || !sameName(c.parameter, p.Name)) && !sameName(c.inner, p.Name) {
			continue
		}
		stated = stated || (p.Name == c.parameter || p.Name == c.inner) && !p.Uncertain
		channels, known := c.words[strings.ToLower(strings.TrimSpace(p.Value))]
		if !known {
			channels = allChannels
		}
		add(channels)
	}
	if !stated {
		add(c.otherwise)
	}
	var channels []policy.Channel
	for channel := range policy.ChannelCount {
		if reached[channel] {
			channels = append(channels, channel)
		}
	}
	return channels
}
