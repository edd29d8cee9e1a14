package libphonenumber

import (
	"regexp"
	"slices"
	"sync"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// longestNational is how many digits of a national number are asked about: as
// many as an E.164 number has with its calling code.
const longestNational = 15

// region asks the patterns of one region by Go's regular expressions, as libphonenumber
// does in getRegionCodeForNumberFromRegionList and getNumberTypeHelper.
type region struct {
	id string
	// leading is what numbers of the region begin with. Where there is one, nothing else
	// decides whose a number is.
	leading func() *regexp.Regexp
	general matcher
	kinds   []matcher
	// sameMobile says that fixed-line and mobile numbers share their pattern.
	sameMobile bool
}

// matcher is one pattern. It is compiled when it is first needed.
type matcher struct {
	kind    numbering.Kind
	pattern func() *regexp.Regexp
	lengths []int32
}

func newRegion(m *phonenumbers.PhoneMetadata) *region {
	r := &region{id: m.GetId(), sameMobile: m.GetSameMobileAndFixedLinePattern()}
	if leading := m.GetLeadingDigits(); leading != "" {
		r.leading = compiled("^(?:" + leading + ")")
	}
	if d, ok := Describe(numbering.UnknownKind, m.GetGeneralDesc()); ok {
		r.general = newMatcher(d)
	}
	for _, d := range Descriptions(m) {
		r.kinds = append(r.kinds, newMatcher(d))
	}
	return r
}

func newMatcher(d Description) matcher {
	return matcher{d.Kind, compiled("^(?:" + d.Pattern + ")$"), d.Lengths}
}

func compiled(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

func (m matcher) accepts(national string) bool {
	return m.pattern != nil && (len(m.lengths) == 0 || slices.Contains(m.lengths, int32(len(national)))) &&
		m.pattern().MatchString(national)
}

// listing returns the region and the kind of a number. The kind is
// numbering.UnknownKind where no pattern accepts the number; the region may be known
// even so.
//
// Patterns overlap where territories share ranges: +590 690 is the mobile range
// of Guadeloupe, Saint Barthélemy and Saint Martin together, +44 70 that of
// personal numbers on Jersey as in Leicester. Libphonenumber then names the
// main territory of the code, and so do we: the range is priced and policed
// as one, everyone else who uses this metadata says the same, and to ask for
// every territory would refuse good messages to the main one for nothing.
func (c *callingCode) listing(national string) (region string, kind numbering.Kind) {
	if national == "" || len(national) > longestNational {
		return "", numbering.UnknownKind
	}
	for _, r := range c.regions {
		kind := r.kind(national)
		if r.leading != nil && len(c.regions) > 1 {
			if r.leading().MatchString(national) {
				return r.id, kind
			}
		} else if kind != numbering.UnknownKind {
			return r.id, kind
		}
	}
	return "", numbering.UnknownKind
}

// kind returns the kind of a number by the patterns of one region.
func (r *region) kind(national string) numbering.Kind {
	if !r.general.accepts(national) {
		return numbering.UnknownKind
	}
	isMobile := false
	for _, m := range r.kinds {
		if m.kind == numbering.Mobile {
			isMobile = m.accepts(national)
		}
	}
	for _, m := range r.kinds {
		switch {
		case m.kind == numbering.Mobile && r.sameMobile:
			continue
		case !m.accepts(national):
		case m.kind == numbering.FixedLine && (r.sameMobile || isMobile):
			return numbering.FixedLineOrMobile
		default:
			return m.kind
		}
	}
	return numbering.UnknownKind
}
