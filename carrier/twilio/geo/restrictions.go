package geo

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// RestrictionList is a list of territories of a channel that Twilio does not serve, or
// only on request, and where that is from, in words for people.
type RestrictionList struct {
	Reason      policy.Reason
	Channel     policy.Channel
	Territories policy.Set
	Source      string
}

var restrictionLists = []RestrictionList{
	{policy.Unsupported, policy.Messaging, setOf("IR", "SY", "CU"),
		"Twilio delivers nothing to Iran since 2025-03-15, to Syria and Cuba since 2025-09-15 " +
			"(https://www.twilio.com/docs/errors/21408, https://www.twilio.com/docs/errors/30649)"},
	{policy.Unsupported, policy.Voice, setOf(), "no such list is in Twilio's documentation"},
	{policy.ByRequest, policy.Voice, setOf("SG", "TW", "SL", "SO"),
		"an old help page of Twilio's, no longer found in its present documentation: " +
			"state your own list if you know better"},
}

// unsupportedWhatsApp are the prefixes to which WhatsApp messages cannot be
// sent: Iran, Cuba, Syria, Crimea, North Korea
// (https://www.twilio.com/docs/errors/21408, 2026).
var unsupportedWhatsApp = []string{"98", "53", "963", "7978", "850"}

// RestrictionLists are the lists of territories in force where a policy does not state
// its own.
func RestrictionLists() []RestrictionList { return slices.Clone(restrictionLists) }

// Restrictions are the same lists, and those of prefixes, for a policy.
func Restrictions() policy.Restrictions {
	r := policy.Restrictions{UnsupportedPrefixes: map[string][]string{"whatsapp": slices.Clone(unsupportedWhatsApp)}}
	for _, list := range restrictionLists {
		switch list.Reason {
		case policy.Unsupported:
			r.Unsupported[list.Channel] = list.Territories
		case policy.ByRequest:
			r.ByRequest = list.Territories
		}
	}
	return r
}

// setOf makes a set of codes. One that is not a territory is a mistake in this file.
func setOf(codes ...string) policy.Set {
	var set policy.Set
	for _, code := range codes {
		t, ok := numbering.ParseTerritory(code)
		if !ok {
			panic("geo: a list names the unknown territory " + code)
		}
		set.Add(t)
	}
	return set
}
