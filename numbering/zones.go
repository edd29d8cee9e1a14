package numbering

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// ZonesOf returns the time zones that a number may be in, given as digits without "+": those of
// its area, or all of its country where its digits say nothing of an area, as those of most mobiles.
// There are none of a number beyond any country. It allocates nothing except at first.
func ZonesOf(digits string) []*time.Location {
	table := zones()
	area, _ := table.areas.Longest(digits)
	if area == nil {
		return nil
	}
	if len(area.code.zones) == 1 || area.zones == nil {
		return area.zones
	}
	if assignment := Default().Lookup(digits); !area.code.isGeographic(&assignment) {
		return area.code.zonesOfCountry(&assignment)
	}
	return area.zones
}

//go:embed zones.txt
var zonesFile string

// zoneTable is the file: the areas by what their numbers begin with.
type zoneTable struct{ areas PrefixMap[zoneArea] }

// zoneArea is the zones of numbers with one beginning.
type zoneArea struct {
	zones []*time.Location
	code  *zoneCode
}

// zoneCode is what areas of one calling code have in common.
type zoneCode struct {
	// zones of all its numbers, nil if one of them is unknown.
	zones []*time.Location
	// geographic are the kinds of numbers whose digits say in which area they are. Of others, the
	// file has one area for each, and libphonenumber itself does not look them up in it
	// (PhoneNumberToTimeZonesMapper.getTimeZonesForNumber, PhoneNumberUtil.isNumberGeographical,
	// github.com/google/libphonenumber). Where a plan does not tell mobiles from landlines, these
	// have an area as far as mobiles have.
	geographic KindSet
	// of are the zones of the areas of each of its territories.
	of map[Territory][]*time.Location
}

// isGeographic reports whether a number's digits say in which area it is. Those of one in no known
// range do not.
func (c *zoneCode) isGeographic(assignment *Assignment) bool {
	return assignment.Listed && assignment.Kinds&^c.geographic == 0
}

// zonesOfCountry are all zones of the territory that a number is of, or of the calling code where
// that has one territory, or the number may be of several.
func (c *zoneCode) zonesOfCountry(assignment *Assignment) []*time.Location {
	if len(c.of) > 1 && len(assignment.Territories) == 1 && c.zones != nil {
		if zones := c.of[assignment.Territories[0]]; zones != nil {
			return zones
		}
	}
	return c.zones
}

// callingCodeNANP is the one whose mobiles have an area code as landlines do.
const callingCodeNANP = "1"

// geographicMobiles begins the line of the file with the calling codes of countries whose mobiles
// are of an area, as libphonenumber says (PhoneNumberUtil.GEO_MOBILE_COUNTRIES).
const geographicMobiles = "mobiles"

// zones reads the file.
var zones = sync.OnceValue(func() *zoneTable {
	zonesOf, loaded := map[string][]*time.Location{}, map[string]*time.Location{}
	mobiles := []string{callingCodeNANP}
	for line := range strings.Lines(zonesFile) {
		names, prefixes, _ := strings.Cut(line, " ")
		switch names {
		case "#":
			continue
		case geographicMobiles:
			mobiles = append(mobiles, strings.Fields(prefixes)...)
			continue
		}
		zones := loadZones(names, loaded)
		for prefix := range strings.FieldsSeq(prefixes) {
			zonesOf[prefix] = zones
		}
	}
	joinExchanges(zonesOf)
	codes := map[string]*zoneCode{}
	var entries []PrefixEntry[zoneArea]
	for _, prefix := range slices.Sorted(maps.Keys(zonesOf)) {
		zones, digits := zonesOf[prefix], shortestPrefix(zonesOf, prefix)
		code := codes[digits]
		if code == nil {
			code = newZoneCode(zonesOf[digits], slices.Contains(mobiles, digits))
			codes[digits] = code
		}
		if prefix != digits {
			code.add(prefix, zones)
		}
		entries = append(entries, PrefixEntry[zoneArea]{Prefix: prefix, Value: zoneArea{zones, code}})
	}
	return &zoneTable{NewPrefixMap(entries)}
})

// In +1, an area code ends with the fourth digit and an exchange with the seventh.
const (
	areaLength     = 4
	exchangeLength = 7
)

// joinExchanges has the numbers of an area code of +1 of which the file does not know the exchange be
// in all zones that its exchanges are in. The file itself has them where most of the area is, and
// lists the exchanges that are elsewhere.
func joinExchanges(zonesOf map[string][]*time.Location) {
	for _, prefix := range slices.Sorted(maps.Keys(zonesOf)) {
		if !strings.HasPrefix(prefix, callingCodeNANP) {
			continue
		}
		for n := areaLength; n < min(len(prefix), exchangeLength); n++ {
			area, ok := zonesOf[prefix[:n]]
			if !ok {
				continue
			}
			joined := slices.Clone(area) // which other areas may have
			for _, zone := range zonesOf[prefix] {
				if !slices.Contains(joined, zone) {
					joined = append(joined, zone)
				}
			}
			zonesOf[prefix[:n]] = joined
		}
	}
}

// shortestPrefix is the shortest beginning of a prefix that has zones: its calling code.
func shortestPrefix(zonesOf map[string][]*time.Location, prefix string) string {
	for n := range prefix {
		if _, ok := zonesOf[prefix[:n+1]]; ok {
			return prefix[:n+1]
		}
	}
	return prefix
}

func newZoneCode(zones []*time.Location, mobilesAreGeographic bool) *zoneCode {
	c := &zoneCode{zones: zones, geographic: Kinds(FixedLine), of: map[Territory][]*time.Location{}}
	if mobilesAreGeographic {
		c.geographic |= Kinds(Mobile, FixedLineOrMobile)
	}
	return c
}

// add notes the zones of an area for the territories that have numbers of it. What has no area, such
// as toll-free numbers, may be in the file for several territories.
func (c *zoneCode) add(prefix string, zones []*time.Location) {
	if len(c.zones) == 1 {
		return
	}
	for _, r := range ReachOf(prefix) {
		if example := Default().Lookup(r.Example); r.Shared || !c.isGeographic(&example) {
			continue
		}
		for _, zone := range zones {
			if !slices.Contains(c.of[r.Territory], zone) {
				c.of[r.Territory] = append(c.of[r.Territory], zone)
			}
		}
	}
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
