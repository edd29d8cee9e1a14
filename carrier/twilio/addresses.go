package twilio

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// dialect is how Twilio reads an address.
var dialect = &numbering.Dialect{
	// https://www.twilio.com/docs/messaging/channels,
	// https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource.
	Schemes: map[string]numbering.Scheme{
		"whatsapp":  numbering.NumberScheme,
		"rcs":       numbering.NumberScheme,
		"tel":       numbering.NumberScheme,
		"sms":       numbering.NumberScheme,
		"client":    numbering.OtherScheme,
		"app":       numbering.OtherScheme,
		"messenger": numbering.OtherScheme,
		"apple":     numbering.OtherScheme,
		"mailto":    numbering.OtherScheme,
		"sip":       numbering.SIPScheme,
		"sips":      numbering.SIPScheme,
	},
	// A trunk's termination URI dials the number before it
	// (https://www.twilio.com/docs/sip-trunking#termination-uri). A SIP domain
	// has registered devices, and may be wired to dial numbers
	// (https://www.twilio.com/docs/voice/api/sip-registration).
	SIPHosts: sipHosts(),
	// The magic numbers of Twilio's test credentials, +1 500 555 00xx
	// (https://www.twilio.com/docs/iam/test-credentials).
	TestPrefixes: []string{"150055500"},
	// https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice:
	// 911, 933 (test) and 112; 999 in the United Kingdom, 000 in Australia.
	Emergency: []string{"911", "933", "112", "999", "000"},
}

// sipHosts lists the domain, which dials, and its SIP domains at every edge,
// also by the names of old, where devices are registered.
func sipHosts() []numbering.SIPHost {
	hosts := []numbering.SIPHost{
		{Suffix: domain, Dials: true},
		{Suffix: "sip." + domain},
	}
	for _, edge := range slices.Concat(edges, regions) {
		hosts = append(hosts, numbering.SIPHost{Suffix: "sip." + edge + "." + domain})
	}
	return hosts
}
