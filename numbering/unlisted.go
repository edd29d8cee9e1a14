package numbering

import "iter"

// scope says which territories of a calling code an unlisted number of it
// belongs to.
type scope int

const (
	toMain scope = iota // to the main territory of the code
	toAll               // to all of them, each of which has to be permitted
)

// unlistedTable says whose a number is that no pattern of libphonenumber
// accepts, for each calling code that several territories share. (A code of one
// territory is that territory's altogether.)
//
// Before it, where the metadata has leading digits for a territory, they
// decide: +7 3, 4, 8 and 9 are Russia's and +7 7 is Kazakhstan's, +358 18 is
// Åland's, +599 3, 4 and 7 are Bonaire's. The row is for what is left.
//
// toMain stands where new ranges are known to be the main territory's, since
// the others keep to few fixed digits. toAll stands where a new range could be
// anyone's and costs differ: permission for one must not open another.
//
// The last rows are territories that the metadata does not have.
var unlistedTable = []unlistedRow{
	{"1", toAll, "", "an area code in no row of the table can become any member's of the plan"},
	{"7", toAll, "", "what is left is in use by neither: 0 and 6 are set aside for Kazakhstan, 2 and 5 for Russia, 1 for both"},
	{"39", toMain, "", "the Vatican numbers under 06 698 only, which its leading digits say"},
	{"44", toAll, "", "new ranges can be any of the four's, as Ofcom opens 07 ranges for Jersey, Guernsey and Man among those of Great Britain"},
	{"47", toMain, "", "Svalbard numbers under 79 only, which its leading digits say"},
	{"61", toMain, "", "Cocos and Christmas Island have one exchange each, 8 9162 and 8 9164"},
	{"64", toMain, "", "Pitcairn has a few lines within a range of New Zealand"},
	{"212", toMain, "", "Western Sahara has 5288 and 5289 of the Moroccan ranges, and libphonenumber too says Morocco"},
	{"262", toAll, "", "ARCEP opens ranges for Réunion and for Mayotte alike; the French Southern Territories have none of their own"},
	{"290", toMain, "", "Tristan da Cunha numbers under 8 only, which its leading digits say"},
	{"358", toMain, "", "Åland numbers under 18 only, which its leading digits say"},
	{"500", toMain, "", "South Georgia has a few lines within a range of the Falkland Islands"},
	{"590", toMain, "", "the three share their ranges, of which the main territory stands for all when listed"},
	{"599", toAll, "", "1, 2, 5, 8 and 0 are unassigned since the Netherlands Antilles were dissolved"},
	{"672", toAll, "NF AQ", "Norfolk Island shares the code with the Australian bases in Antarctica"},

	{"379", toMain, "VA", "assigned to the Vatican, which numbers under +39 instead"},
}

type unlistedRow struct {
	code   string
	scope  scope
	codes  string // the territories, where the metadata does not have them all
	reason string
}

// UnlistedOwners returns the territories that an unlisted number of a calling code
// belongs to, where its leading digits do not say. By the metadata, these territories
// share the code, the main one first.
func UnlistedOwners(callingCode string, shared []Territory) []Territory {
	for _, row := range unlistedTable {
		if row.code != callingCode {
			continue
		}
		if row.codes != "" {
			shared = theTerritories(row.codes)
		}
		if row.scope == toMain {
			return shared[:1:1]
		}
	}
	return shared
}

// SharedCodes yields the calling codes that the table of unlisted ranges names,
// with the reason of each row.
func SharedCodes() iter.Seq2[string, string] {
	return func(yield func(code, reason string) bool) {
		for _, row := range unlistedTable {
			if !yield(row.code, row.reason) {
				return
			}
		}
	}
}
