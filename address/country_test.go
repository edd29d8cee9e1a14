package address

import (
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// The senders and the spellings of the table below.
const (
	fromUS      = "+14155550100"
	fromGB      = "+447400123456"
	fromPH      = "+639171234567"
	fromService = "MG33333333333333333333333333333333"
)

func TestANumberWithoutPlusIsOfItsSendersCountry(t *testing.T) {
	for _, c := range []struct {
		senders string // separated by blanks
		text    string
		want    string
	}{
		{fromGB, "07400123456", "GB +447400123456"},
		{fromGB, "7400 123456", "GB +447400123456"},
		{fromGB, "(07400) 123456", "GB +447400123456"},
		{fromGB, "447400123456", "GB +447400123456"},
		{fromGB, "00447400123456", "GB +447400123456"},
		{fromGB, "00 44 (0)7400 123456", "GB +447400123456"},
		{fromGB, "02071234567", "GB +442071234567"},
		{fromGB, "9012345678", "GB +449012345678"},
		{fromGB, "0901 234 5678", "GB +449012345678"},
		{fromGB, "2015550123", "GB +442015550123"},
		{fromGB, "4155550100", "GB,GG,IM,JE? +444155550100, CH? +4155550100"},
		{fromGB, "12015550123", "US +12015550123"},
		{fromGB, "998912345678", "UZ +998912345678"},
		{fromGB, "00998912345678", "UZ +998912345678"},
		{fromGB, "+2015550123", "EG +2015550123"},
		{fromGB, "+12015550123", "US +12015550123"},
		{fromGB, "07400123456 ext. 12", "GB +447400123456"},
		{fromGB, "０７４００１２３４５６", "GB +447400123456"},
		{fromGB, "whatsapp:07400123456", "GB +447400123456"},
		{fromGB, "tel:07400123456", "GB +447400123456"},
		{fromGB, "010998912345678", "unreadable"},
		{"whatsapp:" + fromGB, "9012345678", "GB +449012345678"},
		{"447400123456", "9012345678", "GB +449012345678"},
		{"+44 (0)7400 123456", "9012345678", "GB +449012345678"},
		{fromPH, "9172345678", "PH +639172345678"},
		{fromPH, "0917 234 5678", "PH +639172345678"},
		{"+33612345678", "0612345678", "FR +33612345678"},
		{"+390612345678", "0612345678", "IT +390612345678"},
		{"+390612345678", "06 1234 5678", "IT +390612345678"},
		{"+61412345678", "0412345678", "AU +61412345678"},
		{"+61412345678", "0011 44 7400 123456", "GB +447400123456"},
		{"+79161234567", "89161234567", "RU +79161234567"},
		{"+79161234567", "8 10 998 91 234 56 78", "UZ +998912345678"},
		{"+81312345678", "010 998 91 234 56 78", "UZ +998912345678"},
		{"+254712345678", "000 998 91 234 56 78", "UZ +998912345678"},
		{"+3612345678", "06 30 123 4567", "HU +36301234567"},
		{"+5491123456789", "011 15 2345 6789", "AR +5491123456789"},
		{"+12464301234", "4301234", "BB +12464301234"},

		// A Mexican mobile telephone as it was dialled until 2019, or a number of the US.
		{"+525512345678", "15512345678", "US +15512345678, MX +525512345678"},
		{"+525512345678", "044 55 1234 5678", "MX +525512345678"},
		{"+525512345678", "01 55 1234 5678", "MX +525512345678"},
		{"whatsapp:+5215512345678", "5215512345678", "MX? +5215512345678, MX? +525215512345678"},

		{"", "2015550123", "US +12015550123"},
		{fromUS, "2015550123", "US +12015550123"},
		{fromUS, "(201) 555-0123", "US +12015550123"},
		{fromUS, "447400123456", "GB +447400123456"},
		{fromUS, "02071234567", "unreadable"},
		{fromUS, "07400123456", "unreadable"},
		{"12345", "2015550123", "US +12015550123"},
		{"+15005550006", "2015550123", "US +12015550123"},
		{"+18005550100", "2015550123", "US +12015550123"},
		{"+14165550100 " + fromUS, "2015550123", "US +12015550123"},

		{fromUS + " " + fromGB, "9012345678", "US +19012345678, GB +449012345678"},
		{fromGB + " " + fromUS, "9012345678", "GB +449012345678, US +19012345678"},
		{fromGB + " " + fromUS, "07400123456", "unreadable"},
		{fromGB + " " + fromGB, "07400123456", "GB +447400123456"},
		{fromGB + " 12345", "9012345678", "GB +449012345678, US +19012345678"},
		{"+44123", "2015550123", "GB +442015550123, US +12015550123"}, // a short code, to some
		{fromGB + " " + fromPH, "9172345678", "GB +449172345678, PH +639172345678"},

		{fromService, "2015550123", "unreadable"},
		{fromService, "447400123456", "unreadable"},
		{fromService, "00447400123456", "unreadable"},
		{fromService, "+447400123456", "GB +447400123456"},
		{fromService, "12345", "not a number"},
		{fromUS + " " + fromService, "2015550123", "unreadable"},
		{"Acme", "2015550123", "unreadable"},
		{"client:alice", "2015550123", "unreadable"},
		{"sim:DE0123456789abcdef0123456789abcdef", "2015550123", "unreadable"},
		{"rcs:acme_agent", "2015550123", "unreadable"},
		{"+999123456789", "2015550123", "unreadable"},
		{"+33612345678 +34612345678 +390612345678 +4930123456", "612345678", "unreadable"},
		{strings.Repeat(fromGB+" ", mostSenders+1), "07400123456", "unreadable"},
	} {
		reader := testReader(false)
		countries, known := reader.Countries(strings.Fields(c.senders), Country{})
		if strings.Contains(c.senders, "(0)") {
			countries, known = reader.Countries([]string{c.senders}, Country{})
		}
		reader.From, reader.International = countries, !known
		if got := meaning(reader.Read(c.text, ForMessage)); got != c.want {
			t.Errorf("%q from %q is %s, want %s", c.text, c.senders, got, c.want)
		}
	}
}

// Strictly, a number of the sender's country counts as one of its calling code too.
func TestStrictlyEveryReadingCounts(t *testing.T) {
	reader := testReader(true)
	reader.From, _ = reader.Countries([]string{fromPH}, Country{})
	if got, want := meaning(reader.Read("9172345678", ForMessage)), "PH +639172345678"; got != want {
		t.Errorf("it is %s, want %s", got, want) // +91 7234 5678 is two digits short
	}
	reader.From, _ = reader.Countries([]string{fromGB}, Country{})
	if got, want := meaning(reader.Read("2015550123", ForMessage)), "GB +442015550123, EG +2015550123"; got != want {
		t.Errorf("it is %s, want %s", got, want)
	}
}

// senderSpellings are ways to write a number, from its calling code, its trunk prefix and the
// rest.
var senderSpellings = []struct {
	name  string
	write func(code, trunk, national string) string
}{
	{"international", func(code, _, national string) string { return code + national }},
	{"national", func(_, _, national string) string { return national }},
	{"local", func(_, trunk, national string) string { return trunk + national }},
	{"local in groups", func(_, trunk, national string) string { return trunk + national[:3] + " " + national[3:] }},
	{"behind 00", func(code, _, national string) string { return "00" + code + national }},
}

// places are countries with a number each, and the trunk prefix that stands before it.
var places = []struct{ territory, code, trunk, national string }{
	{"US", "1", "1", "2015550123"},
	{"GB", "44", "0", "7400123456"},
	{"PH", "63", "0", "9172345678"},
	{"FR", "33", "0", "612345678"},
	{"DE", "49", "0", "15123456789"},
	{"IT", "39", "", "3123456789"},
	{"RU", "7", "8", "9161234567"},
	{"HU", "36", "06", "301234567"},
	{"UZ", "998", "", "912345678"},
}

// TestNoReadingByTheSendersCountryIsMissed goes through every sender's country, every
// number, every way to write it and every one territory that is enabled. By a model
// that knows no more than what Twilio says: of whatever is written without a plus sign,
// the number that puts the sender's calling code before the digits, behind a trunk
// prefix or not, is one of the readings if it exists; so nothing passes unless its
// territory is enabled.
func TestNoReadingByTheSendersCountryIsMissed(t *testing.T) {
	plan := numbering.Default()
	for _, sender := range places {
		for _, written := range places {
			for _, spelling := range senderSpellings {
				text := spelling.write(written.code, written.trunk, written.national)
				reader := testReader(false)
				var known bool
				reader.From, known = reader.Countries([]string{"+" + sender.code + sender.national}, Country{})
				if !known {
					t.Fatalf("the country is unknown of +%s%s", sender.code, sender.national)
				}
				got := reader.Read(text, ForMessage)
				digits := keepDigits(text, false)
				// The model: what the sender's country would make of it.
				must := []string{sender.code + digits}
				if sender.trunk != "" && strings.HasPrefix(digits, sender.trunk) {
					must = append(must, sender.code+digits[len(sender.trunk):])
				}
				if rest, ok := strings.CutPrefix(digits, "00"); ok {
					must = []string{rest}
				}
				for _, number := range must {
					if assignment := plan.Lookup(number); len(number) <= numbering.E164Digits && assignment.Listed && !slices.Contains(digitsOf(got), number) {
						t.Errorf("%q (%s) from %s misses +%s of %s: %s", text, spelling.name, sender.territory, number, describe(assignment), meaning(got))
					}
				}
				for _, enabled := range places {
					if passes(got, enabled.territory) && got.Meaning == Numbers && !slices.ContainsFunc(digitsOf(got), func(digits string) bool {
						return strings.HasPrefix(digits, enabled.code)
					}) {
						t.Errorf("%q from %s passes for %s", text, sender.territory, enabled.territory)
					}
				}
				// A number of the sender's own country is understood.
				if sender.territory == written.territory && spelling.name != "behind 00" && !passes(got, written.territory) {
					t.Errorf("%q (%s) within %s is %s", text, spelling.name, sender.territory, meaning(got))
				}
			}
		}
	}
}

// passes reports whether a reading is allowed where one territory is enabled.
func passes(r Reading, territory string) bool {
	if r.Meaning != Numbers {
		return r.Meaning == NotANumber
	}
	for _, n := range r.Numbers.All() {
		all := 0
		for _, t := range n.Assignment.Territories {
			if t.String() == territory {
				all++
			}
		}
		if all == 0 || !n.Assignment.Any && all < len(n.Assignment.Territories) {
			return false
		}
	}
	return true
}

// What is unknown is of the country that is given; what is too much to look at is not.
func TestSendersOfAnUnknownCountryAreOfTheOneGiven(t *testing.T) {
	gb, _ := numbering.ParseTerritory("GB")
	for _, c := range []struct {
		senders string
		want    string // calling codes, or nothing if it is not known
	}{
		{fromService, "44"}, {"Acme " + fromGB, "44"}, {fromUS + " " + fromService, "1 44"}, {fromUS, "1"}, {"+999123456789", "44"},
		{fromUS + " +33612345678 +34612345678 " + fromService, ""}, {strings.Repeat(fromUS+" ", mostSenders+1), ""},
	} {
		reader := testReader(false)
		countries, known := reader.Countries(strings.Fields(c.senders), CountryOf(gb))
		var codes []string
		for _, country := range countries {
			codes = append(codes, country.CallingCode())
		}
		if got := strings.Join(codes, " "); got != c.want || known != (c.want != "") {
			t.Errorf("%q are of %q, known: %t; want %q", c.senders, got, known, c.want)
		}
	}
}

func TestTheCountryOfATerritory(t *testing.T) {
	for _, c := range []struct{ territory, code string }{{"US", "1"}, {"CA", "1"}, {"GB", "44"}, {"JE", "44"}, {"KZ", "7"}, {"+870", ""}, {"AQ", ""}} {
		territory, ok := numbering.ParseTerritory(c.territory)
		if !ok {
			continue
		}
		if got := CountryOf(territory).CallingCode(); got != c.code {
			t.Errorf("%s has the calling code %q, want %q", c.territory, got, c.code)
		}
	}
}

func TestPrefixesOfACountryAreWhatIsDialledThere(t *testing.T) {
	for code, want := range map[string]struct {
		international, trunk string
		has                  bool
	}{
		"DE": {"00", "0", true},
		"US": {"011", "1", true},
		"IT": {"00", "", false},
		"HU": {"00", "06", true},
		"GB": {"00", "0", true}, // and another for some services
		"BR": {"", "", true},    // by network
	} {
		territory, _ := numbering.ParseTerritory(code)
		c := CountryOf(territory)
		if international, trunk := c.Prefixes(); international != want.international || trunk != want.trunk || c.HasTrunk() != want.has {
			t.Errorf("%s: %q, %q, %t", code, international, trunk, c.HasTrunk())
		}
	}
}
