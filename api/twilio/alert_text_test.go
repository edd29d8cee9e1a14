package twilio

import (
	"net/url"
	"testing"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
)

func TestARefusalHasTheCodeOfItsReasonAndChannel(t *testing.T) {
	const id = "RQ00000000000000000000000000000001"
	for _, c := range []struct {
		name    string
		refusal refusals.Refusal
		code    int
		message string
	}{
		{"a message", refusals.Refusal{RequestID: id, Channel: "messaging", Reason: "territory_not_enabled", Destination: "***5678"}, 21408,
			"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ***5678"},
		{"a message of a number that is forgotten", refusals.Refusal{RequestID: id, Channel: "messaging", Reason: "territory_not_enabled"}, 21408,
			"Permission to send an SMS has not been enabled for the region indicated by the 'To' number"},
		{"a number that is none", refusals.Refusal{RequestID: id, Channel: "messaging", Reason: "destination_unreadable", Destination: "***12"}, 21211,
			"Invalid 'To' Phone Number: ***12"},
		{"a call", refusals.Refusal{RequestID: id, Channel: "voice", Class: "high_risk_special", Reason: "class_not_enabled"}, 21215, ""},
		{"a verification by message", refusals.Refusal{RequestID: id, Channel: "messaging", Territory: "UZ", Reason: "territory_not_enabled", Rule: "account acme verify messaging"}, 60605,
			"The destination phone number has been blocked by Verify Geo-Permissions. UZ is blocked for sms channel for all services"},
		{"a verification by call", refusals.Refusal{RequestID: id, Channel: "voice", Territory: "UZ", Reason: "territory_not_enabled", Rule: "account acme verify voice"}, 60605,
			"The destination phone number has been blocked by Verify Geo-Permissions. UZ is blocked for call channel for all services"},
		{"a call of a document", refusals.Refusal{Channel: "voice", Class: "low_risk", Territory: "NG", Reason: "territory_not_enabled"}, 13227,
			"No International Permission. To call this phone number you must enable the Low Risk permission for NG at https://www.twilio.com/console/voice/calls/geo-permissions/low-risk?countryIsoCode=NG"},
		{"a call of a document to special numbers", refusals.Refusal{Channel: "voice", Class: "high_risk_special", Territory: "AU", Reason: "class_not_enabled"}, 13227,
			"No International Permission. To call this phone number you must enable the High Risk:Special permission for AU at https://www.twilio.com/console/voice/calls/geo-permissions/high-risk?countryIsoCode=AU"},
		{"a range that is only recorded", refusals.Refusal{Channel: "voice", Reason: "unallocated_range", Outcome: "monitor"}, 21217, ""},
		{"a credential that the carrier rejects", refusals.Refusal{Reason: "credential"}, 20003, "Authenticate"},
		{"a webhook that is not signed", refusals.Refusal{Reason: "signature_missing"}, 11217, "HTTP error response code"},
		{"an unknown operation", refusals.Refusal{RequestID: id, Reason: "operation_unknown"}, 20404, "The requested resource was not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.refusal.Outcome == "" {
				c.refusal.Outcome = "deny"
			}
			e := errorOf(&c.refusal)
			text, err := url.ParseQuery(alertText(&c.refusal, e))
			if err != nil || e.Code != c.code || c.message != "" && text.Get("Msg") != c.message {
				t.Errorf("%d %q, %v", e.Code, text.Get("Msg"), err)
			}
		})
	}
}
