package numbering_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

func group(t *testing.T, name string) []string {
	t.Helper()
	g, ok := numbering.ParseGroup(name)
	if !ok {
		t.Fatalf("no group %s", name)
	}
	var codes []string
	for _, member := range g.Members() {
		codes = append(codes, member.String())
	}
	return codes
}

func TestGroupsHaveTheirMembers(t *testing.T) {
	for _, test := range []struct {
		name, group string
		size        int
		with, not   string
	}{
		{"the European Union has 27 members since the United Kingdom left", "EU", 27, "DE FR IE CY", "GB CH NO"},
		{"and what is far from Europe stands for itself", "EU", 27, "FR", "RE GP MQ GF YT AX"},
		{"the European Economic Area has three more", "EEA", 30, "IS LI NO", "CH GB"},
		{"EFTA in either letter case", "efta", 4, "CH IS LI NO", "AT"},
		{"Bulgaria has the euro", "EUROZONE", 21, "BG HR", "SE DK PL"},
		{"Timor-Leste is in ASEAN", "ASEAN", 11, "TL", "PG"},
		{"Venezuela is suspended from MERCOSUR", "MERCOSUR", 5, "BO", "VE"},
		{"Europe has Russia, and the Channel Islands", "EUROPE", 52, "RU JE XK", "TR CY GE"},
		{"North America has the Caribbean", "NORTH_AMERICA", 41, "US CU JM GL", "BR"},
		{"what numbers under +1", "NANP", 25, "US CA JM GU AS", "CU MX"},
	} {
		t.Run(test.name, func(t *testing.T) {
			codes := group(t, test.group)
			if len(codes) != test.size {
				t.Errorf("%d members, want %d: %v", len(codes), test.size, codes)
			}
			for code := range strings.FieldsSeq(test.with) {
				if !slices.Contains(codes, code) {
					t.Errorf("%s is missing", code)
				}
			}
			for code := range strings.FieldsSeq(test.not) {
				if slices.Contains(codes, code) {
					t.Errorf("%s is in it", code)
				}
			}
		})
	}
}

func TestTheContinentsHaveEveryTerritoryOfACountryOnce(t *testing.T) {
	var all []string
	for _, name := range []string{"AFRICA", "ASIA", "EUROPE", "NORTH_AMERICA", "OCEANIA", "SOUTH_AMERICA"} {
		all = append(all, group(t, name)...)
	}
	slices.Sort(all)
	var want []string
	for territory := range numbering.AllTerritories() {
		if !strings.HasPrefix(territory.String(), "+") {
			want = append(want, territory.String())
		}
	}
	slices.Sort(want)
	if !slices.Equal(all, want) {
		t.Errorf("got %v, want %v", all, want)
	}
}

func TestEveryGroupIsNamedOnceAndDated(t *testing.T) {
	names := make(map[string]bool)
	for g := range numbering.AllGroups() {
		if names[g.Name] || g.Name != strings.ToUpper(g.Name) {
			t.Errorf("%q is named twice or not in capitals", g.Name)
		}
		names[g.Name] = true
		if _, ok := numbering.ParseTerritory(g.Name); ok {
			t.Errorf("%s is a territory", g.Name)
		}
		for territory := range numbering.AllTerritories() {
			if territory.Alpha3() == g.Name {
				t.Errorf("%s is the alpha-3 code of %s", g.Name, territory)
			}
		}
		if _, err := time.Parse(time.DateOnly, g.AsOf); err != nil {
			t.Errorf("%s: %v", g.Name, err)
		}
		if g.Title == "" || !strings.Contains(g.Source, "https://") || len(g.Members()) < 2 {
			t.Errorf("%s lacks a title, a source or members", g.Name)
		}
	}
	if _, ok := numbering.ParseGroup("UE"); ok {
		t.Error("UE is a group")
	}
}
