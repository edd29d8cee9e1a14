package twilio

import (
	"net/netip"
	"slices"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/policy"
)

// dialect is how Twilio reads an address.
var dialect = &address.Dialect{
	// https://www.twilio.com/docs/messaging/channels,
	// https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource.
	Schemes: map[string]address.Scheme{
		"whatsapp":  address.UserScheme,
		"rcs":       address.NumberScheme,
		"tel":       address.TelephoneScheme,
		"sim":       address.SIDScheme, // https://www.twilio.com/docs/voice/twiml/sim
		"sms":       address.NumberScheme,
		"client":    address.OtherScheme,
		"app":       address.OtherScheme,
		"messenger": address.OtherScheme,
		"apple":     address.OtherScheme,
		"mailto":    address.OtherScheme,
		"sip":       address.SIPScheme,
		"sips":      address.SIPScheme,
	},
	// A trunk's termination URI dials its user part
	// (https://www.twilio.com/docs/sip-trunking#termination-uri). A SIP domain has
	// registered devices, whose names may consist of digits
	// (https://www.twilio.com/docs/voice/api/sip-registration).
	SIPHosts:    sipHosts(),
	SIPNetworks: sipNetworks(),
	// https://www.twilio.com/docs/voice/twiml/sip,
	// https://www.twilio.com/docs/sip-trunking/configure-with-interconnect (edge, tnx).
	SIPParameters: []string{"transport", "region", "edge", "tnx", "user"},
	// The magic numbers of Twilio's test credentials, +1 500 555 00xx
	// (https://www.twilio.com/docs/iam/test-credentials).
	TestPrefixes: []string{"150055500"},
	Emergency:    emergencyNumbers(),
	Services:     serviceNumbers(),

	// To a number, a service with an RCS sender sends by RCS, and by SMS if that fails; by
	// WhatsApp only to an address with its scheme
	// (https://www.twilio.com/docs/rcs/send-an-rcs-message,
	// https://www.twilio.com/docs/whatsapp/api).
	ServiceSchemes: []string{"rcs"},

	MessagingService: func(text string) (id string, ok bool) {
		return sid.Identifiers{}.Canonical(policy.ServiceID, text)
	},
}

// signallingNetworks are where Twilio's SIP gateways are
// (https://www.twilio.com/docs/sip-trunking/ip-addresses, "Regional Signaling IP
// Gateways"): they accept a trunk's calls like its termination URI.
var signallingNetworks = []string{
	"54.172.60.0/30",    // Virginia
	"54.244.51.0/30",    // Oregon
	"54.171.127.192/30", // Ireland
	"35.156.191.128/30", // Frankfurt
	"54.65.63.192/30",   // Tokyo
	"54.169.127.128/30", // Singapore
	"54.252.254.64/30",  // Sydney
	"177.71.206.192/30", // São Paulo
}

func sipNetworks() []netip.Prefix {
	networks := make([]netip.Prefix, len(signallingNetworks))
	for i, network := range signallingNetworks {
		networks[i] = netip.MustParsePrefix(network)
	}
	return networks
}

// sipHosts lists the domain, which dials, and the SIP domains of registered devices at
// every edge, including the edges' former names.
func sipHosts() []address.SIPHost {
	hosts := []address.SIPHost{
		{Suffix: operations.Domain, Dials: true},
		{Suffix: "sip." + operations.Domain},
	}
	for _, edge := range slices.Concat(operations.Edges, operations.Regions) {
		hosts = append(hosts, address.SIPHost{Suffix: "sip." + edge + "." + operations.Domain})
	}
	return hosts
}
