package libphonenumber

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Libphonenumber is probed with a number of every eleventh exchange in each of
// the 800 area codes there could be.
func TestTheTableOfAreaCodesAgreesWithLibphonenumber(t *testing.T) {
	// Libphonenumber names the first region that accepts a number, which for
	// the numbers of a service is the United States; the table knows that
	// toll-free, premium and personal numbers are both countries'.
	bothCountries := strings.Fields("800 833 844 855 866 877 888 900 " +
		"500 521 522 523 524 525 526 527 528 529 532 533 544 566 577 588")

	known, plan := 0, New().codes[numbering.NANPCode]
	for code := 200; code < 1000; code++ {
		digits := strconv.Itoa(code)
		area, listed := numbering.FindAreaCode(digits)
		found := false
		for exchange := 200; exchange < 1000; exchange += 11 {
			national := digits + strconv.Itoa(exchange) + "2345"
			region, kind := plan.listing(national)
			if kind == numbering.UnknownKind {
				continue
			}
			found = true
			if !listed {
				t.Errorf("%s is %s in libphonenumber and not in the table", digits, region)
				break
			}
			got := area.Territories[0].String()
			alone := len(area.Territories) == 1
			if got != region || alone == slices.Contains(bothCountries, digits) {
				t.Errorf("%s is %v in the table and %s in libphonenumber", digits, area.Territories, region)
				break
			}
		}
		if found {
			known++
		}
	}
	// 359 of the United States, 55 of Canada, 29 of the others and the
	// services, at 9.0.43; fewer would mean that the probes miss.
	if known < 460 {
		t.Errorf("the probes found %d area codes of libphonenumber's", known)
	}
}
