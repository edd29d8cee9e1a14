package prefixlist_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
)

// tariffPlan is a folder as the tutorial of CGRateS has it: a plan in force, and one that
// begins later.
var tariffPlan = map[string]string{
	"Destinations.csv":     "#Id,Prefix\nDE,49\nDEM,4915\nFR,33\nFR,+336\nUK,44;4420\n\"GB\",44\r\n",
	"DestinationRates.csv": "#Id,DestinationId,RatesTag,RoundingMethod,RoundingDecimals,MaxCost,MaxCostStrategy\nDR_DE,DE,R1,*up,4,0,\nDR_DE,UK,R1,*up,4,0,\nDR_FR,FR,R1,*up,4,0,\nDR_ANY,*any,R1,*up,4,0,\n",
	"RatingPlans.csv":      "#Id,DestinationRatesId,TimingTag,Weight\nRP1,DR_DE,*any,10\nRP2,DR_FR,*any,10\nRP3,DR_ANY,*any,0\nRP3,DR_FR,*any,10\nRP4,DR_FR,PEAK,10\n",
	"RatingProfiles.csv":   "#Tenant,Category,Subject,ActivationTime,RatingPlanId,RatesFallbackSubject\ncgrates.org,call,*any,2026-01-01T00:00:00Z,RP2,\ncgrates.org,call,*any,2026-06-01T00:00:00Z,RP1,\ncgrates.org,call,*any,2026-12-24T00:00:00Z,RP3,\n",
}

// plan reads the tariff plan with some files in place of its own.
func plan(t *testing.T, o prefixlist.Options, instead map[string]string) (*prefixlist.List, error) {
	t.Helper()
	files := maps.Clone(tariffPlan)
	maps.Copy(files, instead)
	var list []prefixlist.File
	for name, text := range files {
		list = append(list, prefixlist.File{Name: name, Text: []byte(text)})
	}
	o.International = true
	return readFiles(t, "cgrates", list, o)
}

// The plan in force counts as a whole, and nothing of an earlier one.
func TestOnlyWhatThePlanInForceRatesIsAuthorised(t *testing.T) {
	at := func(date string) time.Time {
		t, err := time.Parse(time.DateOnly, date)
		if err != nil {
			panic(err)
		}
		return t
	}
	france := map[string]string{"Destinations.csv": "DE,49\nFR,33\nUK,44\n"}
	for _, test := range []struct {
		date    string
		allowed []string
		denied  []string
	}{
		{"2026-05-31", []string{"+33612345678"}, []string{"+4915112345678", "+442012345678"}},
		{"2026-11-29", []string{"+4915112345678", "+4930123456", "+442012345678"}, []string{"+33612345678", "+12015550123"}},
		{"2026-12-24", []string{"+33612345678", "+4930123456", "+12015550123"}, nil},
	} {
		list, err := plan(t, prefixlist.Options{At: at(test.date)}, france)
		if err != nil {
			t.Fatal(err)
		}
		j := judgeOf(t, list, "")
		for _, number := range test.allowed {
			if j.denies(t, number, at(test.date)) {
				t.Errorf("%s: %s is denied", test.date, number)
			}
		}
		for _, number := range test.denied {
			if !j.denies(t, number, at(test.date)) {
				t.Errorf("%s: %s is allowed", test.date, number)
			}
		}
	}
}

func TestTariffPlansSayWhatIsNotKept(t *testing.T) {
	for _, test := range []struct {
		name          string
		instead       map[string]string
		options       prefixlist.Options
		note, refusal string
	}{
		{"two prefixes in a cell", nil, prefixlist.Options{}, `Destinations.csv:6: "44;4420" never matched`, ""},
		{"destinations of no plan", nil, prefixlist.Options{}, "Destinations.csv: 4 prefixes are of destinations that RP1 has no rate for", ""},
		{"a plan to come", nil, prefixlist.Options{}, "RatingProfiles.csv:4: rating plan RP3 begins on 2026-12-24: import again on that day", ""},
		{"no plan yet", nil, prefixlist.Options{At: noon.AddDate(-1, 0, 0)}, "", "has no plan in force on 2025-11-29"},
		{"several profiles", map[string]string{"RatingProfiles.csv": "t,call,a,,RP1,\nt,call,b,,RP2,\n"}, prefixlist.Options{}, "", "--select, as tenant:category:subject: t:call:a or t:call:b"},
		{"one of several", map[string]string{"RatingProfiles.csv": "t,call,a,,RP1,\nt,call,b,,RP2,\n"}, prefixlist.Options{Select: "t:call:b"}, "RP2 has no rate for", ""},
		{"a fallback", map[string]string{"RatingProfiles.csv": "t,call,a,,RP1,b\n"}, prefixlist.Options{}, "", `RatingProfiles.csv:1: falls back to the rates of "b"`},
		{"hours", map[string]string{"RatingProfiles.csv": "t,call,a,,RP4,\n"}, prefixlist.Options{}, "", `RatingPlans.csv:6: DR_FR is rated at the times "PEAK" only`},
		{"a destination that is not there", map[string]string{"Destinations.csv": "DE,49\n"}, prefixlist.Options{}, "", `DestinationRates.csv:3: destination "UK" is in no line`},
		{"a file that is missing", map[string]string{"RatingPlans.csv": ""}, prefixlist.Options{}, "", "RatingPlans.csv is missing"},
		{"a spelling of its own", map[string]string{"RatingProfiles.csv": "t,call,a,,RP2,\n"}, prefixlist.Options{}, "written +33… it was denied", ""},
	} {
		list, err := plan(t, test.options, test.instead)
		switch {
		case test.refusal != "":
			if err == nil || !strings.Contains(err.Error(), test.refusal) {
				t.Errorf("%s: error %v, want %q", test.name, err, test.refusal)
			}
		case err != nil:
			t.Errorf("%s: %v", test.name, err)
		case !strings.Contains(list.Comments("title"), test.note):
			t.Errorf("%s: notes\n%swant %q", test.name, list.Comments("title"), test.note)
		}
	}
}
