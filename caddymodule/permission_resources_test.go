package caddymodule_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// resourceServer is a gate with a store that answers Twilio's permission resources.
func resourceServer(t *testing.T, option, policy string) *storeServer {
	t.Helper()
	s := newStoreServer(t, storeInUse(t), policy)
	s.caddyfile = strings.Replace(s.caddyfile, "tollgate twilio {", "tollgate twilio {\n\t\t\t"+option, 1)
	loadCaddyfile(t, s.caddyfile)
	return s
}

// resource asks for one of Twilio's resources, on the host of a product.
func (s *storeServer) resource(t *testing.T, user, method, product, path string, form url.Values) (status int, body map[string]any) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+s.gate+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = product + ".twilio.com"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if user != "" {
		r.SetBasicAuth(user, "secret")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode == http.StatusNoContent && len(text) == 0 {
		return response.StatusCode, nil
	}
	if err := json.Unmarshal(text, &body); err != nil {
		t.Fatalf("%s %s is answered %d %s", method, path, response.StatusCode, text)
	}
	if response.StatusCode < http.StatusMultipleChoices && !strings.Contains(s.caddyfile, "permissions_api off") {
		checkDescribed(t, method, path, response.StatusCode, body)
	}
	return response.StatusCode, body
}

// calls are which classes of a country are enabled for calls.
func (s *storeServer) calls(t *testing.T, user, code string) [3]any {
	t.Helper()
	status, c := s.resource(t, user, "GET", "voice", "/v1/DialingPermissions/Countries/"+code, nil)
	if status != http.StatusOK {
		t.Fatalf("country %s is answered %d %v", code, status, c)
	}
	return [3]any{c["low_risk_numbers_enabled"], c["high_risk_special_numbers_enabled"], c["high_risk_tollfraud_numbers_enabled"]}
}

func (s *storeServer) update(t *testing.T, user, request string) (int, map[string]any) {
	t.Helper()
	return s.resource(t, user, "POST", "voice", "/v1/DialingPermissions/BulkCountryUpdates", url.Values{"UpdateRequest": {request}})
}

