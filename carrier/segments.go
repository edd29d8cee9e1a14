package carrier

import (
	"strings"
	"unicode/utf16"
)

// How long the segments of a text message are (3GPP TS 23.040, section 9.2.3.24.1): in septets of
// the GSM alphabet where it has all characters, else in units of UCS-2. Each of several segments
// has less, since a header says which one it is.
const (
	septetsAlone, septetsOfSeveral = 160, 153
	unitsAlone, unitsOfSeveral     = 70, 67
)

// The GSM 7-bit default alphabet and its extension, of which each character has two septets (3GPP
// TS 23.038, section 6.2.1).
const (
	gsmAlphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// septetsOf has how many septets a character has, 0 of one that is in neither.
func septetsOf(c rune) int {
	switch {
	case c == '€':
		return 2
	case c >= 0 && int(c) < len(septets):
		return int(septets[c])
	}
	return 0
}

var septets = func() (septets [0x400]uint8) {
	for _, c := range gsmAlphabet {
		septets[c] = 1
	}
	for _, c := range strings.TrimSuffix(gsmExtension, "€") {
		septets[c] = 2
	}
	return septets
}()

// Segments is how many segments a text has as a message, at least one. What a carrier replaces by
// similar letters to save some counts as it was written.
func Segments(text string) int {
	for _, c := range text {
		if septetsOf(c) == 0 {
			return segmentsOf(text, unitsAlone, unitsOfSeveral, utf16.RuneLen)
		}
	}
	return segmentsOf(text, septetsAlone, septetsOfSeveral, septetsOf)
}

// segmentsOf counts the segments of a text by the length of its characters, none of which is in
// two segments.
func segmentsOf(text string, alone, ofSeveral int, length func(rune) int) int {
	all, segments, left := 0, 1, ofSeveral
	for _, c := range text {
		n := length(c)
		all += n
		if left -= n; left < 0 {
			segments, left = segments+1, ofSeveral-n
		}
	}
	if all <= alone {
		return 1
	}
	return segments
}
