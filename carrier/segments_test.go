package carrier_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

func TestATextHasSoManySegments(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       int
	}{
		{"no text", "", 1},
		{"160 letters", strings.Repeat("a", 160), 1},
		{"161 letters", strings.Repeat("a", 161), 2},
		{"306 letters", strings.Repeat("a", 306), 2},
		{"307 letters", strings.Repeat("a", 307), 3},
		{"80 characters of the extension", strings.Repeat("€", 80), 1},
		{"81 of these", strings.Repeat("€", 81), 2},
		{"one that does not fit at the end of the first", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3},
		{"the same letters without it", strings.Repeat("a", 306), 2},
		{"70 Cyrillic letters", strings.Repeat("д", 70), 1},
		{"71 Cyrillic letters", strings.Repeat("д", 71), 2},
		{"134 Cyrillic letters", strings.Repeat("д", 134), 2},
		{"135 Cyrillic letters", strings.Repeat("д", 135), 3},
		{"one Cyrillic letter among 70 others", "д" + strings.Repeat("a", 70), 2},
		{"35 emoji", strings.Repeat("😀", 35), 1},
		{"36 emoji", strings.Repeat("😀", 36), 2},
		{"67 emoji, of which none is cut in two", strings.Repeat("😀", 67), 3},
		{"letters of the GSM alphabet beyond ASCII", strings.Repeat("ñ", 160), 1},
		{"bytes that are not text", "\xff\xfe", 1},
	} {
		if got := carrier.Segments(test.text); got != test.want {
			t.Errorf("%s: %d segments, want %d", test.name, got, test.want)
		}
	}
}
