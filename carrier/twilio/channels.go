package twilio

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// channelTable says by which channel an operation reaches its destination, from
// the values of a parameter. A value that is not in the table could be anything.
type channelTable struct {
	parameter string
	words     map[string][]policy.Channel
	// otherwise is the channel if no value is stated beyond doubt.
	otherwise []policy.Channel
}

var (
	messagingOnly = []policy.Channel{policy.Messaging}
	voiceOnly     = []policy.Channel{policy.Voice}
	allChannels   = []policy.Channel{policy.Messaging, policy.Voice}
)

// verifyChannels are those of a verification: none for what carries no toll
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

// of is the channels that parameters state, all values together. In a document
// only its own members count, and not those of what stands in it.
func (c *channelTable) of(found []carrier.Parameter) []policy.Channel {
	var reached [policy.ChannelCount]bool
	add := func(channels []policy.Channel) {
		for _, channel := range channels {
			reached[channel] = true
		}
	}
	stated := false
	for i := range found {
		p := &found[i]
		if p.Parent != "" || !strings.EqualFold(p.Name, c.parameter) {
			continue
		}
		stated = stated || p.Name == c.parameter && !p.Doubtful
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
