package address

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slowFold folds a text of any length, in one piece.
func slowFold(text string) string {
	var b strings.Builder
	for _, c := range norm.NFKC.String(text) {
		switch {
		case c < 0x80:
			b.WriteRune(c)
		case unicode.Is(unicode.Nd, c):
			b.WriteByte('0' + digitValue(c))
		case unicode.Is(unicode.Zs, c) || c == '\u2028' || c == '\u2029' || c == '\u0085':
			b.WriteByte(' ')
		case unicode.Is(unicode.Pd, c) || c == '\u2212' || c == '\u00ad':
			b.WriteByte('-')
		case unicode.In(c, unicode.Cf, unicode.Mn, unicode.Me, unicode.Variation_Selector) || c == '\u115f' || c == '\u1160' || c == '\u3164':
		default:
			b.WriteRune(c)
		}
	}
	return strings.TrimSpace(b.String())
}

// The patterns of numbers inside texts, as they can be read.
var (
	numberInside = regexp.MustCompile(`\+[ ().-]*([0-9][ ().-]*){7,}`)
	numberFirst  = regexp.MustCompile(`^\+?[ ().-]*([0-9][ ().-]*){7,}`)
)

func slowContainsNumber(text string) bool {
	folded := strings.TrimLeft(slowFold(text), separators+"\x00")
	if _, rest, ok := cutScheme(folded); ok && numberFirst.MatchString(rest) {
		return true
	}
	return strings.HasPrefix(folded, "+") || numberInside.MatchString(folded) ||
		len(keepDigits(folded, false)) >= shortestNumber && strings.Trim(folded, separators+"0123456789") == ""
}

// marksLetters reports whether a mark stands behind a letter of ASCII: composed, they
// are one letter, and read one by one, the mark is not seen.
func marksLetters(text string) bool {
	previous := ' '
	for _, c := range norm.NFKD.String(text) {
		if unicode.Is(unicode.M, c) && unicode.IsLetter(previous) {
			return true
		}
		previous = c
	}
	return false
}

func checkFold(t *testing.T, text string) {
	t.Helper()
	want := slowFold(text)
	got, ok := fold(text)
	if ok && got != want {
		t.Errorf("%q folds to %q, want %q", text, got, want)
	}
	if !ok && len(text) <= maxFolded && len(norm.NFKD.String(text)) <= maxFolded {
		t.Errorf("%q is too long to fold", text)
	}
	holds, wanted := ContainsNumber(text), slowContainsNumber(text)
	if holds != wanted && (wanted || !marksLetters(text)) {
		t.Errorf("%q holds a number: %t, want %t", text, holds, wanted)
	}
	ascii, other := false, false
	for _, c := range text {
		ascii = ascii || '0' <= c && c <= '9'
		other = other || c >= 0x80 && strings.ContainsAny(slowFold(string(c)), "+0123456789")
	}
	if mixesDigits(text) != (ascii && other) {
		t.Errorf("%q mixes digits: %t", text, !(ascii && other))
	}
}

// Every character, alone and in a number, is folded as a reader would that looks at
// texts as a whole.
func TestEveryCharacterIsFoldedAlike(t *testing.T) {
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if c == 0x20000 {
			c = 0xe0000 // ideographs, and nothing assigned, between
		}
		checkFold(t, string(c))
		checkFold(t, "+37190"+string(c)+"001234")
	}
}

// Texts put together of what numbers are made of, and of what hides them, are read as
// the slow readers do.
func TestTextsHoldNumbersAsThePatternsSay(t *testing.T) {
	pieces := []string{"+", "+", "0", "1234567", "371", "9", " ", "-", "(", ")", ".", "/", "~", "_", "'", ":", "tel:", "a", "x", "ext", "@", "\n", "\t", "\x00", "é", "ﷺ", "٣", "＋", "９", "①", "½",
		"\u200b", "\u00ad", "\u2011", "\u3000", "　", "中", "한", "\u20e3", "𝟗", "：", "ｔｅｌ", "\u0301", "ﬁ", "🄀", "㏠", "\xff"}
	r := rand.New(rand.NewPCG(6, 12))
	for range 50_000 {
		var b strings.Builder
		for range 1 + r.IntN(14) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text := b.String()
		if strings.Contains(text, "\xff") {
			if ContainsNumber(text) != slowContainsNumber(text) && !marksLetters(text) {
				t.Errorf("%q holds a number: %t", text, ContainsNumber(text))
			}
			continue
		}
		checkFold(t, text)
	}
}

func FuzzContainsNumber(f *testing.F) {
	f.Add("ﷺﷺ +371 90001234")
	f.Fuzz(func(t *testing.T, text string) {
		holds, wanted := ContainsNumber(text), slowContainsNumber(text)
		if holds != wanted && (wanted || !marksLetters(text)) {
			t.Errorf("%q holds a number: %t, want %t", text, holds, wanted)
		}
	})
}
