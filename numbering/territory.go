package numbering

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// Territory is what a permission is given for: a country or dependent
// territory by its ISO 3166 alpha-2 code ("US", "XK" for Kosovo), or a calling
// code that belongs to no country ("+870"). The value is an index into the
// table of territories, stable within one build of the program only: store
// its String, never its number. The zero value is not a territory.
type Territory uint16

// MaxTerritories bounds the values a Territory can have; sets of territories
// are bit sets of this length.
const MaxTerritories = 320

// The table fits the sets: this does not compile otherwise.
var _ [MaxTerritories - len(territories)]struct{}

var territoryByCode = func() map[string]Territory {
	byCode := make(map[string]Territory, len(territories))
	for t := range AllTerritories() {
		byCode[t.String()] = t
	}
	return byCode
}()

// ParseTerritory reads the code of a territory, in either letter case.
func ParseTerritory(s string) (Territory, bool) {
	if !isASCII(s) {
		return 0, false // the capital of some other letters is an ASCII one
	}
	t, ok := territoryByCode[strings.ToUpper(s)]
	return t, ok
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// String returns the code of the territory, "" for the zero value.
func (t Territory) String() string {
	if int(t) < len(territories) {
		return territories[t].code
	}
	return ""
}

// Alpha3 returns the ISO 3166 alpha-3 code of the territory, "" where it has none.
func (t Territory) Alpha3() string {
	if int(t) < len(territories) {
		return territories[t].alpha3
	}
	return ""
}

// Name returns the short English name of the territory.
func (t Territory) Name() string {
	if int(t) < len(territories) {
		return territories[t].name
	}
	return ""
}

// Continent returns the continent of the territory, "" for a calling code of no
// country.
func (t Territory) Continent() Continent {
	if int(t) < len(territories) {
		return territories[t].continent
	}
	return ""
}

// CallingCodes returns the calling codes, without "+", under which the numbers
// of the territory are; none for a territory without numbers. Others may
// number under them too.
func (t Territory) CallingCodes() []string {
	if int(t) < len(territories) {
		return strings.Fields(territories[t].callingCodes)
	}
	return nil
}

// AllTerritories yields every territory, in the order of the table.
func AllTerritories() iter.Seq[Territory] {
	return func(yield func(Territory) bool) {
		for i := 1; i < len(territories); i++ {
			if !yield(Territory(i)) {
				return
			}
		}
	}
}

// identity holds every territory at its own index, so that only needs no
// allocation.
var identity = func() (all [len(territories)]Territory) {
	for t := range AllTerritories() {
		all[t] = t
	}
	return all
}()

// only returns the list of this one territory.
func only(t Territory) []Territory { return identity[t : t+1 : t+1] }

// theTerritories returns the territories of a table's row, given as codes
// separated by spaces. The tables are ours, so a wrong code is a bug.
func theTerritories(codes string) []Territory {
	var list []Territory
	for code := range strings.FieldsSeq(codes) {
		t, ok := territoryByCode[code]
		if !ok {
			panic("numbering: no territory " + code)
		}
		list = append(list, t)
	}
	return list
}

// Continent is the continent of a territory, empty for a calling code of no
// country. It is spelled as carriers that group destinations by it do.
type Continent string

// The continents. NORTH_AMERICA is in Twilio's documentation; that the
// others are spelled alike is unverified.
const (
	Africa       Continent = "AFRICA"
	Asia         Continent = "ASIA"
	Europe       Continent = "EUROPE"
	NorthAmerica Continent = "NORTH_AMERICA"
	Oceania      Continent = "OCEANIA"
	SouthAmerica Continent = "SOUTH_AMERICA"
)
