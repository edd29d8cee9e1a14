package operations

import (
	"maps"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
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
	whatsAppOnly  = []policy.Channel{policy.WhatsApp}
	rcsOnly       = []policy.Channel{policy.RCS}
	rcsOrSMS      = []policy.Channel{policy.RCS, policy.Messaging}
	allChannels   = []policy.Channel{policy.Messaging, policy.Voice, policy.WhatsApp, policy.RCS}
)

// verifyChannels are those of a verification. A channel without charge is nil
// (https://www.twilio.com/docs/verify/api/verification#start-new-verification). One by RCS
// is sent by SMS where RCS fails. One by SMS that Twilio sends by RCS instead costs what an
// SMS costs, and is one (https://www.twilio.com/docs/verify/rcs).
var verifyChannels = channelTable{
	parameter: "Channel",
	words: map[string][]policy.Channel{
		"": messagingOnly, "sms": messagingOnly, "whatsapp": whatsAppOnly, "rcs": rcsOrSMS, "auto": messagingOnly,
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
		"sms": messagingOnly, "whatsapp": whatsAppOnly, "messenger": messagingOnly, "rcs": rcsOnly,
		"web": messagingOnly, "chat": messagingOnly, "email": messagingOnly,
		"voice": voiceOnly,
	},
	otherwise: allChannels,
}

// conversationWords are the channels of an address in the second version of
// conversations, and in Communications. A channel without charge counts as messaging,
// since an address beside it may use another one.
var conversationWords = map[string][]policy.Channel{
	"sms": messagingOnly, "mms": messagingOnly, "whatsapp": whatsAppOnly, "rcs": rcsOnly,
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
	commsChannels = channelTable{inner: "channel", words: commsWords, otherwise: rcsOrSMS}
)

// commsWords are the channels of a message in Communications, where a phone is written to,
// by RCS or SMS (https://www.twilio.com/docs/comms/channel-fallback).
var commsWords = func() map[string][]policy.Channel {
	words := maps.Clone(conversationWords)
	words["phone"] = rcsOrSMS
	return words
}()

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

// addSend adds a destination of a request by each of the channels. Those of messages are one
// send: it goes by one of them.
func addSend(intent *carrier.Intent, channels []policy.Channel, send carrier.Send) {
	message := -1
	for _, channel := range channels {
		if message >= 0 && channel != policy.Voice {
			intent.Sends[message].Also |= policy.Channels(channel)
			continue
		}
		if channel != policy.Voice {
			message = len(intent.Sends)
		}
		send.Channel = channel
		intent.Sends = append(intent.Sends, send)
	}
}
