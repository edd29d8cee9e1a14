package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	accounts "github.com/twilio/twilio-go/rest/accounts/v1"
	monitor "github.com/twilio/twilio-go/rest/monitor/v1"
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

// startAlerts is a carrier with alerts of these codes, which it lists on pages, each once.
func startAlerts(t *testing.T, codes ...string) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		size, _ := strconv.Atoi(query.Get("PageSize"))
		first, _ := strconv.Atoi(strings.TrimPrefix(query.Get("PageToken"), "PA"))
		if query.Get("LogLevel") != "error" { // a check of the credential
			fmt.Fprint(w, "{}")
			return
		}
		alerts, last := []map[string]any{}, min(first+size, len(codes))
		for i := first; i < last; i++ {
			alerts = append(alerts, map[string]any{"sid": fmt.Sprintf("NO%032d", i), "error_code": codes[i]})
		}
		meta := map[string]any{"key": "alerts"}
		if query.Set("PageToken", fmt.Sprint("PA", last)); last < len(codes) {
			meta["next_page_url"] = "https://monitor.twilio.com/v1/Alerts?" + query.Encode()
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"alerts": alerts, "meta": meta})
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestAScriptFindsTheBlockedCallsOfAnAccountByCode(t *testing.T) {
	s := newStoreServer(t, monitorStores["sqlite"](t), "\t\taudit strict\n"+acmePolicy)
	carrier := startAlerts(t, "11200", "21215", "11200", "21215", "12100")
	loadCaddyfile(t, strings.Replace(s.caddyfile, s.upstream.address, carrier, 1))
	s.refuse(t, acme, 2, 3)
	sdk := newSDK(s.gate, acme, acme)
	alerts, err := sdk.MonitorV1.ListAlert(new(monitor.ListAlertParams).SetLogLevel("error").SetPageSize(2).
		SetStartDate(time.Now().Add(-time.Hour)).SetEndDate(time.Now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	blocked := make(map[string]bool)
	for _, a := range alerts {
		if *a.ErrorCode == "21215" {
			blocked[*a.Sid] = true
		}
	}
	if len(alerts) != 10 || len(blocked) != 5 { // two messages of the gate's, three others of the carrier's
		t.Errorf("of %d alerts, %d are of blocked calls", len(alerts), len(blocked))
	}
	for sid := range blocked {
		if strings.HasPrefix(sid, "NO000000") {
			continue
		}
		if a, err := sdk.MonitorV1.FetchAlert(sid); err != nil || *a.ErrorCode != "21215" || *a.AccountSid != acme {
			t.Errorf("%s is %+v, %v", sid, a, err)
		}
	}
}
