package suggest

import (
	"strings"
	"unicode"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// otherNames are codes and names that are used for a territory besides its own, spelled
// as plainName spells them.
var otherNames = map[string]string{
	// Codes that do not exist, or no longer.
	"uk": "GB", "en": "GB", "eng": "GB", "sco": "GB", "wal": "GB", "nir": "GB",
	"el": "GR", "ja": "JP", "ko": "KR", "zh": "CN", "cs": "CZ", "da": "DK",
	"ger": "DE", "sp": "ES", "su": "RU", "uae": "AE", "ks": "XK", "kos": "XK", "an": "CW",
	"yu": "RS", "zr": "CD", "bu": "MM", "tp": "TL", "fx": "FR",

	// Names.
	"america": "US", "united": "US", "unitedstatesofamerica": "US", "britain": "GB", "greatbritain": "GB",
	"england": "GB", "scotland": "GB", "wales": "GB", "northernireland": "GB", "man": "IM",
	"deutschland": "DE", "espana": "ES", "osterreich": "AT", "schweiz": "CH", "suisse": "CH", "brasil": "BR",
	"holland": "NL", "turkey": "TR", "czechrepublic": "CZ", "swaziland": "SZ", "macedonia": "MK",
	"burma": "MM", "ivorycoast": "CI", "capeverde": "CV", "macau": "MO", "easttimor": "TL",
	"korea": "KR", "republicofkorea": "KR", "russianfederation": "RU", "vatican": "VA", "holysee": "VA",
	"palestinianterritories": "PS", "vietnam": "VN", "congokinshasa": "CD", "congobrazzaville": "CG",
	"stlucia": "LC", "stkittsandnevis": "KN", "stvincent": "VC", "stmartin": "MF", "sthelena": "SH",
	"stbarthelemy": "BL", "usvirginislands": "VI", "tanzania": "TZ", "emirates": "AE",
	"iridium": "+881", "globalstar": "+881", "thuraya": "+882", "satellite": "+870",
}

// Territory returns the code of the territory that was probably meant by a text that is a
// code, a name, a calling code, or nearly one of these; "" where nothing is near, or the
// text is a word for several.
func Territory(text string) string {
	text = strings.TrimSpace(text)
	if t, ok := numbering.ParseTerritory(text); ok {
		return t.String()
	}
	if digits := strings.TrimLeft(text, "+0"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		return territoryOfCallingCode(digits)
	}
	name := plainName(text)
	if name == "" || regions[name] || Group(text) != "" || IsAll(name) {
		return ""
	}
	if code, ok := otherNames[name]; ok {
		return code
	}
	for _, find := range []func(string) (numbering.Territory, bool){sameName, beginningOfName, mistypedName, mistypedCode} {
		if t, ok := find(name); ok {
			return t.String()
		}
	}
	return ""
}

// territoryOfCallingCode returns the main territory of the calling code, or of
// the area code under +1, that the digits begin with.
func territoryOfCallingCode(digits string) string {
	assigned := numbering.Default().Lookup(digits)
	if !assigned.Assigned() {
		return ""
	}
	return assigned.Territories[0].String()
}

// unaccented spells the letters of the table's names in ASCII.
var unaccented = strings.NewReplacer("ü", "u", "ö", "o", "ô", "o", "é", "e", "ç", "c", "ã", "a", "í", "i",
	"Å", "a", "å", "a", "ñ", "n", "&", "and")

// plainName spells a name in lower-case ASCII letters alone, so that spaces, accents
// and "the" make no difference.
func plainName(name string) string {
	name = strings.TrimPrefix(unaccented.Replace(strings.ToLower(name)), "the ")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, name)
}

// sameName finds the territory of this very name or alpha-3 code.
func sameName(name string) (numbering.Territory, bool) {
	return firstTerritory(func(t numbering.Territory) bool {
		return name == plainName(t.Name()) || strings.EqualFold(name, t.Alpha3())
	})
}

// beginningOfName finds the territory whose name begins like this.
func beginningOfName(name string) (numbering.Territory, bool) {
	if len(name) < 4 {
		return 0, false
	}
	return firstTerritory(func(t numbering.Territory) bool { return strings.HasPrefix(plainName(t.Name()), name) })
}

// mistypedName finds the territory whose name is the fewest edits away, one
// edit for every four letters at most.
func mistypedName(name string) (nearest numbering.Territory, found bool) {
	fewest := len(name)/4 + 1
	for t := range numbering.AllTerritories() {
		if n := distance(name, plainName(t.Name())); n < fewest {
			nearest, found, fewest = t, true, n
		}
	}
	return nearest, found
}

// neighbors are the letters around each letter on a keyboard.
var neighbors = map[byte]string{
	'q': "wa", 'w': "qesa", 'e': "wrds", 'r': "etfd", 't': "rygf", 'y': "tuhg", 'u': "yijh", 'i': "uokj",
	'o': "iplk", 'p': "ol", 'a': "qwsz", 's': "awedxz", 'd': "serfcx", 'f': "drtgvc", 'g': "ftyhbv",
	'h': "gyujnb", 'j': "huikmn", 'k': "jiolm", 'l': "kop", 'z': "asx", 'x': "zsdc", 'c': "xdfv",
	'v': "cfgb", 'b': "vghn", 'n': "bhjm", 'm': "njk",
}

// mistypedCode finds the code that was meant by two or three letters: swapped, with one
// letter too many, or with one of a neighboring key.
func mistypedCode(code string) (numbering.Territory, bool) {
	var tries []string
	switch len(code) {
	case 2:
		tries = append(tries, code[1:]+code[:1])
		for _, i := range []int{1, 0} { // the first letter is most often right
			for _, letter := range neighbors[code[i]] {
				typed := []byte(code)
				typed[i] = byte(letter)
				tries = append(tries, string(typed))
			}
		}
	case 3:
		tries = append(tries, code[:2], code[1:], code[:1]+code[2:])
	}
	for _, try := range tries {
		if t, ok := numbering.ParseTerritory(try); ok {
			return t, true
		}
	}
	return 0, false
}

func firstTerritory(matches func(numbering.Territory) bool) (numbering.Territory, bool) {
	for t := range numbering.AllTerritories() {
		if matches(t) {
			return t, true
		}
	}
	return 0, false
}
