package caddymodule_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// What a Standard key of Twilio's may change of the protection is refused unless a
// group is allowed, and both the log and the header say which one it takes.
func TestAControlThatIsRefusedIsNamed(t *testing.T) {
	const (
		service = "/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		bulk    = "/v1/DialingPermissions/BulkCountryUpdates"
		geo     = "/v1/Messaging/GeoPermissions"
	)
	update := func(flag string) string {
		return "UpdateRequest=" + url.QueryEscape(`[{"iso_code":"LV","low_risk_numbers_enabled":"`+flag+`","high_risk_special_numbers_enabled":"false","high_risk_tollfraud_numbers_enabled":"false"}]`)
	}
	permit := func(flag string) string {
		return "Permissions=" + url.QueryEscape(`{"country_code":"LV","type":"country","enabled":`+flag+`}`)
	}
	patch := func(target, form string) string {
		return request("PATCH", target, form, "Host: accounts.twilio.com")
	}
	refused := startExactGate(t, acmePolicy, "explain_header")
	cases := []struct {
		name, group, request string
	}{
		{"a message without the check for fraud", "risk_check", post(messages(acme), "To="+us+messageRest+"&RiskCheck=disable")},
		{"a code past Verify's geographic permissions", "risk_check", at("verify", verifications, "To="+us+"&Channel=sms&RiskCheck=disable")},
		{"a country opened to calls", "permissions", at("voice", bulk, update("true"))},
		{"inherited permissions", "permissions", at("voice", "/v1/Settings", "DialingPermissionsInheritance=false")},
		{"a country opened to messages", "permissions", patch(geo, permit("true"))},
		{"a number on the safe list", "safe_list", at("accounts", "/v1/SafeList/Numbers", "PhoneNumber=%2B37190001234")},
		{"a thousand numbers on the safe list", "safe_list", at("accounts", "/v1/SafeList/Numbers", "PhoneNumber=%2B18001234xxx")},
		{"a thousand numbers on that of Verify", "safe_list", at("verify", "/v2/SafeList/Numbers", "PhoneNumber=%2B18001234xxx")},
		{"a rule of webhooks", "safeguards", at("webhooks", "/v1/Webhooks/Rules", "matchType=DEFAULT")},
		{"a limit taken away", "safeguards", strings.Replace(at("verify", service+"/RateLimits/RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""), "POST", "DELETE", 1)},
		{"a protection turned off", "safeguards", at("verify", service, "SkipSmsToLandlines=false")},
		{"a number given away", "accounts", post(account("/IncomingPhoneNumbers/PNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), "AccountSid="+unnamed)},
		{"a subaccount let loose", "accounts", post("/2010-04-01/Accounts/"+acme+".json", "Status=active")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rule := "account " + acme + " needs control " + c.group
			a := refused.send(t, c.request)
			if a.status != 403 || a.header.Get("Tollgate-Rule") != "control_denied "+rule {
				t.Errorf("answered %d, rule %q", a.status, a.header.Get("Tollgate-Rule"))
			}
			if line := refused.logged(t, c.request); line.Tollgate["reason"] != "control_denied" || line.Tollgate["rule"] != rule {
				t.Errorf("logged %v", line.Tollgate)
			}
		})
	}
	for name, request := range map[string]string{
		"a country closed to calls":    at("voice", bulk, update("false")),
		"a country closed to messages": patch(geo, permit("false")),
		"a subaccount suspended":       post("/2010-04-01/Accounts/"+acme+".json", "Status=suspended"),
	} {
		t.Run(name, func(t *testing.T) { refused.mustForward(t, request) })
	}

	allowed := startExactGate(t, strings.Replace(acmePolicy, "{", "{\ncontrol allow "+groups(), 1), "")
	for _, c := range cases {
		t.Run(c.name+", which is allowed", func(t *testing.T) { allowed.mustForward(t, c.request) })
	}
}

// groups are all that there are.
func groups() string {
	var names []string
	for _, control := range policy.Controls {
		names = append(names, string(control))
	}
	return strings.Join(names, " ") + "\n"
}
