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
	{policy.Unsupported, policy.WhatsApp, setOf("IR", "SY", "CU", "KP"),
		"WhatsApp messages cannot be sent to +98, +963, +53 and +850, nor to +7978 in Crimea " +
			"(https://www.twilio.com/docs/errors/21408)"},
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

// Restrictions are the same lists for a policy, with that of WhatsApp as prefixes.
func Restrictions() policy.Restrictions {
	var r policy.Restrictions
	r.UnsupportedPrefixes[policy.WhatsApp] = slices.Clone(unsupportedWhatsApp)
	for _, list := range restrictionLists {
		switch {
		case list.Reason == policy.ByRequest:
			r.ByRequest = list.Territories
		case list.Channel != policy.WhatsApp:
			r.Unsupported[list.Channel] = list.Territories
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
