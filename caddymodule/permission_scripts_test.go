package caddymodule_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	accounts "github.com/twilio/twilio-go/rest/accounts/v1"
	voice "github.com/twilio/twilio-go/rest/voice/v1"
)

// What people do with Twilio's permissions by its library for Go, as its guides have it
// (https://www.twilio.com/docs/voice/api/dialingpermissions-resources).

func TestAScriptClosesAllRiskyClassesInEveryCountry(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme+"?acknowledge_high_risk=true",
		`{"voice": {"low_risk": ["US", "GB"], "high_risk_special": ["EUROPE", "US"], "high_risk_tollfraud": ["LV", "US"]}}`)
	sdk := newSDK(s.gate, acme, acme)
	countries, err := sdk.VoiceV1.ListDialingPermissionsCountry(new(voice.ListDialingPermissionsCountryParams).SetPageSize(100))
	if err != nil || len(countries) < 215 {
		t.Fatalf("there are %d countries, %v", len(countries), err)
	}
	var updates []map[string]string
	for _, c := range countries {
		if *c.HighRiskSpecialNumbersEnabled || *c.HighRiskTollfraudNumbersEnabled {
			updates = append(updates, map[string]string{
				"iso_code": *c.IsoCode, "high_risk_special_numbers_enabled": "false", "high_risk_tollfraud_numbers_enabled": "false",
			})
		}
	}
	text, err := json.Marshal(updates)
	if err != nil {
		t.Fatal(err)
	}
	done, err := sdk.VoiceV1.CreateDialingPermissionsCountryBulkUpdate(new(voice.CreateDialingPermissionsCountryBulkUpdateParams).SetUpdateRequest(string(text)))
	if err != nil || done.UpdateCount != len(updates) || len(updates) < 40 {
		t.Fatalf("of %d updates: %+v, %v", len(updates), done, err)
	}
	for name, params := range map[string]*voice.ListDialingPermissionsCountryParams{
		"special":    new(voice.ListDialingPermissionsCountryParams).SetHighRiskSpecialNumbersEnabled(true),
		"toll fraud": new(voice.ListDialingPermissionsCountryParams).SetHighRiskTollfraudNumbersEnabled(true),
	} {
		if left, err := sdk.VoiceV1.ListDialingPermissionsCountry(params); err != nil || len(left) != 0 {
			t.Errorf("%s numbers are enabled in %d countries, %v", name, len(left), err)
		}
	}
	enabled, err := sdk.VoiceV1.ListDialingPermissionsCountry(new(voice.ListDialingPermissionsCountryParams).SetLowRiskNumbersEnabled(true))
	var codes []string
	for _, c := range enabled {
		codes = append(codes, *c.IsoCode)
	}
	if err != nil || !slices.Equal(codes, []string{"GB", "US"}) {
		t.Errorf("the others are %q, %v", codes, err)
	}
}

func TestAScriptOpensTheHomeCountryOfANewSubaccount(t *testing.T) {
	const sub = "AC00000000000000000000000000000003"
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": []}}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+sub, `{"parent": "`+acme+`"}`)
	sdk := newSDK(s.gate, sub, sub)
	settings, err := sdk.VoiceV1.UpdateDialingPermissionsSettings(new(voice.UpdateDialingPermissionsSettingsParams).SetDialingPermissionsInheritance(false))
	if err != nil || *settings.DialingPermissionsInheritance {
		t.Fatalf("%+v, %v", settings, err)
	}
	_, err = sdk.VoiceV1.CreateDialingPermissionsCountryBulkUpdate(new(voice.CreateDialingPermissionsCountryBulkUpdateParams).
		SetUpdateRequest(`[{"iso_code": "DE", "low_risk_numbers_enabled": "true", "high_risk_special_numbers_enabled": "false", "high_risk_tollfraud_numbers_enabled": "false"}]`))
	if err != nil {
		t.Fatal(err)
	}
	germany, err := sdk.VoiceV1.FetchDialingPermissionsCountry("DE")
	if err != nil || !*germany.LowRiskNumbersEnabled || *germany.HighRiskSpecialNumbersEnabled {
		t.Errorf("%+v, %v", germany, err)
	}
	prefixes, err := sdk.VoiceV1.ListDialingPermissionsHrsPrefixes("DE", new(voice.ListDialingPermissionsHrsPrefixesParams))
	if err != nil || len(prefixes) == 0 || (*prefixes[0].Prefix)[:3] != "+49" {
		t.Errorf("%d prefixes, %v", len(prefixes), err)
	}
}

func TestAScriptOpensACountryToMessages(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	sdk := newSDK(s.gate, acme, acme)
	_, err := sdk.AccountsV1.PatchMessagingGeopermissions(new(accounts.PatchMessagingGeopermissionsParams).
		SetPermissions([]interface{}{map[string]any{"country_code": "IN", "type": "country", "enabled": true}}))
	if err != nil {
		t.Fatal(err)
	}
	found, err := sdk.AccountsV1.FetchMessagingGeopermissions(new(accounts.FetchMessagingGeopermissionsParams).SetCountryCode("IN"))
	if err != nil {
		t.Fatal(err)
	}
	india := (*found.Permissions).([]interface{})[0].(map[string]interface{})
	if india["enabled"] != true || india["prefix"] != "+91" {
		t.Errorf("India is %v", india)
	}
	s.mustAnswer(t, http.StatusCreated, acme, "+918067543210")
}