func TestTwiliosDialingPermissionsAreTheGates(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"messaging": ["US"], "voice": {"low_risk": ["US", "DE"], "high_risk_special": ["DE"]}}`)
	if got, want := s.calls(t, acme, "DE"), [3]any{true, true, false}; got != want {
		t.Errorf("Germany is %v and not %v", got, want)
	}
	// Written as it was read: nothing changes. Of the entry of the US and Canada, Canada stays closed.
	status, body := s.update(t, acme, `[{"iso_code": "US", "low_risk_numbers_enabled": "true", "high_risk_special_numbers_enabled": "false", "high_risk_tollfraud_numbers_enabled": false}]`)
	if status != http.StatusCreated || body["update_count"] != 1.0 || body["update_request"] != "accepted" {
		t.Errorf("an update is answered %d %v", status, body)
	}
	if text := s.document(t, acme); !strings.Contains(text, `"low_risk":["US","DE"]`) {
		t.Errorf("after nothing was changed, the account is %s", text)
	}
	// The other value sets every member.
	s.update(t, acme, `[{"iso_code": "US", "low_risk_numbers_enabled": false}, {"iso_code": "GB", "low_risk_numbers_enabled": true}]`)
	s.update(t, acme, `[{"iso_code": "US", "low_risk_numbers_enabled": true}]`)
	if text := s.document(t, acme); !strings.Contains(text, `"low_risk":["DE","GB","GG","JE","IM","US","CA"]`) {
		t.Errorf("the account is %s", text)
	}
	if got, want := s.calls(t, acme, "US"), [3]any{true, false, false}; got != want {
		t.Errorf("the US are %v and not %v", got, want)
	}
	// Of two values for one entry, the last one counts.
	s.update(t, acme, `[{"iso_code": "FR", "low_risk_numbers_enabled": true}, {"iso_code": "FR", "low_risk_numbers_enabled": false}]`)
	if got, want := s.calls(t, acme, "FR"), [3]any{false, false, false}; got != want {
		t.Errorf("France is %v and not %v", got, want)
	}
	// Closing finds what the document names in letters of any case.
	s.must(t, http.StatusOK, "PUT", "/accounts/"+acme+"?acknowledge_high_risk=true", `{"voice": {"low_risk": ["us", "de", "south_america"]}}`)
	s.update(t, acme, `[{"iso_code": "us", "low_risk_numbers_enabled": false}, {"iso_code": "DE", "low_risk_numbers_enabled": false}]`)
	for code, want := range map[string]bool{"US": false, "DE": false, "BR": true} {
		if got := s.calls(t, acme, code)[0]; got != want {
			t.Errorf("%s is %v and not %v", code, got, want)
		}
	}
	for request, want := range map[string]int{
		`[{"iso_code": "UX", "low_risk_numbers_enabled": true}]`:    http.StatusBadRequest,
		`[{"iso_code": "DE", "low_risk_numbers_enabled": "maybe"}]`: http.StatusBadRequest,
		`[{"iso_code": "DE", "low_risk_number_enabled": false}]`:    http.StatusBadRequest, // a member's name is mistaken
		`[{"iso_code": "DE", "name": "Germany", "links": {}}]`:      http.StatusCreated,
		`[] []`:    http.StatusBadRequest,
		`null`:     http.StatusBadRequest,
		`not json`: http.StatusBadRequest,
		`[]`:       http.StatusCreated,
	} {
		if status, body := s.update(t, acme, request); status != want {
			t.Errorf("%s is answered %d %v", request, status, body)
		}
	}
	status, body = s.resource(t, acme, "POST", "voice", "/v1/DialingPermissions/BulkCountryUpdates", url.Values{"UpdateRequest": {"[]", "[]"}})
	if status != http.StatusBadRequest {
		t.Errorf("two arrays are answered %d %v", status, body)
	}
	if got := s.upstream.take(); len(got) != 0 {
		t.Errorf("the carrier was asked %q", got)
	}
}

// document is what is stated of an account.
func (s *storeServer) document(t *testing.T, account string) string {
	t.Helper()
	response, text := s.manage(t, "GET", "/accounts/"+account, "")
	if response.StatusCode != http.StatusOK {
		t.Fatalf("account %s: %d %s", account, response.StatusCode, text)
	}
	return text
}

func TestCountriesAreSelectedAndPaged(t *testing.T) {
	s := resourceServer(t, "permissions_api read", acmePolicy)
	codes := func(query string) (codes []string, next any) {
		t.Helper()
		status, body := s.resource(t, acme, "GET", "voice", "/v1/DialingPermissions/Countries"+query, nil)
		if status != http.StatusOK {
			t.Fatalf("%s is answered %d %v", query, status, body)
		}
		for _, c := range body["content"].([]any) {
			codes = append(codes, c.(map[string]any)["iso_code"].(string))
		}
		return codes, body["meta"].(map[string]any)["next_page_url"]
	}
	for query, want := range map[string][]string{
		"?IsoCode=us":                 {"US"},
		"?LowRiskNumbersEnabled=true": {"US"}, // which is Canada's too
		"?CountryCode=%2B49":          {"DE"},
		"?CountryCode=49":             {"DE"},
		"?HighRiskSpecialNumbersEnabled=true&Continent=EUROPE": nil,
	} {
		if got, next := codes(query); !slices.Equal(got, want) || next != nil {
			t.Errorf("%s has %q, and next %v", query, got, next)
		}
	}
	var all []string
	for next := any("http://voice.twilio.com/v1/DialingPermissions/Countries?PageSize=100"); next != nil; {
		u, err := url.Parse(next.(string))
		if err != nil || u.Host != "voice.twilio.com" {
			t.Fatalf("the next page is %v, %v", next, err)
		}
		var page []string
		page, next = codes("?" + u.RawQuery)
		all = append(all, page...)
	}
	if len(all) < 215 || !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("all pages have %d countries", len(all))
	}
	if status, body := s.resource(t, acme, "GET", "voice", "/v1/DialingPermissions/Countries?PageSize=0", nil); status != http.StatusBadRequest {
		t.Errorf("a page of no size is answered %d %v", status, body)
	}
	if status, body := s.resource(t, acme, "GET", "voice", "/v1/DialingPermissions/Countries/XX", nil); status != http.StatusNotFound || body["code"] != 20404.0 ||
		body["message"] != "The requested resource /DialingPermissions/Countries/XX was not found" {
		t.Errorf("an unknown country is answered %d %v", status, body)
	}
}

func TestTwiliosMessagingPermissionsAreTheGates(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme+"?acknowledge_high_risk=true", `{"messaging": ["US", "PK"]}`)
	patch := func(items ...string) []any {
		t.Helper()
		status, body := s.resource(t, acme, "PATCH", "accounts", "/v1/Messaging/GeoPermissions", url.Values{"Permissions": items})
		if status != http.StatusOK {
			t.Fatalf("%q is answered %d %v", items, status, body)
		}
		return body["permissions"].([]any)
	}
	status, body := s.resource(t, acme, "GET", "accounts", "/v1/Messaging/GeoPermissions?CountryCode=IN,PK,US", nil)
	text, err := json.Marshal(body["permissions"])
	want := `[{"country_code":"IN","enabled":false,"message":"","prefix":"+91","type":"country"},` +
		`{"country_code":"PK","enabled":true,"message":"High Risk Country","prefix":"+92","type":"country"},` +
		`{"country_code":"US","enabled":true,"message":"","prefix":"+1","type":"country"}]`
	if status != http.StatusOK || err != nil || string(text) != want {
		t.Errorf("the permissions are %d %s, %v", status, text, err)
	}
	s.mustAnswer(t, http.StatusBadRequest, acme, "+918067543210")
	results := patch(`{"country_code": "IN","type": "country", "enabled": true}`, `{"country_code":"BD","type":"country","enabled":true}`, `{"country_code":"PK","type":"country","enabled":false}`)
	for i, code := range []float64{0, 30649, 0} {
		if got := results[i].(map[string]any)["error_code"]; got != code {
			t.Errorf("item %d has the error %v and not %v", i, got, code)
		}
	}
	s.mustAnswer(t, http.StatusCreated, acme, "+918067543210")
	if text := s.document(t, acme); !strings.Contains(text, `"messaging":["US","IN"]`) {
		t.Errorf("the account is %s", text)
	}
	results = patch(`{"country_code":"BD","type":"country","enabled":true,"acknowledge_high_risk":true}`)
	if got := results[0].(map[string]any)["error_code"]; got != 0.0 {
		t.Errorf("what is acknowledged has the error %v", got)
	}
}

func TestTwiliosSafeListIsTheAccountsOwnAllows(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "\t\tblock +99890 \"pumping\"\n")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	numbers := func(number string) url.Values { return url.Values{"PhoneNumber": {number}} }
	for _, entry := range []string{"+998912345678", "+6281234567xxx", "+998901234567"} {
		status, body := s.resource(t, acme, "POST", "accounts", "/v1/SafeList/Numbers", numbers(entry))
		if status != http.StatusCreated || body["phone_number"] != entry || !strings.HasPrefix(body["sid"].(string), "GN") {
			t.Errorf("%s is answered %d %v", entry, status, body)
		}
	}
	s.mustAnswer(t, http.StatusCreated, acme, "+998912345678")
	s.mustAnswer(t, http.StatusBadRequest, acme, "+998912345679")
	s.mustAnswer(t, http.StatusCreated, acme, "+6281234567890")
	s.mustAnswer(t, http.StatusBadRequest, acme, "+998901234567") // what the operator blocks
	if status, body := s.resource(t, acme, "GET", "verify", "/v2/SafeList/Numbers/%2B998912345678", nil); status != http.StatusOK || body["url"] != "http://verify.twilio.com/v2/SafeList/Numbers/+998912345678" {
		t.Errorf("it is read %d %v", status, body)
	}
	if status, body := s.resource(t, acme, "DELETE", "accounts", "/v1/SafeList/Numbers?PhoneNumber=%2B998912345678", nil); status != http.StatusNoContent {
		t.Errorf("its removal is answered %d %v", status, body)
	}
	s.mustAnswer(t, http.StatusBadRequest, acme, "+998912345678")
	for _, c := range []struct {
		method, product, path string
		form                  url.Values
		want                  int
	}{
		{"GET", "accounts", "/v1/SafeList/Numbers?PhoneNumber=%2B998912345678", nil, http.StatusNotFound},
		{"DELETE", "verify", "/v2/SafeList/Numbers/%2B998912345678", nil, http.StatusNotFound},
		{"POST", "verify", "/v2/SafeList/Numbers", numbers("998912345678"), http.StatusBadRequest},
		{"POST", "verify", "/v2/SafeList/Numbers", numbers("+1xxx"), http.StatusBadRequest},
		{"POST", "verify", "/v2/SafeList/Numbers", numbers("+6281234"), http.StatusBadRequest}, // all that begin with it
		{"POST", "verify", "/v2/SafeList/Numbers", numbers("+1800123xxx"), http.StatusBadRequest},
		{"POST", "verify", "/v2/SafeList/Numbers", numbers("+18001234xxx"), http.StatusCreated},
		{"POST", "verify", "/v2/SafeList/Numbers", numbers("+12015550123"), http.StatusCreated},
	} {
		if status, body := s.resource(t, acme, c.method, c.product, c.path, c.form); status != c.want {
			t.Errorf("%s %s %v is answered %d %v", c.method, c.path, c.form, status, body)
		}
	}
}

func TestTwiliosSafeListIsNotOfRulesThatEnd(t *testing.T) {
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"messaging": ["US"], "prefixes": [{"allow": "+998912345678", "until": "2020-01-01", "reason": "a test"}]}`)
	const path = "/v1/SafeList/Numbers?PhoneNumber=%2B998912345678"
	for _, method := range []string{"GET", "DELETE"} {
		if status, body := s.resource(t, acme, method, "accounts", path, nil); status != http.StatusNotFound {
			t.Errorf("%s of a rule that has ended is answered %d %v", method, status, body)
		}
	}
	if status, body := s.resource(t, acme, "POST", "accounts", "/v1/SafeList/Numbers", url.Values{"PhoneNumber": {"+998912345678"}}); status != http.StatusCreated {
		t.Errorf("it is answered %d %v", status, body)
	}
	s.mustAnswer(t, http.StatusCreated, acme, "+998912345678")
}

