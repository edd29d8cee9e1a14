package openings_test

import (
	"fmt"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestADestinationIsReadAsWhatItOpens(t *testing.T) {
	for _, c := range []struct {
		says, text, want, prefix string
		territories              int
	}{
		{"a territory", "ID", "ID", "", 1},
		{"in small letters", "id", "ID", "", 1},
		{"a calling code of no country", "+870", "+870", "", 1},
		{"a group", "eu", "EU", "", 27},
		{"a calling code of one country", "+62", "ID", "", 1},
		{"a calling code of several", "+7", "+7", "7", 0},
		{"a part of it that is all of one country", "+77", "+77", "77", 0},
		{"the beginning of all known numbers of a country", "+22901", "+22901", "22901", 0},
		{"less than a calling code", "+8", "+8", "8", 0},
		{"a region of a country", "+6221", "+6221", "6221", 0},
		{"a whole number", "+62215550100", "+62215550100", "62215550100", 0},
		{"a code of no one", "+999", "+999", "999", 0},
	} {
		d, err := openings.ParseDestination(c.text)
		if err != nil || d.Text != c.want || d.Prefix != c.prefix || d.Territories.Len() != c.territories {
			t.Errorf("%s: %+v of %d, %v", c.says, d.Text, d.Territories.Len(), err)
		}
		if again, err := openings.ParseDestination(d.Text); err != nil || again != d {
			t.Errorf("%s: %q is read as %q, %v", c.says, d.Text, again.Text, err)
		}
	}
	if d := to(t, "*"); d.Territories.Len() < 200 || d.Prefix != "" {
		t.Errorf("* is %d territories", d.Territories.Len())
	}
	for _, text := range []string{"", "+", "62", "+0", "+62 21", "+6221x", "+1234567890123456", "Indonesia", "ID EU", " ID"} {
		if d, err := openings.ParseDestination(text); err == nil || d.Text != "" {
			t.Errorf("%q is read as %q", text, d.Text)
		}
	}
}

func TestAnOpeningHasTheMarksOfWhatItOpens(t *testing.T) {
	const none = "[]"
	for _, c := range []struct {
		says, to string
		channel  policy.Channel
		class    policy.Class
		want     string
	}{
		{"a country", "ID", policy.Voice, policy.LowRisk, none},
		{"its calling code", "+62", policy.Voice, policy.LowRisk, none},
		{"its premium numbers", "ID", policy.Voice, policy.HighRiskSpecial, "[high_risk]"},
		{"its ranges known for fraud", "ID", policy.Voice, policy.HighRiskTollFraud, "[high_risk]"},
		{"a country that the carrier calls risky by voice", "LV", policy.Voice, policy.LowRisk, "[high_risk]"},
		{"the same by messages", "LV", policy.Messaging, policy.LowRisk, none},
		{"a country that it calls risky by messages", "BD", policy.Messaging, policy.LowRisk, "[high_risk]"},
		{"the same by an app", "BD", policy.WhatsApp, policy.LowRisk, "[high_risk]"},
		{"the same by voice", "BD", policy.Voice, policy.LowRisk, none},
		{"a prefix in a risky country", "+37167", policy.Voice, policy.LowRisk, "[high_risk]"},
		{"a city", "+6221", policy.Voice, policy.LowRisk, none},
		{"a prefix of premium numbers by voice", "+62809", policy.Voice, policy.LowRisk, "[high_risk]"},
		{"a prefix that has them among others", "+628", policy.Voice, policy.LowRisk, "[high_risk]"},
		{"one of them", "+62809123456", policy.Voice, policy.LowRisk, "[high_risk]"},
		{"a prefix of premium numbers by messages", "+62809", policy.Messaging, policy.LowRisk, none},
		{"a calling code that several share", "+61", policy.Messaging, policy.LowRisk, "[wide]"},
		{"an area code of one of them", "+1212", policy.Messaging, policy.LowRisk, none},
		{"numbers that several have in common", "+1800", policy.Messaging, policy.LowRisk, none},
		{"several calling codes", "+8", policy.WhatsApp, policy.LowRisk, "[high_risk wide]"},
		{"a code of no one", "+999", policy.Messaging, policy.LowRisk, "[wide]"},
		{"two countries and more", "BENELUX", policy.Voice, policy.LowRisk, "[wide]"},
		{"a continent", "AFRICA", policy.Messaging, policy.LowRisk, "[high_risk wide]"},
		{"everywhere", "*", policy.Voice, policy.LowRisk, "[high_risk by_request wide]"},
	} {
		o := openings.Opening{Channel: c.channel, To: to(t, c.to), Class: c.class}
		var marks []openings.Mark
		findings := openings.Assess(&o, twilio{})
		for _, f := range findings {
			marks = append(marks, f.Mark)
		}
		if got := fmt.Sprint(marks); got != c.want {
			t.Errorf("%s: %s, want %s: %v", c.says, got, c.want, findings)
		}
	}
}

func TestATerritoryThatTheCarrierOpensOnRequestIsMarked(t *testing.T) {
	restrictions := policy.Restrictions{}
	for _, list := range []policy.Channel{policy.Voice, policy.Messaging} {
		for _, territory := range []string{"CU", "ID"} {
			o := openings.Opening{Channel: list, To: to(t, territory)}
			restrictions.ByRequest = to(t, "CU").Territories
			found := false
			for _, f := range openings.Assess(&o, byRequest{restrictions}) {
				found = found || f.Mark == openings.ByRequest
			}
			if want := list == policy.Voice && territory == "CU"; found != want {
				t.Errorf("%s by %s: %v", territory, list, found)
			}
		}
	}
}
