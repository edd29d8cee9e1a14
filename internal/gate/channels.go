package gate

import (
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// A message goes by the channel that the request or the scheme of the destination names.
// Where senders may send it by others, it may go by each of them.

// channelOf is the channel of a send to a destination in a scheme, which names one where the
// request states only that it is a message.
func channelOf(stated policy.Channel, scheme string) policy.Channel {
	if stated == policy.Voice || scheme == "" {
		return stated
	}
	if named, ok := policy.ParseChannel(scheme); ok && named != policy.Voice {
		return named
	}
	return stated
}

// named are the channels that a request names for a send that was read. A scheme that names
// one leaves no choice of others, except in a verification, whose channel has a parameter.
func named(send *policy.Send, s *carrier.Send) policy.ChannelSet {
	channels := policy.Channels(send.Channel)
	if send.Channel == s.Channel || s.Verification {
		channels |= s.Also
	}
	if s.Channel != policy.Messaging {
		channels |= policy.Channels(s.Channel)
	}
	return channels
}

// judge gives the verdict on a send by every channel that it may go by: each must be
// allowed. The send is left with the channel of the verdict.
func (a *addresses) judge(subject *policy.Subject, send *policy.Send, s *carrier.Send, now time.Time) policy.Verdict {
	verdict, channel := a.judgeAsRead(subject, send, now), send.Channel
	others := a.others(send, s)
	if others == 0 {
		return verdict
	}
	for other := range others.All() {
		send.Channel = other
		if v := a.judgeAsRead(subject, send, now); v.Severity() > verdict.Severity() {
			verdict, channel = v, other
		}
	}
	send.Channel = channel
	return verdict
}

// judgeAsRead gives the verdict on a send by the one channel that it has.
func (a *addresses) judgeAsRead(subject *policy.Subject, send *policy.Send, now time.Time) policy.Verdict {
	return subject.JudgePrice(send, subject.Judge(send, now), a.rules.Deck, now)
}

// others are the other channels that a message may go by, where the verdict may differ.
func (a *addresses) others(send *policy.Send, s *carrier.Send) policy.ChannelSet {
	if send.Channel == policy.Voice {
		return 0
	}
	apart := a.rules.Snapshot.Apart()
	if a.rules.Snapshot.PricesMatter() {
		apart |= a.rules.pricedApart()
	}
	if apart == 0 {
		return 0
	}
	return a.mayGoBy(send, s) & (apart | policy.Channels(policy.Messaging)) &^ policy.Channels(send.Channel)
}

// pricedApart are the channels of messages that the deck has prices of their own for.
func (rules *Rules) pricedApart() (channels policy.ChannelSet) {
	for _, channel := range [...]policy.Channel{policy.WhatsApp, policy.RCS} {
		if rules.Deck != nil && rules.Deck.Has(policy.RateKind(channel)) {
			channels |= policy.Channels(channel)
		}
	}
	return channels
}

// pricedBy are the channels that the carrier may choose for a send, where what it spends may differ.
func (a *addresses) pricedBy(send *policy.Send, s *carrier.Send) policy.ChannelSet {
	if send.Channel == policy.Voice || !a.rules.Snapshot.SpendMatters() || a.rules.pricedApart() == 0 {
		return 0
	}
	return a.mayGoBy(send, s) | policy.Channels(channelOf(s.Channel, send.Destination.Scheme))
}

// mayGoBy are the channels that the carrier may choose for a send.
func (a *addresses) mayGoBy(send *policy.Send, s *carrier.Send) policy.ChannelSet {
	channels := named(send, s)
	if send.Channel != policy.Voice && !s.Verification {
		channels |= a.senderChannels(send, s)
	}
	return channels
}

// senderChannels are the channels by which the senders of a message may send it. One that is
// not named may be a messaging service.
func (a *addresses) senderChannels(send *policy.Send, s *carrier.Send) (channels policy.ChannelSet) {
	var by senderKinds
	switch {
	case len(s.Senders) > 0:
		by = a.kindsOf(s.Senders)
	default:
		if !a.kindsKnown {
			a.kinds, a.kindsKnown = a.kindsOf(a.senders), true
		}
		by = a.kinds
	}
	channels = by.channels
	if s.Channel != policy.Messaging {
		return channels // the request states it
	}
	if by.plain {
		channels |= policy.Channels(policy.Messaging)
	}
	if (by.service || s.International) && send.Destination.Scheme == "" {
		for _, scheme := range a.reader.Dialect.ServiceSchemes {
			channels |= policy.Channels(channelOf(policy.Messaging, scheme))
		}
	}
	return channels
}

// senderKinds says of the senders of a request which channels their schemes name, and
// whether one is a messaging service, or neither.
type senderKinds struct {
	channels       policy.ChannelSet
	service, plain bool
}

func (a *addresses) kindsOf(senders []string) senderKinds {
	kinds := senderKinds{service: len(senders) == 0}
	var room senderRoom
	for _, sender := range senders {
		names := a.reader.AppendSender(room[:0], sender)
		if len(names) == 0 {
			continue
		}
		scheme, _, _ := strings.Cut(names[0], ":")
		switch channel := channelOf(policy.Messaging, scheme); {
		case channel != policy.Messaging:
			kinds.channels |= policy.Channels(channel)
		case a.isService(names[0]):
			kinds.service = true
		default:
			kinds.plain = true
		}
	}
	return kinds
}

// isService reports whether a sender, by its name, is a messaging service.
func (a *addresses) isService(name string) bool {
	if a.reader.Dialect.MessagingService == nil {
		return false
	}
	_, is := a.reader.Dialect.MessagingService(name)
	return is
}
