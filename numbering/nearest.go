package numbering

import (
	"slices"
	"strings"
	"unicode"
)

// otherNames are codes and names that people use for a territory beside its
// own, spelled as plainName spells them.
var otherNames = map[string]string{
	// Codes that are none, or no longer.
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

// NearestTerritory returns the code of the territory that was probably meant by
// s, where s is a code, a name, a calling code, or nearly one; "" where nothing
// is near.
func NearestTerritory(s string) string {
	s = strings.TrimSpace(s)
	if t, ok := ParseTerritory(s); ok {
		return t.String()
	}
	if digits := strings.TrimLeft(s, "+0"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		return territoryOfCallingCode(digits)
	}
	name := plainName(s)
	if name == "" {
		return ""
	}
	if code, ok := otherNames[name]; ok {
		return code
	}
	for _, find := range []func(string) (Territory, bool){sameName, beginningOfName, mistypedName, mistypedCode} {
		if t, ok := find(name); ok {
			return t.String()
		}
	}
	return ""
}

// territoryOfCallingCode returns the main territory of the calling code, or of
// the area code under +1, that the digits begin with.
func territoryOfCallingCode(digits string) string {
	assignment := Default().Lookup(digits)
	if !assignment.Assigned() {
		return ""
	}
	return assignment.Territories[0].String()
}

// unaccented spells the letters of the table's names in ASCII.
var unaccented = strings.NewReplacer("ü", "u", "ö", "o", "ô", "o", "é", "e", "ç", "c", "ã", "a", "í", "i",
	"Å", "a", "å", "a", "ñ", "n", "&", "and")

// plainName spells a name in small ASCII letters alone, so that spaces, accents
// and "the" make no difference.
func plainName(s string) string {
	s = strings.TrimPrefix(unaccented.Replace(strings.ToLower(s)), "the ")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// sameName finds the territory of this very name or alpha-3 code.
func sameName(name string) (Territory, bool) {
	return firstTerritory(func(t Territory) bool {
		return name == plainName(t.Name()) || strings.EqualFold(name, territories[t].alpha3)
	})
}

// beginningOfName finds the territory whose name begins like this.
func beginningOfName(name string) (Territory, bool) {
	if len(name) < 4 {
		return 0, false
	}
	return firstTerritory(func(t Territory) bool { return strings.HasPrefix(plainName(t.Name()), name) })
}

// mistypedName finds the territory whose name is the fewest edits away, one
// edit for every four letters at most.
func mistypedName(name string) (nearest Territory, found bool) {
	fewest := len(name)/4 + 1
	for t := range AllTerritories() {
		if n := edits(name, plainName(t.Name())); n < fewest {
			nearest, found, fewest = t, true, n
		}
	}
	return nearest, found
}

// neighbours are the letters around each letter on a keyboard.
var neighbours = map[byte]string{
	'q': "wa", 'w': "qesa", 'e': "wrds", 'r': "etfd", 't': "rygf", 'y': "tuhg", 'u': "yijh", 'i': "uokj",
	'o': "iplk", 'p': "ol", 'a': "qwsz", 's': "awedxz", 'd': "serfcx", 'f': "drtgvc", 'g': "ftyhbv",
	'h': "gyujnb", 'j': "huikmn", 'k': "jiolm", 'l': "kop", 'z': "asx", 'x': "zsdc", 'c': "xdfv",
	'v': "cfgb", 'b': "vghn", 'n': "bhjm", 'm': "njk",
}

// mistypedCode finds the code that was meant by two or three letters: turned
// around, with a letter too many, or with a finger on the next key.
func mistypedCode(code string) (Territory, bool) {
	var tries []string
	switch len(code) {
	case 2:
		tries = append(tries, code[1:]+code[:1])
		for _, i := range []int{1, 0} { // the first letter is the one people get right
			for _, letter := range neighbours[code[i]] {
				typed := []byte(code)
				typed[i] = byte(letter)
				tries = append(tries, string(typed))
			}
		}
	case 3:
		tries = append(tries, code[:2], code[1:], code[:1]+code[2:])
	}
	for _, try := range tries {
		if t, ok := ParseTerritory(try); ok {
			return t, true
		}
	}
	return 0, false
}

func firstTerritory(matches func(Territory) bool) (Territory, bool) {
	for t := range AllTerritories() {
		if matches(t) {
			return t, true
		}
	}
	return 0, false
}

// edits returns how many letters have to be put in, taken out or replaced to
// make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = slices.Min([]int{replaced, row[j] + 1, diagonal + 1})
		}
	}
	return row[len(b)]
}
