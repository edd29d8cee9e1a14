package caddymodule_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// write sends a change with any body.
func (s *storeServer) write(t *testing.T, method, product, path, contentType, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+s.gate+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = product + ".twilio.com"
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.SetBasicAuth(acme, "secret")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(read)
}

// An answer of success to what was not read would say that it was done.
func TestAChangeIsAFormOfParametersThatAreRead(t *testing.T) {
	const (
		form     = "application/x-www-form-urlencoded"
		settings = "/v1/Settings"
		bulk     = "/v1/DialingPermissions/BulkCountryUpdates"
		numbers  = "/v1/SafeList/Numbers"
		change   = `UpdateRequest=[{"iso_code":"GB","low_risk_numbers_enabled":true}]`
	)
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
	before := s.document(t, acme)
	for _, c := range []struct{ name, method, product, path, contentType, body string }{
		{"settings in JSON", "POST", "voice", settings, "application/json", `{"DialingPermissionsInheritance": true}`},
		{"settings as text", "POST", "voice", settings, "text/plain", "DialingPermissionsInheritance=false"},
		{"settings of no type", "POST", "voice", settings, "", "DialingPermissionsInheritance=false"},
		{"an unknown setting", "POST", "voice", settings, form, "dialing_permissions_inheritance=false"},
		{"a setting in the query", "POST", "voice", settings + "?DialingPermissionsInheritance=false", form, ""},
		{"a setting twice", "POST", "voice", settings, form, "DialingPermissionsInheritance=false&DialingPermissionsInheritance=true"},
		{"countries in JSON", "POST", "voice", bulk, "application/json", `[{"iso_code":"GB","low_risk_numbers_enabled":true}]`},
		{"countries in several parts", "POST", "voice", bulk, "multipart/form-data; boundary=x", "--x--"},
		{"countries with another parameter", "POST", "voice", bulk, form, change + "&DryRun=true"},
		{"a country that is in no array", "POST", "voice", bulk, form, `UpdateRequest={"iso_code":"GB","low_risk_numbers_enabled":true}`},
		{"a code that is a number", "POST", "voice", bulk, form, `UpdateRequest=[{"iso_code":44,"low_risk_numbers_enabled":true}]`},
		{"no countries", "POST", "voice", bulk, form, ""},
		{"messages in JSON", "PATCH", "accounts", "/v1/Messaging/GeoPermissions", "application/json", `{"Permissions": []}`},
		{"a number in JSON", "POST", "accounts", numbers, "application/json", `{"PhoneNumber": "+12015550123"}`},
		{"two numbers", "POST", "accounts", numbers, form, "PhoneNumber=%2B12015550123&PhoneNumber=%2B12015550124"},
		{"a number in the body and in the query", "POST", "accounts", numbers + "?PhoneNumber=%2B12015550123", form, "PhoneNumber=%2B12015550124"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, text := s.write(t, c.method, c.product, c.path, c.contentType, c.body); status != http.StatusBadRequest || !strings.Contains(text, "errors/20001") ||
				strings.Contains(text, "Go value") || strings.Contains(text, "EOF") {
				t.Errorf("it is answered %d %s", status, text)
			}
			if after := s.document(t, acme); after != before {
				t.Errorf("the account is %s", after)
			}
		})
	}
	if status, text := s.write(t, "POST", "voice", bulk, form+"; charset=UTF-8", change); status != http.StatusCreated {
		t.Errorf("a form with its charset is answered %d %s", status, text)
	}
	if status, text := s.write(t, "POST", "voice", settings, "", ""); status != http.StatusAccepted {
		t.Errorf("settings without a body are answered %d %s", status, text)
	}
}

// What does not decode may be the subaccount that is meant: without it, the answer would be of the
// parent, and the change too.
func TestAQueryThatDoesNotDecodeIsRefused(t *testing.T) {
	const (
		settings, form = "/v1/Settings", "application/x-www-form-urlencoded"
		sub            = "AC00000000000000000000000000000003"
	)
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+sub, `{"parent": "`+acme+`"}`)
	before := s.document(t, acme)
	for _, c := range []struct{ name, method, product, path, body string }{
		{"a change with a semicolon", "POST", "voice", settings + "?AccountSid=" + sub + ";a=b", "DialingPermissionsInheritance=false"},
		{"a change with a percent sign", "POST", "voice", settings + "?AccountSid=%zz" + sub, "DialingPermissionsInheritance=false"},
		{"a number with a semicolon", "POST", "accounts", "/v1/SafeList/Numbers?AccountSid=" + sub + ";a=b", "PhoneNumber=%2B12015550123"},
		{"a list with a semicolon", "GET", "voice", "/v1/DialingPermissions/Countries?AccountSid=" + sub + ";a=b", ""},
		{"alerts with a semicolon", "GET", "monitor", "/v1/Alerts?ErrorCode=21408&AccountSid=" + sub + ";a=b", ""},
		{"events with a percent sign", "GET", "monitor", "/v1/Events?AccountSid=%zz" + sub, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, text := s.write(t, c.method, c.product, c.path, form, c.body); status != http.StatusBadRequest || !strings.Contains(text, "errors/20001") {
				t.Errorf("it is answered %d %s", status, text)
			}
			if after := s.document(t, acme); after != before {
				t.Errorf("the account is %s", after)
			}
		})
	}
}

// Of an entry of several territories, the record has each that changed.
func TestTheRecordOfAChangedEntryHasEachOfItsTerritories(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US", "CA", "GB"]}}`)
	lists := func(request string) (before, after []string) {
		t.Helper()
		if status, body := s.update(t, acme, request); status != http.StatusCreated {
			t.Fatalf("%s is answered %d %v", request, status, body)
		}
		record := s.audited(t, "/audit/changes?limit=1")[0]
		read := func(member string) []string {
			text, err := json.Marshal(record[member])
			if err != nil {
				t.Fatal(err)
			}
			var account struct {
				Voice struct {
					LowRisk []string `json:"low_risk"`
				}
			}
			if err := json.Unmarshal(text, &account); err != nil {
				t.Fatal(err)
			}
			return account.Voice.LowRisk
		}
		return read("before"), read("after")
	}
	before, after := lists(`[{"iso_code": "US", "low_risk_numbers_enabled": false}]`)
	if !slices.Equal(before, []string{"US", "CA", "GB"}) || !slices.Equal(after, []string{"GB"}) {
		t.Errorf("closed, the record has %q and %q", before, after)
	}
	before, after = lists(`[{"iso_code": "US", "low_risk_numbers_enabled": true}]`)
	if !slices.Equal(before, []string{"GB"}) || !slices.Equal(after, []string{"GB", "US", "CA"}) {
		t.Errorf("opened, the record has %q and %q", before, after)
	}
}
