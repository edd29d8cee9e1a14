package caddymodule_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Twilio has each account act for itself here; with the gate's own parameter, a parent acts for its
// subaccounts, and no one else for anyone.
func TestAParentActsForItsSubaccountsByItsOwnCredential(t *testing.T) {
	const (
		sub     = "AC00000000000000000000000000000003"
		another = "AC00000000000000000000000000000004"
		unknown = "AC00000000000000000000000000000005"
		bulk    = "/v1/DialingPermissions/BulkCountryUpdates"
		country = "/v1/DialingPermissions/Countries/"
		change  = `[{"iso_code": "GB", "low_risk_numbers_enabled": true}]`
	)
	s := resourceServer(t, "permissions_api write "+acme, "\t\tdefault {\n\t\t\tvoice US\n\t\t}\n")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+sub, `{"parent": "`+acme+`", "voice": {"low_risk": ["FR"]}}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+another, `{"voice": {"low_risk": ["US"]}}`)
	update := func(user, account string) (int, map[string]any) {
		return s.resource(t, user, "POST", "voice", bulk, url.Values{"UpdateRequest": {change}, "AccountSid": {account}})
	}
	if status, body := update(acme, sub); status != http.StatusCreated {
		t.Fatalf("its subaccount: %d %v", status, body)
	}
	status, body := s.resource(t, acme, "GET", "voice", country+"GB?AccountSid="+sub, nil)
	if status != http.StatusOK || body["low_risk_numbers_enabled"] != true || body["url"] != "http://voice.twilio.com"+country+"GB?AccountSid="+sub {
		t.Errorf("its subaccount is read %d %v", status, body)
	}
	if got := s.calls(t, acme, "GB"); got[0] != false {
		t.Errorf("its own are %v", got)
	}
	record := s.audited(t, "/audit/changes?limit=1")[0]
	if record["account"] != sub || record["actor"].(map[string]any)["name"] != "carrier:"+acme {
		t.Errorf("the record is %v", record)
	}
	_, body = s.resource(t, acme, "GET", "voice", "/v1/DialingPermissions/Countries?PageSize=1&AccountSid="+sub, nil)
	if next := body["meta"].(map[string]any)["next_page_url"].(string); !strings.Contains(next, "AccountSid="+sub) {
		t.Errorf("the next page is %s", next)
	}
	if status, body := update(acme, acme); status != http.StatusCreated {
		t.Errorf("itself: %d %v", status, body)
	}
	for _, c := range []struct{ name, user, account string }{
		{"another account", acme, another},
		{"one that the policy does not name", acme, unknown},
		{"what is not an account", acme, "acme"},
		{"nothing", acme, ""},
		{"its parent, by a subaccount", sub, acme},
	} {
		status, body := s.resource(t, c.user, "GET", "voice", country+"US?AccountSid="+c.account, nil)
		if status != http.StatusNotFound {
			t.Errorf("%s is read %d %v", c.name, status, body)
		}
		if status, body := update(c.user, c.account); status != http.StatusNotFound {
			t.Errorf("%s is changed %d %v", c.name, status, body)
		}
	}
	if status, body := s.resource(t, acme, "GET", "voice", country+"US?AccountSid="+sub+"&AccountSid="+another, nil); status != http.StatusNotFound {
		t.Errorf("two are read %d %v", status, body)
	}
	if text := s.document(t, another); !strings.Contains(text, `"low_risk":["US"]`) {
		t.Errorf("another account is %s", text)
	}
	if response, _ := s.manage(t, "GET", "/accounts/"+unknown, ""); response.StatusCode != http.StatusNotFound {
		t.Errorf("the account that no one named is answered %d", response.StatusCode)
	}
	// One that is suspended is changed by no one here.
	s.must(t, http.StatusCreated, "PUT", "/suspensions/"+sub, `{"reason": "leaked"}`)
	if status, body := update(acme, sub); status != http.StatusForbidden {
		t.Errorf("one that is suspended: %d %v", status, body)
	}
}
