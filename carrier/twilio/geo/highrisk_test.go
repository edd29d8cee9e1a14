package geo

import (
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Twilio publishes names, in its own spelling: each is found in its own lists, and
// there its territories are.
func TestRiskyTerritoriesAreThoseThatTwilioNames(t *testing.T) {
	names := map[policy.Channel][]string{
		policy.Messaging: {
			"Bangladesh", "Israel", "Nigeria", "Pakistan", "Palestinian Territory", "Sri Lanka", "Azerbaijan", "Tajikistan",
			"Oman", "Tunisia", "Algeria",
		},
		policy.Voice: {
			"Ascension", "Greenland", "St Pierre and Miquelon", "Panama",
			"Albania", "Bulgaria", "Lithuania", "Latvia", "Estonia", "Moldova", "Belarus", "San Marino", "Slovenia", "Liechtenstein",
			"South Sudan", "Algeria", "Tunisia", "Gambia", "Senegal", "Mauritania", "Guinea", "Ivory Coast", "Niger", "Togo",
			"Liberia", "Chad", "Central Africa", "Cameroon", "Gabon", "Congo", "Seychelles", "Sierra Leone", "Somalia", "Burundi",
			"Madagascar", "Zimbabwe", "Comoros",
			"Australian External Territories", "Tonga", "Palau", "Samoa",
		},
	}
	for channel, list := range names {
		risky := make(map[numbering.Territory]bool)
		for _, name := range list {
			i := slices.IndexFunc(listOf(channel), func(d listed) bool { return d.Name == name })
			if i < 0 {
				t.Errorf("%s has no entry %q", channel, name)
				continue
			}
			for _, territory := range listOf(channel)[i].Territories {
				risky[territory] = true
			}
		}
		for territory := range numbering.AllTerritories() {
			source, ok := HighRisk(channel, territory)
			if ok != risky[territory] || ok != (source != "") {
				t.Errorf("%s to %s is risky: %v, by %q; want %v", channel, territory, ok, source, risky[territory])
			}
		}
	}
}
