package apierrors

import (
	"strings"
	"testing"
)

func TestTextsAreThoseThatWereSeen(t *testing.T) {
	values := map[string]string{"Territory": "NG", "To": "+61130012345{To}"}
	australia := map[string]string{"Territory": "AU"}
	for _, test := range []struct {
		name   string
		e      Error
		values map[string]string
		want   string
	}{
		{"13227 of a low-risk number", DialNotEnabled, values,
			"No International Permission. To call this phone number you must enable the Low Risk permission for NG at " +
				"https://www.twilio.com/console/voice/calls/geo-permissions/low-risk?countryIsoCode=NG"},
		{"13227 of a special number", DialHighRiskNotEnabled, australia,
			"No International Permission. To call this phone number you must enable the High Risk:Special permission for AU at " +
				"https://www.twilio.com/console/voice/calls/geo-permissions/high-risk?countryIsoCode=AU"},
		{"21215 of any number has the low-risk page, and repeats a placeholder of the caller's", CallNotEnabled, values,
			"Account not authorized to call +61130012345{To}. Perhaps you need to enable some international permissions: " +
				"https://www.twilio.com/console/voice/calls/geo-permissions/low-risk"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.e.Fill(func(placeholder string) string { return test.values[placeholder] }); got != test.want {
				t.Errorf("%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestTheTableHasEachErrorOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Table {
		key := strings.Join([]string{string(rune(e.Code)), string(rune(e.Status)), e.Text}, " ")
		if seen[key] {
			t.Errorf("%d %d %q is in the table twice", e.Code, e.Status, e.Text)
		}
		seen[key] = true
	}
}
