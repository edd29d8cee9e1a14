package geo

import (
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func channels() []policy.Channel { return []policy.Channel{policy.Messaging, policy.Voice} }

// listed is a country in one of Twilio's lists.
type listed struct {
	Country
	*Entry
}

func listOf(channel policy.Channel) (list []listed) {
	for _, c := range Countries() {
		if entry := c.On(channel); entry != nil {
			list = append(list, listed{c, entry})
		}
	}
	return list
}

func codesOf(territories []numbering.Territory) string {
	var codes []string
	for _, t := range territories {
		codes = append(codes, t.String())
	}
	return strings.Join(codes, " ")
}

// 229 of the copy, Russia/Kazakhstan, and Jersey, which the copy has with Guernsey; 221 of
// the copy, the six that are likely, and the box of +1867 and +1907.
func TestTwiliosListsAreWhole(t *testing.T) {
	for channel, want := range map[policy.Channel]int{policy.Messaging: 229 + 1 + 1, policy.Voice: 221 + 6 + 1} {
		if got := len(listOf(channel)); got != want {
			t.Errorf("%s has %d entries, want %d", channel, got, want)
		}
		unseen := 0
		for _, d := range listOf(channel) {
			if strings.HasPrefix(d.Unverified, "that it is listed") {
				unseen++
			}
		}
		if want := map[policy.Channel]int{policy.Messaging: 1, policy.Voice: 7}[channel]; unseen != want {
			t.Errorf("%s has %d entries that are unverified, want %d", channel, unseen, want)
		}
		if Source(channel) == "" {
			t.Errorf("%s has no source", channel)
		}
	}
}

func TestEveryEntryOfTwiliosListsIsSound(t *testing.T) {
	for _, channel := range channels() {
		names, codes := make(map[string]bool), make(map[string]bool)
		for _, d := range listOf(channel) {
			if d.Name == "" || names[d.Name] {
				t.Errorf("%s: %q is listed twice", channel, d.Name)
			}
			names[d.Name] = true
			if d.Code == "" {
				if d.Unverified == "" || d.Note == "" {
					t.Errorf("%s: %s has no code, and nothing says why", channel, d.Name)
				}
			} else if own, ok := numbering.ParseTerritory(d.Code); !ok || codes[d.Code] || d.Territories[0] != own {
				t.Errorf("%s: %s is %q, of %v", channel, d.Name, d.Code, d.Territories)
			}
			codes[d.Code] = true
			if len(d.Territories) == 0 || len(d.Territories) > 1 && d.Note == "" {
				t.Errorf("%s: %s stands for %v, with the note %q", channel, d.Name, d.Territories, d.Note)
			}
			if len(d.Prefixes) == 0 {
				t.Errorf("%s: %s has no prefix", channel, d.Name)
			}
		}
	}
}

// A prefix is one of numbers of the entry's territories, whatever else is; the
// exceptions are Twilio's.
func TestPrefixesOfTwiliosListsAreOfTheirTerritories(t *testing.T) {
	for _, channel := range channels() {
		for _, d := range listOf(channel) {
			for _, prefix := range d.Prefixes {
				digits, ok := strings.CutPrefix(prefix, "+")
				assignment := numbering.Default().Lookup(digits)
				if !ok || !assignment.Assigned() {
					t.Errorf("%s: %s has the prefix %q", channel, d.Name, prefix)
				}
				if d.Name == "Palestinian Territory" && prefix == "+972" {
					continue
				}
				numbers := false
				for _, territory := range d.Territories {
					for _, code := range territory.CallingCodes() {
						numbers = numbers || strings.HasPrefix(digits, code)
					}
				}
				if !numbers {
					t.Errorf("%s: %s has the prefix %q, under which %s has no number", channel, d.Name, prefix, codesOf(d.Territories))
				}
				// Prefixes that say more than the calling code are whose they say.
				if strings.HasPrefix(digits, "1") && len(digits) > 1 && !slices.Contains(d.Territories, assignment.Territories[0]) {
					t.Errorf("%s: %s has the prefix %q, which is %s's", channel, d.Name, prefix, codesOf(assignment.Territories))
				}
			}
		}
	}
}

// A territory stands in some entry, or it says why it does not.
func TestEveryTerritoryIsInTwiliosListsOrSaysWhyNot(t *testing.T) {
	for _, channel := range channels() {
		held := make(map[numbering.Territory]bool)
		for _, d := range listOf(channel) {
			for _, territory := range d.Territories {
				held[territory] = true
			}
		}
		excused := make(map[numbering.Territory]bool)
		for _, row := range absentTable[channel] {
			for _, territory := range territoriesOf(row.territories) {
				if held[territory] || excused[territory] {
					t.Errorf("%s: %s is listed, or excused twice", channel, territory)
				}
				excused[territory] = true
			}
		}
		for territory := range numbering.AllTerritories() {
			entries, reason := CountriesOf(channel, territory)
			if (len(entries) > 0) != held[territory] || (len(entries) == 0) != (reason != "") {
				t.Errorf("%s: %s is in %d entries, and not because %q", channel, territory, len(entries), reason)
			}
		}
	}
}

func TestTwiliosCompositesStandForTheirTerritories(t *testing.T) {
	for _, test := range []struct {
		channel           policy.Channel
		name, code, holds string
	}{
		{policy.Messaging, "United States", "US", "US"},
		{policy.Messaging, "Canada", "CA", "CA"},
		{policy.Voice, "United States/Canada", "US", "US CA"},
		{policy.Voice, "US and Canada (+1867 +1907)", "", "US CA"},
		{policy.Messaging, "Guernsey", "GG", "GG"},
		{policy.Messaging, "Jersey", "JE", "JE"},
		{policy.Messaging, "Isle of Man", "IM", "IM"},
		{policy.Voice, "United Kingdom", "GB", "GB GG JE IM"},
		{policy.Messaging, "Canary Islands", "", "ES"},
		{policy.Messaging, "Finland/Aland Islands", "FI", "FI AX"},
		{policy.Voice, "Australia/Cocos/Christmas Island", "AU", "AU CC CX"},
		{policy.Messaging, "Palestinian Territory", "PS", "PS"},
	} {
		i := slices.IndexFunc(listOf(test.channel), func(d listed) bool { return d.Name == test.name })
		if i < 0 {
			t.Errorf("%s has no %s", test.channel, test.name)
			continue
		}
		d := listOf(test.channel)[i]
		if got := codesOf(d.Territories); d.Code != test.code || got != test.holds {
			t.Errorf("%s: %s is %q and holds %s, want %q, %s", test.channel, test.name, d.Code, got, test.code, test.holds)
		}
	}
	for code, want := range map[string]int{"CA": 2, "US": 2, "GG": 1} {
		territory, _ := numbering.ParseTerritory(code)
		entries, _ := CountriesOf(policy.Voice, territory)
		if len(entries) != want || (entries[0].Code == code) != (code == "US") {
			t.Errorf("voice has %v for %s", entries, code)
		}
	}
}

// Twilio puts a few on another continent than the United Nations do.
func TestContinentsOfTwiliosLists(t *testing.T) {
	differ := map[string]numbering.Continent{
		"AC": numbering.NorthAmerica, "RU": numbering.Asia, "CY": numbering.Europe, "IO": numbering.Asia,
	}
	for _, channel := range channels() {
		for _, d := range listOf(channel) {
			want, ok := differ[d.Code]
			switch {
			case d.Name == "Turkish Republic of Northern Cyprus":
				want = numbering.Europe
			case !ok:
				want = d.Territories[0].Continent()
			}
			if d.Continent != want {
				t.Errorf("%s: %s is in %s, want %s", channel, d.Name, d.Continent, want)
			}
		}
	}
}
