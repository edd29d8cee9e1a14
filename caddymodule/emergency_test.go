package caddymodule_test

import (
	"strings"
	"testing"
)

// A suspended account, or one to which all destinations are blocked, can still call for
// help, and the log shows that it did.
func TestCallsForHelpPassFromASuspendedAccount(t *testing.T) {
	s := startExactGate(t, `
		block +1 "all of it"
		block +4 "all of it"
		account `+acme+` "Acme" {
			messaging none
			voice none
			suspended
		}`, "")
	for _, c := range []struct {
		name, request string
		refused       bool
	}{
		{"help", post(account("/Calls.json"), "To=911"+callRest), false},
		{"help with a calling code", post(account("/Calls.json"), "To=%2B44112"+callRest), false},
		{"help for a participant", post(account(participants), "To=112&From=%2B12015550199"), false},
		{"help from an account that the policy does not name", strings.ReplaceAll(post(account("/Calls.json"), "To=911"+callRest), acme, "AC99999999999999999999999999999999"), false},
		{"a number", post(account("/Calls.json"), "To=%2B12015550123"+callRest), true},
		{"a message to help", post(messages(acme), "To=911"+messageRest), true},
		{"the test of an emergency address", post(account("/Calls.json"), "To=933"+callRest), true},
		{"a code read out to help", strings.Replace(post("/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications", "To=%2B44112&Channel=call"), "api.twilio.com", "verify.twilio.com", 1), true},
		{"help and a number", post(account("/Calls.json"), "To=911&From=%2B12015550199&Twiml=%3CResponse%3E%3CDial%3E%2B12015550123%3C%2FDial%3E%3C%2FResponse%3E"), true},
	} {
		if got := s.send(t, c.request); (got.status >= 400) != c.refused {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	first := s.accessLog(t, 1)[0]
	for _, want := range []string{`"verdict":"allow"`, `"reason":"emergency"`, `"channel":"voice"`} {
		if !strings.Contains(first, want) {
			t.Errorf("the log has no %s: %s", want, first)
		}
	}
}
