package address

import (
	"strings"
	"testing"
)

func TestMentionsOfNumbers(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "Hello", ""},
		{"six digits", "123456", ""},
		{"seven digits", "1234567", "1234567"},
		{"a plus sign", "call +998912345678 now", "+998912345678"},
		{"a plus sign before a bracket", "+ (998) 91-234-56.78", "+998) 91-234-56.78"},
		{"a comma between two", "12015550123,+998912345678", "12015550123|+998912345678"},
		{"letters at it", "CA12345678", "12345678 in a word"},
		{"a letter behind it", "12345678x", "12345678 in a word"},
		{"full width", "＋９９８９１２３４５６７８", "＋９９８９１２３４５６７８"},
		{"Arabic", "٩٩٨٩١٢٣٤٥٦٧٨", "٩٩٨٩١٢٣٤٥٦٧٨"},
		{"characters that cannot be seen", "998\u200b912\u00a0345\u00ad678", "998\u200b912\u00a0345\u00ad678"},
		{"bytes that are not UTF-8", "998\xff912345678\xff", "912345678"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var found []string
			for _, m := range Mentions(test.text) {
				text := m.Text
				if m.InWord {
					text += " in a word"
				}
				if found = append(found, text); m.Plus != strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "＋") {
					t.Errorf("%q: a plus sign: %t", text, m.Plus)
				}
			}
			if got := strings.Join(found, "|"); got != test.want {
				t.Errorf("%q mentions %q, want %q", test.text, got, test.want)
			}
		})
	}
}
