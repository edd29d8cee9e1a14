package caddymodule_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	voice "github.com/twilio/twilio-go/rest/voice/v1"
)

// The entry of the US is Canada's too, and that of the United Kingdom is of four territories.
func TestAScriptThatWritesBackWhatItReadNeitherClosesNorOpensTheRestOfAnEntry(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US", "JE"]}}`)
	sdk := newSDK(s.gate, acme, acme)
	countries, err := sdk.VoiceV1.ListDialingPermissionsCountry(new(voice.ListDialingPermissionsCountryParams))
	if err != nil {
		t.Fatal(err)
	}
	for i := range countries {
		if *countries[i].IsoCode == "DE" {
			*countries[i].LowRiskNumbersEnabled = true
		}
	}
	text, err := json.Marshal(countries) // with all of their members, which is more than an update has
	if err != nil {
		t.Fatal(err)
	}
	done, err := sdk.VoiceV1.CreateDialingPermissionsCountryBulkUpdate(new(voice.CreateDialingPermissionsCountryBulkUpdateParams).SetUpdateRequest(string(text)))
	if err != nil || done.UpdateCount != len(countries) {
		t.Fatalf("of %d updates: %+v, %v", len(countries), done, err)
	}
	if text := s.document(t, acme); !strings.Contains(text, `"low_risk":["US","JE","DE"]`) {
		t.Errorf("the account is %s", text)
	}
}
