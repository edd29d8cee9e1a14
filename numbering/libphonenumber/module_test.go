package libphonenumber

import (
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// moduleListing asks the Go module, which has metadata of its own, for the region and the
// kind of a number.
func moduleListing(code int32, national string) (region string, kind numbering.Kind) {
	if national == "" || len(national) > longestNational {
		return "", numbering.UnknownKind
	}
	number := exactNumber(code, national)
	region = phonenumbers.GetRegionCodeForNumber(number)
	if region == "" {
		return "", numbering.UnknownKind
	}
	return region, kindOf(phonenumbers.GetNumberType(number))
}

// exactNumber makes libphonenumber's form of a number whose national
// significant number is these very digits.
func exactNumber(code int32, national string) *phonenumbers.PhoneNumber {
	value, _ := strconv.ParseUint(national, 10, 64) // digits, 15 at most
	number := &phonenumbers.PhoneNumber{CountryCode: &code, NationalNumber: &value}
	// The last digit is the value's even if it is 0.
	zeros := int32(len(national) - len(strconv.FormatUint(value, 10)))
	if zeros > 0 {
		leading := true
		number.ItalianLeadingZero = &leading
		number.NumberOfLeadingZeros = &zeros
	}
	return number
}

// kindOf translates libphonenumber's types of numbers.
func kindOf(t phonenumbers.PhoneNumberType) numbering.Kind {
	switch t {
	case phonenumbers.FIXED_LINE:
		return numbering.FixedLine
	case phonenumbers.MOBILE:
		return numbering.Mobile
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return numbering.FixedLineOrMobile
	case phonenumbers.TOLL_FREE:
		return numbering.TollFree
	case phonenumbers.PREMIUM_RATE:
		return numbering.PremiumRate
	case phonenumbers.SHARED_COST:
		return numbering.SharedCost
	case phonenumbers.VOIP:
		return numbering.VoIP
	case phonenumbers.PERSONAL_NUMBER:
		return numbering.PersonalNumber
	case phonenumbers.PAGER:
		return numbering.Pager
	case phonenumbers.UAN:
		return numbering.UAN
	case phonenumbers.VOICEMAIL:
		return numbering.Voicemail
	default:
		return numbering.UnknownKind
	}
}

// currentRegions returns the regions of the metadata of the source.
func currentRegions(t *testing.T) []*phonenumbers.PhoneMetadata {
	t.Helper()
	metadata, err := CurrentMetadata()
	if err != nil {
		t.Fatal(err)
	}
	regions, err := metadata.Regions()
	if err != nil {
		t.Fatal(err)
	}
	return regions
}

// The patterns of the Go module's metadata, asked as region asks them, come to what the
// module itself comes to.
func TestThePatternsAreAskedAsTheGoModuleAsksThem(t *testing.T) {
	regions, err := ModuleRegions()
	if err != nil {
		t.Fatal(err)
	}
	count, r := drawn(t)
	library := newLibrary(regions)
	next := numbersOf(t, r, regions)
	listed := 0
	for range count {
		digits := next()
		code, national := library.split(digits)
		region, kind := code.listing(national)
		wantRegion, want := moduleListing(code.number, national)
		if kind != want || kind != numbering.UnknownKind && region != wantRegion {
			t.Fatalf("+%s is %s %s, and in the Go module %s %s", digits, region, kind, wantRegion, want)
		}
		if kind != numbering.UnknownKind {
			listed++
		}
	}
	if listed < count/2 {
		t.Errorf("only %d of %d numbers were listed", listed, count)
	}
}
