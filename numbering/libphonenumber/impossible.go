package libphonenumber

import (
	"regexp"
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// impossibility says why no number is one of these digits, none of which is listed: by
// their length, as the metadata has it, and by what the plans of +1 and +44 rule out.
func impossibility(code *callingCode, national string) numbering.Impossibility {
	switch {
	case code.number == 0: // the metadata does not have the calling code
		return 0
	case code.number == 1 && !tenDigits.MatchString(national):
		// Seven digits are a number within one place to libphonenumber.
		return numbering.ImpossibleLength
	case code.number == 1:
		if _, ok := numbering.FindAreaCode(national[:3]); !ok {
			return numbering.ImpossibleAreaCode
		}
		if lowExchange.MatchString(national) {
			return numbering.ImpossibleExchange
		}
		return 0
	case !slices.Contains(code.lengths, int32(len(national))):
		return numbering.ImpossibleLength
	case code.number == 44 && !usedInBritain.MatchString(national):
		return numbering.ImpossibleRange
	}
	return 0
}

var (
	tenDigits     = regexp.MustCompile(`^[0-9]{10}$`)
	lowExchange   = regexp.MustCompile(`^[0-9]{3}[01]`)
	usedInBritain = regexp.MustCompile(`^[1235789]`)
)
