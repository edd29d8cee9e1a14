package geo

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Destination is one entry of the list by which Twilio gives permission for a
// channel. Twilio judges by its prefixes, and so an entry need not be one
// territory of ours.
type Destination struct {
	// Code is the ISO code by which Twilio's API knows the entry, empty if it is
	// not known.
	Code string
	// Name in Twilio's words.
	Name      string
	Continent numbering.Continent
	// Prefixes with "+", as Twilio states them: not all under which the
	// territories number.
	Prefixes []string
	// Territories that the entry stands for here, at least one.
	Territories []numbering.Territory
	// Note says where the entry and our territories differ, or is empty.
	Note string
	// Unverified says what of the entry nobody is known to have seen at Twilio's,
	// or is empty.
	Unverified string
}

// Destinations is the list of Twilio for the channel, continent by continent. The
// caller may not change it.
func Destinations(channel policy.Channel) []Destination { return destinations[channel] }

// DestinationsSource says where Twilio's list for the channel is from.
func DestinationsSource(channel policy.Channel) string { return destinationSources[channel] }

// DestinationsOf returns the entries of Twilio's list for the channel that hold a
// territory. Where none does, the reason says why.
func DestinationsOf(channel policy.Channel, t numbering.Territory) (entries []Destination, reason string) {
	for _, d := range destinations[channel] {
		if slices.Contains(d.Territories, t) {
			entries = append(entries, d)
		}
	}
	if len(entries) > 0 {
		return entries, ""
	}
	for _, row := range absentRows[channel] {
		if slices.Contains(strings.Fields(row.territories), t.String()) {
			return nil, row.reason
		}
	}
	return nil, ""
}

// listed is a row of Twilio's list. Prefixes are separated by spaces.
type listed struct {
	code, name string
	continent  numbering.Continent
	prefixes   string
}

// difference says of an entry which territories it stands for, separated by
// spaces, and what else there is to say of it.
type difference struct{ name, territories, note, unverified string }

// absent are territories that stand in no entry, separated by spaces.
type absent struct{ territories, reason string }

var destinationSources = [policy.ChannelCount]string{
	policy.Messaging: messagingSource,
	policy.Voice:     voiceSource,
}

var absentRows = [policy.ChannelCount][]absent{
	policy.Messaging: messagingAbsent,
	policy.Voice:     voiceAbsent,
}

var destinations = [policy.ChannelCount][]Destination{
	policy.Messaging: destinationsOf(messagingList, messagingDifferences),
	policy.Voice:     destinationsOf(voiceList, voiceDifferences),
}

// destinationsOf puts a list and its differences together.
func destinationsOf(list []listed, differences []difference) []Destination {
	byName := make(map[string]difference, len(differences))
	for _, d := range differences {
		byName[d.name] = d
	}
	all := make([]Destination, 0, len(list))
	for _, row := range list {
		d, ok := byName[row.name]
		if !ok {
			d.territories = row.code
		}
		delete(byName, row.name)
		all = append(all, Destination{row.code, row.name, row.continent, strings.Fields(row.prefixes),
			territoriesOf(d.territories), d.note, d.unverified})
	}
	for name := range byName {
		panic("twilio: no destination " + name)
	}
	return all
}

// territoriesOf are the territories of a row. The tables are ours, so a wrong code
// is a bug.
func territoriesOf(codes string) []numbering.Territory {
	var territories []numbering.Territory
	for code := range strings.FieldsSeq(codes) {
		t, ok := numbering.ParseTerritory(code)
		if !ok {
			panic("twilio: no territory " + code)
		}
		territories = append(territories, t)
	}
	return territories
}
