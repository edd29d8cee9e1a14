package policy

import (
	"iter"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Channel is the way a send reaches its destination.
type Channel uint8

// The channels. A verification by SMS is messaging, one by call is voice.
const (
	// Messaging is SMS and MMS, and what is sent by an app that has no channel here. Where
	// WhatsApp and RCS have no set of their own, its set is theirs.
	Messaging Channel = iota
	Voice
	WhatsApp
	RCS
	ChannelCount
)

// ChannelNames lists the channels as configurations and logs spell them, in their order.
// An address in a scheme that has the name of a channel is reached by that channel.
var ChannelNames = []string{"messaging", "voice", "whatsapp", "rcs"}

// String returns the channel as configurations and logs spell it.
func (c Channel) String() string { return ChannelNames[c] }

// ParseChannel reads a channel as String writes it.
func ParseChannel(s string) (Channel, bool) {
	for c, name := range ChannelNames {
		if s == name {
			return Channel(c), true
		}
	}
	return 0, false
}

// Base returns the channel whose set is in force for c where none is stated for c
// itself: Messaging for messages by an app, c for all others.
func (c Channel) Base() Channel {
	if c == Voice {
		return Voice
	}
	return Messaging
}

// Covers reports whether what is said of c holds for the other channel too: Messaging is
// all messages.
func (c Channel) Covers(other Channel) bool { return c == other || c == other.Base() }

// ChannelSet is a set of channels, one bit each.
type ChannelSet uint8

// Channels makes a set.
func Channels(channels ...Channel) (set ChannelSet) {
	for _, c := range channels {
		set |= 1 << c
	}
	return set
}

// Has reports whether a channel is in the set.
func (s ChannelSet) Has(c Channel) bool { return s&(1<<c) != 0 }

// All yields the channels of the set in order.
func (s ChannelSet) All() iter.Seq[Channel] {
	return func(yield func(Channel) bool) {
		for c := range ChannelCount {
			if s.Has(c) && !yield(c) {
				return
			}
		}
	}
}

// Class is the risk class of a destination. Voice is permitted class by class,
// messages to all classes but LowRisk can be denied as a whole.
type Class uint8

// The risk classes, as Twilio's voice geographic permissions know them.
const (
	// LowRisk is every destination in neither of the other classes.
	LowRisk Class = iota
	// HighRiskSpecial is premium, shared cost, and other special services.
	HighRiskSpecial
	// HighRiskTollFraud is ranges known for revenue-share fraud.
	HighRiskTollFraud
	ClassCount
)

var classNames = [ClassCount]string{"low_risk", "high_risk_special", "high_risk_tollfraud"}

// String returns the class as configurations and logs spell it.
func (c Class) String() string { return classNames[c] }

// ParseClass reads a class as String writes it.
func ParseClass(s string) (Class, bool) {
	for c, name := range classNames {
		if s == name {
			return Class(c), true
		}
	}
	return 0, false
}

// specialKinds are the kinds of numbers that make a destination
// HighRiskSpecial. Universal access numbers are not among them: most are
// ordinary company numbers at an ordinary price (NL 088, FI 029, GB 03).
var specialKinds = numbering.Kinds(
	numbering.PremiumRate,
	numbering.SharedCost,
	numbering.PersonalNumber,
	numbering.Pager,
	numbering.Voicemail,
)

// KindOf returns a kind of number that stands for the class in a range that an
// operator adds to the numbering plan: the reverse of what a verdict does.
func KindOf(c Class) numbering.Kind {
	switch c {
	case HighRiskSpecial:
		return numbering.PremiumRate
	case HighRiskTollFraud:
		return numbering.RevenueShare
	default:
		return numbering.FixedLineOrMobile
	}
}

// ClassOf returns the class of a number of one of the kinds; where it is not
// known which, the riskiest of them.
func ClassOf(kinds numbering.KindSet) Class { return classes(kinds).riskiest() }

// classSet is a set of classes, one bit each.
type classSet uint8

// classes returns the class of every kind in the set: more than one only
// where it is not known which kind of number it is.
func classes(kinds numbering.KindSet) classSet {
	var set classSet
	if kinds.Has(numbering.RevenueShare) {
		set |= 1 << HighRiskTollFraud
	}
	if kinds&specialKinds != 0 {
		set |= 1 << HighRiskSpecial
	}
	if set == 0 || kinds&^(specialKinds|numbering.Kinds(numbering.RevenueShare)) != 0 {
		set |= 1 << LowRisk
	}
	return set
}

func (s classSet) has(c Class) bool { return s&(1<<c) != 0 }

// riskiest is the riskiest class of the set, the one that logs name.
func (s classSet) riskiest() Class {
	for c := ClassCount - 1; c > LowRisk; c-- {
		if s.has(c) {
			return c
		}
	}
	return LowRisk
}

// mostPrefixes bounds the list of a territory. The longest there is, China's, has
// 272.
const mostPrefixes = 500

// SpecialPrefixes returns the prefixes of all listed numbers of class
// HighRiskSpecial in a territory, in order: the shortest list that leaves none
// out. Where no prefix could tell them from others, since the length of a number
// decides, it is not exact.
func SpecialPrefixes(t numbering.Territory) []numbering.Prefix {
	return numbering.Cover(t, specialKinds, mostPrefixes)
}
