package libphonenumber

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// knownBetter lists the area codes of +1 whose numbers are not what libphonenumber
// says, with the reason. Nowhere else does the plan differ from it on a listed
// number.
var knownBetter = []struct{ areaCodes, reason string }{
	{"357 436 457 465 471 483 621 624 679 729 837 861 924", "assigned or announced, and not in libphonenumber yet"},
	{"800 833 844 855 866 877 888", "toll-free numbers are out of one pool of the United States and Canada; libphonenumber names the former"},
	{"822", "the next toll-free area code, not in libphonenumber yet"},
	{"900", "premium numbers can be either country's; libphonenumber names the United States"},
	{"500 521 522 523 524 525 526 527 528 529 532 533 544 566 577 588", "personal numbers can be either country's; libphonenumber names the United States"},
	{"535 538 542 543 545 546 547 549 550 552 553 554 556 558 569 578 589", "personal and machine numbers that libphonenumber does not have"},
	{"644 655 677 688", "Canadian personal and machine numbers that libphonenumber does not have"},
	{"700", "services of the long-distance carriers, of which libphonenumber has none"},
	{"710", "the government's, of which libphonenumber has none"},
}

// raw is what libphonenumber says of a number by itself, without the tables.
func raw(codes map[string]*callingCode, digits string) (numbering.Assignment, bool) {
	for n := 1; n <= 3 && n <= len(digits); n++ {
		code := codes[digits[:n]]
		if code == nil || code.number == 0 {
			continue
		}
		region, kind := code.listing(digits[n:])
		return numbering.Assignment{Territories: code.territoriesOf(region), Kinds: numbering.Kinds(kind)}, kind != numbering.UnknownKind
	}
	return numbering.Assignment{}, false
}

func (c *callingCode) territoriesOf(region string) []numbering.Territory {
	if region == "" {
		return nil
	}
	return c.territory(region)
}

// areaOf is the area code of a number of +1 with ten digits.
func areaOf(digits string) string {
	if len(digits) != 11 || digits[0] != '1' {
		return ""
	}
	return digits[1:4]
}

// isKnownBetter reports whether a number stands under an area code of the list.
func isKnownBetter(digits string) bool {
	area := areaOf(digits)
	return area != "" && slices.ContainsFunc(knownBetter, func(row struct{ areaCodes, reason string }) bool {
		return slices.Contains(strings.Fields(row.areaCodes), area)
	})
}

func TestWhereThePlanKnowsBetterThanLibphonenumber(t *testing.T) {
	codes, plan := New().codes, numbering.Default()
	listed := make(map[string]bool)
	for _, row := range knownBetter {
		if row.reason == "" {
			t.Errorf("%s: there is no reason", row.areaCodes)
		}
		for code := range strings.FieldsSeq(row.areaCodes) {
			listed[code] = true
		}
	}
	for area := 200; area < 1000; area++ {
		code, differs := fmt.Sprint(area), false
		for exchange := 200; exchange < 1000; exchange += 7 {
			digits := fmt.Sprintf("1%d%d2345", area, exchange)
			differs = differs || differ(codes, plan, digits)
		}
		if differs != listed[code] {
			t.Errorf("+1 %s differs from libphonenumber: %t, listed: %t", code, differs, listed[code])
		}
	}
}

// differ reports whether the plan differs from libphonenumber on what is listed.
func differ(codes map[string]*callingCode, plan numbering.Plan, digits string) bool {
	want, ok := raw(codes, digits)
	got := plan.Lookup(digits)
	return ok != got.Listed || ok && (got.Kinds != want.Kinds || !slices.Equal(got.Territories, want.Territories))
}
