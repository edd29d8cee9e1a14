package numbering

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// ZonesOf returns the time zones that a number may be in, given as digits without "+": those of
// its area, or all of its calling code where no area tells them apart. There are none of a number
// beyond any country. It allocates nothing except at first.
func ZonesOf(digits string) []*time.Location {
	zones, _ := zonePrefixes().Longest(digits)
	if zones == nil {
		return nil
	}
	return *zones
}

//go:embed zones.txt
var zonesFile string

// zonePrefixes are the zones of the file, by the prefixes that they are of.
var zonePrefixes = sync.OnceValue(func() *PrefixMap[[]*time.Location] {
	var entries []PrefixEntry[[]*time.Location]
	loaded := map[string]*time.Location{}
	for line := range strings.Lines(zonesFile) {
		names, prefixes, _ := strings.Cut(line, " ")
		if names == "#" {
			continue
		}
		zones := loadZones(names, loaded)
		for prefix := range strings.FieldsSeq(prefixes) {
			entries = append(entries, PrefixEntry[[]*time.Location]{Prefix: prefix, Value: zones})
		}
	}
	m := NewPrefixMap(entries)
	for _, row := range mobileRanges {
		if zones, _ := m.Longest(row.callingCode); zones != nil {
			for _, prefix := range row.prefixes {
				entries = append(entries, PrefixEntry[[]*time.Location]{Prefix: prefix, Value: *zones})
			}
		}
	}
	m = NewPrefixMap(entries)
	return &m
})

// mobileRanges are mobile numbers of countries with several time zones, whose digits say nothing of
// where they are. The table has one zone for each; libphonenumber itself does not look such numbers
// up in it, and takes all zones of the country (PhoneNumberToTimeZonesMapper.getTimeZonesForNumber
// and PhoneNumberUtil.isNumberGeographical, github.com/google/libphonenumber).
var mobileRanges = []struct {
	callingCode string
	prefixes    []string
}{
	{"7", []string{"79"}},             // Russia
	{"34", []string{"346", "347"}},    // Spain, with the Canary Islands
	{"351", []string{"3519"}},         // Portugal, with the Azores
	{"56", []string{"569"}},           // Chile, with Easter Island
	{"61", []string{"614"}},           // Australia
	{"64", []string{"642"}},           // New Zealand, with the Chatham Islands
	{"593", []string{"5939"}},         // Ecuador, with the Galapagos Islands
	{"976", []string{"9768", "9769"}}, // Mongolia
}

// loadZones finds zones by their names, separated by commas. If one is not in the database of time
// zones, it is unknown where a number is.
func loadZones(names string, loaded map[string]*time.Location) []*time.Location {
	var zones []*time.Location
	for name := range strings.SplitSeq(names, ",") {
		if loaded[name] == nil {
			zone, err := time.LoadLocation(name)
			if err != nil {
				return nil
			}
			loaded[name] = zone
		}
		zones = append(zones, loaded[name])
	}
	return zones
}
