package suggest_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

func TestTheTerritoryThatWasMeantIsFound(t *testing.T) {
	tests := []struct{ text, want string }{
		// Right already.
		{"US", "US"}, {"us", "US"}, {" US ", "US"}, {"+870", "+870"},
		// Codes that do not exist.
		{"UK", "GB"}, {"EN", "GB"}, {"uk", "GB"}, {"EL", "GR"}, {"USA", "US"}, {"GBR", "GB"}, {"DEU", "DE"}, {"CHE", "CH"},
		// Names, of today and of yesterday.
		{"Germany", "DE"}, {"germany", "DE"}, {"United Kingdom", "GB"}, {"Great Britain", "GB"}, {"England", "GB"},
		{"United States of America", "US"}, {"The Netherlands", "NL"}, {"Holland", "NL"}, {"Türkiye", "TR"}, {"Turkey", "TR"},
		{"Swaziland", "SZ"}, {"Cote d'Ivoire", "CI"}, {"Ivory Coast", "CI"}, {"Korea", "KR"}, {"Åland", "AX"}, {"Inmarsat", "+870"},
		// Names with a mistake in them.
		{"Germny", "DE"}, {"Unted States", "US"}, {"Switzerlnd", "CH"}, {"Irak", "IQ"}, {"Phillipines", "PH"}, {"Gremany", "DE"},
		// Beginnings of names.
		{"Austr", "AT"}, {"Bosnia", "BA"}, {"Saint Pierre", "PM"},
		// Calling codes.
		{"+44", "GB"}, {"44", "GB"}, {"0044", "GB"}, {"+1", "US"}, {"1", "US"}, {"+1242", "BS"}, {"+1924", "US"},
		{"+7", "RU"}, {"+599", "CW"}, {"870", "+870"}, {"+4930", "DE"}, {"+999", ""}, {"+0", ""},
		// A slip of the finger: the letters swapped, one too many, the next key.
		{"EB", "BE"}, {"USS", "US"}, {"GH", "GH"}, {"UD", "US"}, {"HJ", "HU"},
		// Nothing near.
		{"", ""}, {" ", ""}, {"*", ""}, {"none", ""}, {"🙂", ""}, {"Q", ""}, {"Atlantis", ""},
	}
	for _, test := range tests {
		if got := suggest.Territory(test.text); got != test.want {
			t.Errorf("Territory(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestAHintSaysWhatIsNotATerritory(t *testing.T) {
	const (
		region = ": it is a region that no list defines: name each of its countries, or a group of `tollgate territories --groups`"
		norway = `: some tools read NO without quotes as false, write "NO" in quotes for Norway`
	)
	without := func(code string) string {
		return ": a group cannot be narrowed: list its members without " + code + " (`tollgate territories --groups` prints them)"
	}
	for _, test := range []struct{ text, want string }{
		// Regions, each of which looks like a territory.
		{"Caribbean", region}, {"The Caribbean", region}, {"Middle East", region}, {"DACH", region}, {"ANZ", region}, {"emea", region},
		// Groups, where only one territory will do or the name is nearly one.
		{"North America", `, did you mean "NORTH_AMERICA"?`}, {"european union", `, did you mean "EU"?`}, {"Euro Zone", `, did you mean "EUROZONE"?`},
		{"EUROP", `, did you mean "EUROPE"?`}, {"e.u.", `, did you mean "EU"?`}, {"EZ", `, did you mean "EUROZONE"?`},
		// What YAML 1.1 makes of Norway.
		{"false", norway}, {"False", norway},
		// What a list would leave out, if it could.
		{"-FR", without("FR")}, {"!FR", without("FR")}, {" - fr", without("FR")}, {"-France", without("FR")}, {"!EU", without("EU")}, {"-+881", without("+881")},
		{"-", ""}, {"!", ""}, {"-Atlantis", ""},
		// Words for all of them, which are not mistyped codes.
		{"all", ""}, {"ANY", ""}, {"worldwide", ""},
		// Territories that are near a region.
		{"EH", `, did you mean "EH"?`}, {"America", `, did you mean "US"?`}, {"South Africa", `, did you mean "ZA"?`},
		{"Central African", `, did you mean "CF"?`}, {"UK", `, did you mean "GB"?`}, {"Norge", ""}, {"Atlantis", ""},
	} {
		if got := suggest.TerritoryHint(test.text); got != test.want {
			t.Errorf("the hint for %q is %q, want %q", test.text, got, test.want)
		}
	}
}
