package numbering

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Numbers of +1, the North American Numbering Plan, have an area code of three
// digits, and ten digits in all.
const (
	NANPCode   = "1"
	areaDigits = 3
	NANPDigits = 10
)

// AreaCode is what the tables say of one area code of +1, the North American
// Numbering Plan.
type AreaCode struct {
	// Place that the area code serves, or the service that it is.
	Place string
	// Territories that its numbers belong to; Any as in Assignment.
	Territories []Territory
	Any         bool
	// Service is the kind of every number of the area code, empty for a place.
	Service KindSet
}

// FindAreaCode returns what the tables say of three digits behind +1.
func FindAreaCode(digits string) (AreaCode, bool) {
	area, ok := areaCodes()[digits]
	return area, ok
}

// AreaCodes yields every area code of the tables, in order.
func AreaCodes() iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(areaCodes())))
}

// areaCodes are the rows of placeTable and serviceTable by area code.
var areaCodes = sync.OnceValue(func() map[string]AreaCode {
	byDigits := make(map[string]AreaCode, 512)
	for _, row := range placeTable {
		for digits := range strings.FieldsSeq(row.codes) {
			byDigits[digits] = AreaCode{Place: row.place, Territories: theTerritories(row.territory)}
		}
	}
	for _, row := range serviceTable {
		for digits := range strings.FieldsSeq(row.codes) {
			byDigits[digits] = AreaCode{row.service, theTerritories(row.territories), row.any, Kinds(row.kind)}
		}
	}
	return byDigits
})
