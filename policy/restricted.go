package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// What Twilio does not serve, or only on request. Any of these lists can be
// stated anew in a configuration, for the day the carrier changes its mind.

// builtinUnsupported are the territories to which Twilio delivers nothing.
//
//   - messaging: Iran since 2025-03-15, Syria and Cuba since 2025-09-15
//     (https://www.twilio.com/docs/errors/21408 and /30649).
//   - voice: no such list is published.
var builtinUnsupported = [ChannelCount][]string{
	Messaging: {"IR", "SY", "CU"},
}

// unsupportedWhatsApp are the prefixes to which WhatsApp messages cannot be
// sent: Iran, Cuba, Syria, Crimea, North Korea
// (https://www.twilio.com/docs/errors/21408, 2026).
var unsupportedWhatsApp = []string{"98", "53", "963", "7978", "850"}

// builtinByRequest are the voice territories that Twilio opens to an account
// only on request. The source is an old help page of Twilio's, no longer
// found in its present documentation: state your own list if you know better.
var builtinByRequest = []string{"SG", "TW", "SL", "SO"}

// mustSet turns a built-in list into a set. A code that is no territory is a
// mistake in this file.
func mustSet(codes []string) *Set {
	var s Set
	for _, code := range codes {
		t, ok := numbering.ParseTerritory(code)
		if !ok {
			panic("policy: built-in list names unknown territory " + code)
		}
		s.Add(t)
	}
	return &s
}
