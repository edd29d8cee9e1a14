package command

import (
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// territoryRow is all that the tables say of one territory. Its JSON has every
// field, whether there is something in it or not.
type territoryRow struct {
	Code      string              `json:"code"`
	Name      string              `json:"name"`
	Continent numbering.Continent `json:"continent"`
	// CallingCodes and LeadingDigits are with "+".
	CallingCodes  []string `json:"calling_codes"`
	LeadingDigits []string `json:"leading_digits"`
	// Rest says that the territory has what others leave of a calling code.
	Rest   bool            `json:"rest"`
	Flags  []territoryFlag `json:"flags"`
	Twilio twilioLists     `json:"twilio"`
}

// territoryFlag is what holds of a territory on one channel, and who says so.
type territoryFlag struct {
	Flag    string `json:"flag"`
	Channel string `json:"channel"`
	Source  string `json:"source"`
}

// highRisk is a flag that decides nothing; the others are reasons of a verdict.
const highRisk = "high_risk"

// twilioLists is where a territory is in Twilio's lists.
type twilioLists struct {
	Messaging twilioList `json:"messaging"`
	Voice     twilioList `json:"voice"`
}

// of returns the list of a channel.
func (l *twilioLists) of(channel policy.Channel) *twilioList {
	if channel == policy.Voice {
		return &l.Voice
	}
	return &l.Messaging
}

// twilioList is the entries that hold a territory, or why none does.
type twilioList struct {
	Entries   []twilioEntry `json:"entries"`
	NotListed string        `json:"not_listed"`
}

// twilioEntry is an entry of one of Twilio's lists: see geo.Entry.
type twilioEntry struct {
	Code        string              `json:"code"`
	Name        string              `json:"name"`
	Continent   numbering.Continent `json:"continent"`
	Prefixes    []string            `json:"prefixes"`
	Territories []string            `json:"territories"`
	Note        string              `json:"note"`
	Unverified  string              `json:"unverified"`
}

// newTerritoryRow gathers what is known of a territory.
func newTerritoryRow(t numbering.Territory) territoryRow {
	prefixes, rest := numbering.LeadingDigits(t)
	row := territoryRow{
		Code:          t.String(),
		Name:          t.Name(),
		Continent:     t.Continent(),
		CallingCodes:  withPlusSigns(t.CallingCodes()),
		LeadingDigits: withPlusSigns(prefixes),
		Rest:          rest,
		Flags:         []territoryFlag{},
	}
	for _, channel := range geo.Channels {
		if source, ok := geo.HighRisk(channel, t); ok {
			row.Flags = append(row.Flags, territoryFlag{highRisk, channel.String(), source})
		}
		*row.Twilio.of(channel) = newTwilioList(channel, t)
	}
	for _, list := range geo.RestrictionLists() {
		if list.Territories.Has(t) {
			row.Flags = append(row.Flags, territoryFlag{string(list.Reason), list.Channel.String(), list.Source})
		}
	}
	return row
}

func newTwilioList(channel policy.Channel, t numbering.Territory) twilioList {
	countries, reason := geo.CountriesOf(channel, t)
	list := twilioList{[]twilioEntry{}, reason}
	for _, c := range countries {
		e := c.On(channel)
		entry := twilioEntry{c.Code, e.Name, c.Continent, e.Prefixes, nil, e.Note, e.Unverified}
		for _, t := range e.Territories {
			entry.Territories = append(entry.Territories, t.String())
		}
		list.Entries = append(list.Entries, entry)
	}
	return list
}

func withPlusSigns(digits []string) []string {
	written := []string{} // none is [] in JSON
	for _, d := range digits {
		written = append(written, "+"+d)
	}
	return written
}
