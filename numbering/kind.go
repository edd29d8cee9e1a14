package numbering

import "strings"

// Kind is what kind of service answers at a number, in the terms of
// libphonenumber's number types.
type Kind uint8

// The kinds of numbers. Their values are bit positions in a KindSet.
const (
	FixedLine Kind = iota
	Mobile
	FixedLineOrMobile
	TollFree
	PremiumRate
	SharedCost
	VoIP
	PersonalNumber
	Pager
	UAN
	Voicemail
	// RevenueShare is a range known to be rented out for a share of what calls
	// to it cost. No numbering plan says so; a Range or a TollFraud set can.
	RevenueShare
	UnknownKind
	kindCount
)

var kindNames = [kindCount]string{
	FixedLine:         "fixed_line",
	Mobile:            "mobile",
	FixedLineOrMobile: "fixed_line_or_mobile",
	TollFree:          "toll_free",
	PremiumRate:       "premium_rate",
	SharedCost:        "shared_cost",
	VoIP:              "voip",
	PersonalNumber:    "personal_number",
	Pager:             "pager",
	UAN:               "universal_access",
	Voicemail:         "voicemail",
	RevenueShare:      "revenue_share",
	UnknownKind:       "unknown",
}

// String returns the name of the kind, such as "premium_rate".
func (k Kind) String() string {
	if k < kindCount {
		return kindNames[k]
	}
	return "unknown"
}

// KindSet is a set of kinds, one bit each.
type KindSet uint16

// Kinds returns the set of the kinds given.
func Kinds(kinds ...Kind) KindSet {
	var set KindSet
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// Has reports whether the set holds k.
func (s KindSet) Has(k Kind) bool { return s&(1<<k) != 0 }

// String lists the kinds of the set, separated by "|".
func (s KindSet) String() string {
	var names []string
	for k := range kindCount {
		if s.Has(k) {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, "|")
}
