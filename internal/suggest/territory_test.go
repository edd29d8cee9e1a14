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
