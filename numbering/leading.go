package numbering

import (
	"strings"
	"sync"
)

// mostLeading is how many prefixes of a territory that is not the main one of its
// code anyone would read. None has so many.
const mostLeading = 100

// LeadingDigits returns what the numbers of a territory begin with, without "+"
// and in order, under the calling codes that it shares with others. The main
// territory of such a code has the rest of it, in prefixes too many to read: then
// rest is true, and there are none. If there are no prefixes and rest is false, it shares no
// code, or no listed number is known to be its own.
func LeadingDigits(t Territory) (prefixes []string, rest bool) {
	for _, code := range t.CallingCodes() {
		switch {
		case !sharedCodes()[code]:
		case Default().Lookup(code).Territories[0] == t:
			rest = true
		case code == NANPCode:
			prefixes = append(prefixes, areaCodesOf(t)...)
		default:
			for _, prefix := range Cover(t, 0, mostLeading) {
				if strings.HasPrefix(prefix.Digits, code) {
					prefixes = append(prefixes, prefix.Digits)
				}
			}
		}
	}
	return prefixes, rest
}

// sharedCodes says of each calling code whether it is more than one territory's.
var sharedCodes = sync.OnceValue(func() map[string]bool {
	shared := make(map[string]bool)
	for t := range AllTerritories() {
		for _, code := range t.CallingCodes() {
			_, another := shared[code]
			shared[code] = another
		}
	}
	return shared
})

// areaCodesOf returns the area codes of +1 that are one territory's alone. Numbers
// without an area code, Canada's +1 310 1234, begin like those of another.
func areaCodesOf(t Territory) (prefixes []string) {
	for digits := range AreaCodes() {
		if area, _ := FindAreaCode(digits); len(area.Territories) == 1 && area.Territories[0] == t {
			prefixes = append(prefixes, NANPCode+digits)
		}
	}
	return prefixes
}
