package operations

import (
	"net/http"
	"testing"
)

const (
	bulk     = "/v1/DialingPermissions/BulkCountryUpdates"
	geo      = "/v1/Messaging/GeoPermissions"
	subOfAC1 = "/2010-04-01/Accounts/AC2.json"
)

// What only takes something away needs no leave, and whatever may do more does.
func TestWhatOnlyNarrows(t *testing.T) {
	update := func(document string) string { return form("UpdateRequest", document) }
	permit := func(documents ...string) string {
		var pairs []string
		for _, d := range documents {
			pairs = append(pairs, "Permissions", d)
		}
		return form(pairs...)
	}
	const all = `"low_risk_numbers_enabled":"false","high_risk_special_numbers_enabled":"false","high_risk_tollfraud_numbers_enabled":"false"`
	for _, test := range []struct {
		name, product, path, query, contentType, body string
		narrows                                       bool
	}{
		{"a country is closed to calls", "voice", bulk, "", formType, update(`[{"iso_code":"LV",` + all + `}]`), true},
		{"several are", "voice", bulk, "", formType, update(`[{"iso_code":"LV",` + all + `}, {"iso_code":"GB",` + all + `}]`), true},
		{"as an object", "voice", bulk, "", formType, update(`{"iso_code":"LV",` + all + `}`), true},
		{"with JSON's own words", "voice", bulk, "", formType, update(`[{"iso_code":"LV","low_risk_numbers_enabled":false,"high_risk_special_numbers_enabled":false,"high_risk_tollfraud_numbers_enabled":false}]`), true},
		{"one class is opened", "voice", bulk, "", formType, update(`[{"iso_code":"LV","low_risk_numbers_enabled":"true","high_risk_special_numbers_enabled":"false","high_risk_tollfraud_numbers_enabled":"false"}]`), false},
		{"one class is not named", "voice", bulk, "", formType, update(`[{"iso_code":"LV","low_risk_numbers_enabled":"false","high_risk_special_numbers_enabled":"false"}]`), false},
		{"one of several is opened", "voice", bulk, "", formType, update(`[{"iso_code":"GB",` + all + `},{"iso_code":"LV","low_risk_numbers_enabled":"true","high_risk_special_numbers_enabled":"false","high_risk_tollfraud_numbers_enabled":"false"}]`), false},
		{"a name stands there twice", "voice", bulk, "", formType, update(`[{"iso_code":"LV","low_risk_numbers_enabled":true,` + all + `}]`), false},
		{"a name in another spelling", "voice", bulk, "", formType, update(`[{"iso_code":"LV","LowRiskNumbersEnabled":"true",` + all + `}]`), false},
		{"an object in an object", "voice", bulk, "", formType, update(`[{"iso_code":{"low_risk_numbers_enabled":"true"},` + all + `}]`), false},
		{"an empty list", "voice", bulk, "", formType, update(`[]`), false},
		{"an empty object", "voice", bulk, "", formType, update(`{}`), false},
		{"no JSON", "voice", bulk, "", formType, update(`false`), false},
		{"JSON that is cut off", "voice", bulk, "", formType, update(`[{"iso_code":"LV",` + all + `}`), false},
		{"something behind it", "voice", bulk, "", formType, update(`{"iso_code":"GB",` + all + `}{"iso_code":"LV","low_risk_numbers_enabled":"true"}`), false},
		{"another list behind a bracket too many", "voice", bulk, "", formType, update(`[{"iso_code":"GB",` + all + `}]][{"iso_code":"LV","low_risk_numbers_enabled":"true"}]`), false},
		{"another object behind a brace too many", "voice", bulk, "", formType, update(`{"iso_code":"GB",` + all + `}},{"iso_code":"LV","low_risk_numbers_enabled":"true"}`), false},
		{"twice", "voice", bulk, "", formType, update(`{"iso_code":"GB",`+all+`}`) + "&" + update(`[{"iso_code":"LV","low_risk_numbers_enabled":"true"}]`), false},
		{"beside another parameter", "voice", bulk, "", formType, update(`{"iso_code":"GB",`+all+`}`) + "&updaterequest=x", false},
		{"beside one in brackets", "voice", bulk, "", formType, update(`{"iso_code":"GB",`+all+`}`) + "&UpdateRequest[]=x", false},
		{"beside a query", "voice", bulk, "UpdateRequest=x", formType, update(`{"iso_code":"GB",` + all + `}`), false},
		{"in a body of JSON", "voice", bulk, "", jsonType, `{"UpdateRequest":[]}`, false},
		{"nothing", "voice", bulk, "", formType, "", false},

		{"a country is closed to messages", "accounts", geo, "", formType, permit(`{"country_code":"LV","type":"country","enabled":false}`), true},
		{"two are, as the libraries write it", "accounts", geo, "", formType, permit(`{"country_code":"LV","enabled":false}`, `{"country_code":"EE","enabled":"False"}`), true},
		{"a country is opened to messages", "accounts", geo, "", formType, permit(`{"country_code":"LV","type":"country","enabled":true}`), false},
		{"a name that is a truth", "accounts", geo, "", formType, permit(`{"country_code":"LV","enabled":true,"enabled":false}`), false},
		{"one of two is opened", "accounts", geo, "", formType, permit(`{"country_code":"LV","enabled":false}`, `{"country_code":"EE","enabled":true}`), false},
		{"null", "accounts", geo, "", formType, permit(`{"country_code":"LV","enabled":null}`), false},

		{"a subaccount is suspended", "api", subOfAC1, "", formType, form("Status", "suspended"), true},
		{"and named", "api", subOfAC1, "", formType, form("Status", "suspended", "FriendlyName", "x"), true},
		{"it is let loose", "api", subOfAC1, "", formType, form("Status", "active"), false},
		{"it is closed for good", "api", subOfAC1, "", formType, form("Status", "closed"), false},
		{"both", "api", subOfAC1, "", formType, "Status=suspended&Status=active", false},
		{"behind a semicolon", "api", subOfAC1, "", formType, "FriendlyName=x;Status=active&Status=suspended", false},
		{"it is named alone", "api", subOfAC1, "", formType, form("FriendlyName", "x"), false},
		{"another change beside it", "api", subOfAC1, "", formType, form("Status", "suspended", "SuspendedUntil", "x"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request(test.product, test.path, test.contentType)
			if r.RawQuery = test.query; test.path == geo {
				r.Method = http.MethodPatch
			}
			op := Route(r, "api")
			if op.MaxBody == 0 {
				t.Fatal("the body is not read")
			}
			intent, err := Carrier.Read(r, op, []byte(test.body))
			if narrows := len(intent.Controls) == 0; err != nil || narrows != test.narrows {
				t.Errorf("got %v, %v", intent.Controls, err)
			}
		})
	}
}
