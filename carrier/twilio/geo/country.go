package geo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Country is what Twilio's two lists of countries say of one of them. Twilio gives
// permission for a channel by the entries of the channel's list.
type Country struct {
	// Code is the ISO code by which Twilio's API knows the country, empty if it is
	// unknown.
	Code      string
	Continent numbering.Continent
	// Messaging and Voice are the country's entries in the list of each channel, nil in
	// a list that does not have it.
	Messaging, Voice *Entry
}

// Entry is a country in one of Twilio's lists. Twilio judges by its prefixes, so an entry
// need not be one of our territories.
type Entry struct {
	// Name in Twilio's words.
	Name string
	// Prefixes with "+", as Twilio states them: not all under which the territories
	// have numbers.
	Prefixes []string
	// Territories of ours that the entry covers, at least one.
	Territories []numbering.Territory
	// Note says where the entry and our territories differ, or is empty.
	Note string
	// Unverified says what no known source shows about the entry, or is empty.
	Unverified string
}

// Channels are those that Twilio has a list of countries for.
var Channels = []policy.Channel{policy.Messaging, policy.Voice}

// On returns the country's entry in the list of a channel, or nil.
func (c *Country) On(channel policy.Channel) *Entry {
	if channel == policy.Voice {
		return c.Voice
	}
	return c.Messaging
}

// Countries returns both of Twilio's lists, by continent. The caller must not change it.
func Countries() []Country { return countries }

// Source says where Twilio's list for the channel is from.
func Source(channel policy.Channel) string { return sources[channel] }

// CountriesOf returns the countries whose entry in the list of the channel covers a
// territory. If there are none, the reason says why.
func CountriesOf(channel policy.Channel, t numbering.Territory) (found []Country, reason string) {
	for i := range countries {
		if entry := countries[i].On(channel); entry != nil && slices.Contains(entry.Territories, t) {
			found = append(found, countries[i])
		}
	}
	if len(found) > 0 {
		return found, ""
	}
	for _, row := range absentTable[channel] {
		if slices.Contains(strings.Fields(row.territories), t.String()) {
			return nil, row.reason
		}
	}
	return nil, ""
}

var countries = build(table)

// build makes the countries of a table.
func build(table []continentRows) []Country {
	var all []Country
	for _, c := range table {
		for _, r := range c.rows {
			all = append(all, Country{r.code, c.continent, r.entry(r.messaging), r.entry(r.voice)})
		}
	}
	return all
}

// entry is the entry of a row in one list: the list's own columns, and otherwise those
// that both lists share. Columns hold lists separated by spaces.
func (r *row) entry(own entry) *Entry {
	if own == notListed {
		return nil
	}
	territories := cmp.Or(own.territories, r.territories, r.code)
	return &Entry{
		Name:        cmp.Or(own.name, r.name),
		Prefixes:    strings.Fields(cmp.Or(own.prefixes, r.prefixes)),
		Territories: territoriesOf(territories),
		Note:        cmp.Or(own.note, r.note),
		Unverified:  cmp.Or(own.unverified, r.unverified),
	}
}

// territoriesOf parses the territories of a row. The tables are part of the code, so an
// unknown code is a bug.
func territoriesOf(codes string) []numbering.Territory {
	var territories []numbering.Territory
	for code := range strings.FieldsSeq(codes) {
		t, ok := numbering.ParseTerritory(code)
		if !ok {
			panic("geo: unknown territory " + code)
		}
		territories = append(territories, t)
	}
	return territories
}
