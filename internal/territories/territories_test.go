package territories_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/territories"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// carriers say that Pakistan is risky by messages, and have one entry for two territories.
var carriers = []territories.Carrier{{
	Name: "example",
	HighRisk: func(channel policy.Channel, t numbering.Territory) (string, bool) {
		return "its page", channel == policy.Messaging && t.String() == "PK"
	},
	Entries: func(channel policy.Channel, t numbering.Territory) []territories.Entry {
		if channel != policy.Voice || t.String() != "US" && t.String() != "CA" {
			return nil
		}
		return []territories.Entry{{Carrier: "example", Channel: "voice", Name: "United States/Canada", Territories: []string{"US", "CA"}}}
	},
}}

func TestEachTerritoryHasAnExampleOfEveryClassWithPrefixesOfItsOwn(t *testing.T) {
	for territory := range numbering.AllTerritories() {
		examples := territories.Examples(territory)
		for class, example := range examples {
			if found := numbering.Default().Lookup(example[1:]); !slices.Contains(found.Territories, territory) || !found.Listed {
				t.Errorf("%s %s: %s is of %v", territory, class, example, found.Territories)
			}
		}
		for _, of := range territories.PrefixesOf(territory) {
			isExact := func(p territories.Prefix) bool { return p.Exact }
			if slices.ContainsFunc(of.Prefixes, isExact) && examples[of.Class] == "" {
				t.Errorf("%s has numbers of class %s, and no example: %v", territory, of.Class, of.Prefixes)
			}
			within := func(p territories.Prefix) bool { return strings.HasPrefix(examples[of.Class], p.Prefix) }
			if examples[of.Class] != "" && !slices.ContainsFunc(of.Prefixes, within) {
				t.Errorf("%s %s: %s is under none of %v", territory, of.Class, examples[of.Class], of.Prefixes)
			}
		}
	}
}

func TestWhatCarriersAndThePolicySayOfATerritoryIsWithIt(t *testing.T) {
	snapshot, err := policy.New(policy.Definition{Restrictions: policy.Restrictions{ByRequest: policy.SetOf(parsed(t, "SG"))}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ code, flags, entries, leading string }{
		{"PK", "high_risk messaging", "", ""},
		{"SG", "by_request voice", "", ""},
		{"US", "", "United States/Canada", ""},
		{"GB", "", "", ""},
	} {
		got := territories.Of(snapshot, carriers, parsed(t, test.code))
		var flags, entries []string
		for _, f := range got.Flags {
			flags = append(flags, f.Flag+" "+f.Channel)
		}
		for _, e := range got.Entries {
			entries = append(entries, e.Name)
		}
		if strings.Join(flags, ",") != test.flags || strings.Join(entries, ",") != test.entries || got.Code != test.code || got.Name == "" {
			t.Errorf("%s is %+v", test.code, got)
		}
	}
	if n := len(territories.All(snapshot, carriers)); n != 261 {
		t.Errorf("there are %d territories", n)
	}
}

func parsed(t *testing.T, code string) numbering.Territory {
	t.Helper()
	territory, ok := numbering.ParseTerritory(code)
	if !ok {
		t.Fatalf("%s is not a territory", code)
	}
	return territory
}
