package app

import (
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/territories"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// carrierLists are what carriers say of territories.
var carrierLists = []territories.Carrier{{Name: "twilio", HighRisk: geo.HighRisk, Entries: twilioEntries}}

// twilioEntries are the entries of Twilio's list for a channel that have a territory.
func twilioEntries(channel policy.Channel, t numbering.Territory) (found []territories.Entry) {
	countries, _ := geo.CountriesOf(channel, t)
	for _, c := range countries {
		stated := c.On(channel)
		entry := territories.Entry{Carrier: "twilio", Channel: channel.String(), Code: c.Code, Name: stated.Name, Prefixes: stated.Prefixes, Note: stated.Note}
		for _, of := range stated.Territories {
			entry.Territories = append(entry.Territories, of.String())
		}
		found = append(found, entry)
	}
	return found
}
