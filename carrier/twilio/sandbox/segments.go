package sandbox

import "strings"

// Sizes of one SMS, alone and as part of a longer message, whose header has six bytes
// (3GPP TS 23.040): in septets of GSM-7 and in code units of UCS-2.
const (
	septetsAlone, septetsJoined = 160, 153
	unitsAlone, unitsJoined     = 70, 67
)

// The GSM 7-bit default alphabet and its extension table, whose characters need an escape
// and so two septets (3GPP TS 23.038).
const (
	gsmAlphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§" +
		"¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// segments counts the SMS that a text needs. One character outside the GSM alphabet
// makes the whole text UCS-2.
func segments(text string) int {
	weigh, alone, joined := septets, septetsAlone, septetsJoined
	if strings.ContainsFunc(text, func(character rune) bool { return septets(character) == 0 }) {
		weigh, alone, joined = codeUnits, unitsAlone, unitsJoined
	}
	total, count, used := 0, 1, 0
	for _, character := range text {
		weight := weigh(character)
		total += weight
		// A segment never ends between an escape and its character, or between two
		// surrogates.
		if used+weight > joined {
			count, used = count+1, 0
		}
		used += weight
	}
	if total <= alone {
		return 1
	}
	return count
}

// septets returns the length of a character in GSM-7, or 0 if GSM-7 does not have it.
func septets(character rune) int {
	switch {
	case strings.ContainsRune(gsmAlphabet, character):
		return 1
	case strings.ContainsRune(gsmExtension, character):
		return 2
	}
	return 0
}

// codeUnits returns the length of a character in UCS-2, which carriers read as UTF-16.
func codeUnits(character rune) int {
	if character > 0xFFFF {
		return 2
	}
	return 1
}
