package twilio

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestAnEventNamesWhatChanged(t *testing.T) {
	for _, c := range []struct {
		name, was, is, want string
	}{
		{"nothing", "US DE", "DE US", ""},
		{"a country", "US", "US DE", "germany (low_risk): enabled"},
		{"an entry of several territories, of which one is opened", "", "CA", "united states/canada (low_risk): enabled"},
		{"an entry that stays open, of which one is closed", "US CA", "US", "canada (low_risk): disabled"},
		{"an entry that stays open by another one", "US", "CA", "canada (low_risk): enabled, united states (low_risk): disabled"},
		{"an entry of which all are closed", "US CA", "", "united states/canada (low_risk): disabled"},
		{"what is in no entry of Twilio's", "", "SH", "saint helena (low_risk): enabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			was, is := callsTo(t, c.was), callsTo(t, c.is)
			action, properties := setResources[1].change(&was, &is)
			var words []string
			for _, name := range slices.Sorted(maps.Keys(properties)) {
				words = append(words, name+": "+properties[name].Updated.(string))
			}
			if got := strings.Join(words, ", "); action != updated || got != c.want {
				t.Errorf("%s: %q and not %q", action, got, c.want)
			}
		})
	}
}

// callsTo is an account that states calls to low-risk numbers of some territories.
func callsTo(t *testing.T, codes string) (a policy.Account) {
	t.Helper()
	a.Voice = new([policy.ClassCount]policy.Grant)
	for code := range strings.FieldsSeq(codes) {
		territory, ok := numbering.ParseTerritory(code)
		if !ok {
			t.Fatal(code)
		}
		a.Voice[policy.LowRisk].Set.Add(territory)
	}
	return a
}
