package command_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// The form is an interface: fields may be added, and none may change.
const territoriesJSON = `[
  {
    "code": "BQ",
    "name": "Caribbean Netherlands",
    "continent": "NORTH_AMERICA",
    "calling_codes": [
      "+599"
    ],
    "leading_digits": [
      "+5993",
      "+5994",
      "+5997"
    ],
    "rest": false,
    "flags": [],
    "twilio": {
      "messaging": {
        "entries": [
          {
            "code": "CW",
            "name": "Curaçao and Caribbean Netherlands (Bonaire, Sint Eustatius, Sint Maarten, Saba)",
            "continent": "NORTH_AMERICA",
            "prefixes": [
              "+599"
            ],
            "territories": [
              "CW",
              "BQ",
              "SX"
            ],
            "note": "Sint Maarten is in the name, yet numbers under +1 721, which is not a prefix of any entry",
            "unverified": "the code"
          }
        ],
        "not_listed": ""
      },
      "voice": {
        "entries": [
          {
            "code": "CW",
            "name": "Netherlands Antilles",
            "continent": "NORTH_AMERICA",
            "prefixes": [
              "+599"
            ],
            "territories": [
              "CW",
              "BQ",
              "SX"
            ],
            "note": "one entry for two territories; Sint Maarten, once of the Antilles, numbers under +1 721, which is not a prefix of any entry",
            "unverified": "the code"
          }
        ],
        "not_listed": ""
      }
    }
  },
  {
    "code": "TW",
    "name": "Taiwan",
    "continent": "ASIA",
    "calling_codes": [
      "+886"
    ],
    "leading_digits": [],
    "rest": false,
    "flags": [
      {
        "flag": "by_request",
        "channel": "voice",
        "source": "an old help page of Twilio's, no longer found in its present documentation: state your own list if you know better"
      }
    ],
    "twilio": {
      "messaging": {
        "entries": [
          {
            "code": "TW",
            "name": "Taiwan",
            "continent": "ASIA",
            "prefixes": [
              "+886"
            ],
            "territories": [
              "TW"
            ],
            "note": "",
            "unverified": ""
          }
        ],
        "not_listed": ""
      },
      "voice": {
        "entries": [
          {
            "code": "TW",
            "name": "Taiwan",
            "continent": "ASIA",
            "prefixes": [
              "+886"
            ],
            "territories": [
              "TW"
            ],
            "note": "",
            "unverified": ""
          }
        ],
        "not_listed": ""
      }
    }
  },
  {
    "code": "+870",
    "name": "Inmarsat",
    "continent": "",
    "calling_codes": [
      "+870"
    ],
    "leading_digits": [],
    "rest": false,
    "flags": [],
    "twilio": {
      "messaging": {
        "entries": [],
        "not_listed": "the copy has no international networks"
      },
      "voice": {
        "entries": [],
        "not_listed": "the copy has no international networks; whether Twilio has is unverified"
      }
    }
  }
]
`

func TestTheJSONOfTerritoriesIsStable(t *testing.T) {
	status, output, complaint := ask(t, t.TempDir(), "", "territories", "--json", "TW", "+870", "bq")
	if status != 0 || output != territoriesJSON {
		t.Errorf("status %d, %s\n%s\nwant\n%s", status, complaint, output, territoriesJSON)
	}
}

func TestEveryTerritoryIsPrintedInBothForms(t *testing.T) {
	_, output, _ := ask(t, t.TempDir(), "", "territories", "--json")
	var rows []struct{ Code, Name string }
	if err := json.Unmarshal([]byte(output), &rows); err != nil {
		t.Fatal(err)
	}
	_, text, _ := ask(t, t.TempDir(), "", "territories")
	lines := strings.Split(text, "\n")[1:]
	i := 0
	for territory := range numbering.AllTerritories() {
		if rows[i].Code != territory.String() || rows[i].Name != territory.Name() {
			t.Errorf("row %d is %s %s, want %s", i, rows[i].Code, rows[i].Name, territory)
		}
		if !strings.HasPrefix(lines[i], territory.String()+" ") || !strings.Contains(lines[i], territory.Name()) {
			t.Errorf("line %d is %q, want %s %s", i, lines[i], territory, territory.Name())
		}
		i++
	}
	if len(rows) != i || lines[i] != "" {
		t.Errorf("there are %d rows, and line %d is %q", len(rows), i, lines[i])
	}
}

func TestTerritoriesOfTheUnitedStatesAndCanadaShowTheBoxOfTheirNorth(t *testing.T) {
	for _, code := range []string{"US", "CA"} {
		_, output, _ := ask(t, t.TempDir(), "", "territories", "--json", code)
		var rows []struct {
			Twilio struct {
				Messaging, Voice struct{ Entries []struct{ Prefixes []string } }
			}
		}
		if err := json.Unmarshal([]byte(output), &rows); err != nil {
			t.Fatal(err)
		}
		var prefixes []string
		for _, entry := range rows[0].Twilio.Voice.Entries {
			prefixes = append(prefixes, entry.Prefixes...)
		}
		if got := strings.Join(prefixes, " "); got != "+1 +1867 +1907" {
			t.Errorf("%s is listed for calls under %s", code, got)
		}
		if entries := rows[0].Twilio.Messaging.Entries; len(entries) != 1 {
			t.Errorf("%s has %d entries for messages", code, len(entries))
		}
	}
}