func TestInheritanceIsAsTheSettingsResourceHasIt(t *testing.T) {
	const sub = "AC00000000000000000000000000000003"
	s := resourceServer(t, "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+sub, `{"parent": "`+acme+`"}`)
	settings := func(want bool) {
		t.Helper()
		status, body := s.resource(t, sub, "GET", "voice", "/v1/Settings", nil)
		if status != http.StatusOK || body["dialing_permissions_inheritance"] != want || body["url"] != "http://voice.twilio.com/v1/Settings" {
			t.Errorf("the settings are %d %v", status, body)
		}
	}
	settings(true)
	if status, body := s.update(t, sub, `[{"iso_code": "GB", "low_risk_numbers_enabled": true}]`); status != http.StatusBadRequest || !strings.Contains(body["message"].(string), "inherit") {
		t.Errorf("a change while it inherits is answered %d %v", status, body)
	}
	if status, body := s.resource(t, sub, "POST", "voice", "/v1/Settings", url.Values{"DialingPermissionsInheritance": {"false"}}); status != http.StatusAccepted || body["dialing_permissions_inheritance"] != false {
		t.Errorf("turning it off is answered %d %v", status, body)
	}
	settings(false)
	if got, want := s.calls(t, sub, "US"), [3]any{true, false, false}; got != want {
		t.Errorf("it begins as the parent's, and is %v", got)
	}
	if status, body := s.update(t, sub, `[{"iso_code": "GB", "low_risk_numbers_enabled": true}]`); status != http.StatusCreated {
		t.Errorf("a change is answered %d %v", status, body)
	}
	if got := s.calls(t, acme, "GB"); got != [3]any{false, false, false} {
		t.Errorf("the parent's is %v", got)
	}
	s.resource(t, sub, "POST", "voice", "/v1/Settings", url.Values{"DialingPermissionsInheritance": {"true"}})
	settings(true)
}

func TestWhoMayChangePermissionsByTwiliosResources(t *testing.T) {
	const change = `[{"iso_code": "GB", "low_risk_numbers_enabled": true}]`
	const other = "AC00000000000000000000000000000007"
	for _, c := range []struct {
		name, option, user string
		carrier            int
		status             int
	}{
		{"by default, no one", "", acme, 0, http.StatusForbidden},
		{"reading only", "permissions_api read", acme, 0, http.StatusForbidden},
		{"a credential that may", "permissions_api write " + acme, acme, 0, http.StatusCreated},
		{"another than those that may", "permissions_api write SK00000000000000000000000000000001", acme, 0, http.StatusForbidden},
		{"an account that the policy does not name", "permissions_api write", other, 0, http.StatusUnauthorized},
		{"no credential", "permissions_api write", "", 0, http.StatusUnauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := resourceServer(t, c.option, "")
			s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
			before := s.document(t, acme)
			if status, body := s.update(t, c.user, change); status != c.status {
				t.Errorf("it is answered %d %v", status, body)
			}
			if after := s.document(t, acme); (before != after) != (c.status == http.StatusCreated) {
				t.Errorf("the account was %s and is %s", before, after)
			}
		})
	}
}

func TestWhatOthersMayNotChangeByTwiliosResources(t *testing.T) {
	const change = `[{"iso_code": "GB", "low_risk_numbers_enabled": true}]`
	t.Run("an account of a file", func(t *testing.T) {
		s := resourceServer(t, "permissions_api write", acmePolicy)
		if status, body := s.update(t, acme, change); status != http.StatusBadRequest || !strings.Contains(body["message"].(string), "file") {
			t.Errorf("it is answered %d %v", status, body)
		}
	})
	t.Run("one that is suspended", func(t *testing.T) {
		s := resourceServer(t, "permissions_api write", "")
		s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
		s.must(t, http.StatusCreated, "PUT", "/suspensions/"+acme, `{"reason": "leaked"}`)
		if status, body := s.update(t, acme, change); status != http.StatusForbidden {
			t.Errorf("it is answered %d %v", status, body)
		}
		if got := s.calls(t, acme, "US"); got != [3]any{true, false, false} {
			t.Errorf("what it states is %v", got)
		}
	})
	t.Run("one that is suspended while the carrier is asked", func(t *testing.T) {
		s := resourceServer(t, "permissions_api write", "")
		s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
		before := s.document(t, acme)
		suspend := func() { s.manage(t, "PUT", "/suspensions/"+acme, `{"reason": "leaked"}`) }
		s.upstream.onCheck.Store(&suspend)
		status, body := s.update(t, acme, change)
		if after := s.document(t, acme); status != http.StatusForbidden || after != before {
			t.Errorf("it is answered %d %v, and the account is %s", status, body, after)
		}
	})
	t.Run("while the store is not there", func(t *testing.T) {
		s := newStoreServer(t, "store sqlite "+t.TempDir(), acmePolicy) // which is a folder
		s.caddyfile = strings.Replace(s.caddyfile, "tollgate twilio {", "tollgate twilio {\n\t\t\tpermissions_api write", 1)
		loadCaddyfile(t, s.caddyfile)
		for path, form := range map[string]url.Values{"/v1/Settings": nil, "/v1/DialingPermissions/BulkCountryUpdates": {"UpdateRequest": {change}}} {
			method := "GET"
			if form != nil {
				method = "POST"
			}
			if status, body := s.resource(t, acme, method, "voice", path, form); status != http.StatusServiceUnavailable || body["code"] != 20503.0 {
				t.Errorf("%s %s is answered %d %v", method, path, status, body)
			}
		}
	})
	t.Run("off", func(t *testing.T) {
		s := resourceServer(t, "permissions_api off", acmePolicy)
		s.resource(t, acme, "GET", "voice", "/v1/DialingPermissions/Countries/US", nil)
		if got := s.upstream.take(); len(got) != 1 {
			t.Errorf("the carrier was asked %q", got)
		}
	})
}

func TestAnAccountUnderTheDefaultComesIntoBeingWithItsFirstChange(t *testing.T) {
	const fresh = "AC00000000000000000000000000000009"
	s := resourceServer(t, "permissions_api write", "\t\tdefault {\n\t\t\tmessaging US\n\t\t\tvoice US\n\t\t}\n")
	if got := s.calls(t, fresh, "US"); got != [3]any{true, false, false} {
		t.Errorf("the default is %v", got)
	}
	if status, body := s.update(t, fresh, `[{"iso_code": "GB", "low_risk_numbers_enabled": true}]`); status != http.StatusCreated {
		t.Fatalf("it is answered %d %v", status, body)
	}
	if text := s.document(t, fresh); !strings.Contains(text, `"voice":{"low_risk":["US","GB","GG","JE","IM"]`) {
		t.Errorf("the account is %s", text)
	}
	response, text := s.manage(t, "GET", "/audit/changes?limit=1", "")
	if response.StatusCode != http.StatusOK || !strings.Contains(text, `"name":"carrier:`+fresh) || !strings.Contains(text, `"through":"twilio"`) {
		t.Errorf("the record is %s", text)
	}
}
