package caddymodule_test

import (
	"strings"
	"testing"
)

// observedPolicy lets acme reach the US, suspends child and blocks a prefix.
const observedPolicy = acmePolicy + `
		block +99899394 "pumping, incident 4711"
		account ` + child + ` "suspended" {
			parent ` + acme + `
			messaging US
			suspended
		}`

// In the first week in front of live traffic nothing may break.
func TestObserveRefusesNothingAndRecordsWhatItWouldHaveRefused(t *testing.T) {
	s := startGate(t, "observe\n"+observedPolicy, "unknown deny")
	large := tooLarge(inUS)
	for _, c := range []struct {
		name    string
		request string
		reason  string
		code    float64
	}{
		{"a territory that is not enabled", post(messages(acme), messageTo(inUZ)), "territory_not_enabled", 21408},
		{"a class that is not enabled", post(calls(acme), messageTo("+19002345678")), "class_not_enabled", 21215},
		{"a blocked prefix", post(messages(acme), messageTo("+998993941234")), "prefix_blocked", 21408},
		{"a suspended account", post(messages(child), messageTo(inUS)), "account_suspended", 20003},
		{"an account that the policy does not name", strings.Replace(post(messages(unnamed), messageTo(inUS)), asAcme, asUnnamed, 1), "account_unknown", 21408},
		{"what is not a number", post(messages(acme), messageTo("+12 or so, thanks")), "destination_unreadable", 21211},
		{"a body that is too large arrives whole", post(messages(acme), large), "body_too_large", 20001},
		{"a path that is not canonical", post(strings.Replace(messages(acme), "Messages", "%4Dessages", 1), messageTo(inUZ)), "path_not_canonical", 20404},
		{"a body that does not decode", post(messages(acme), "%zz=1&To=%2B998912345678"), "body_undecodable", 20001},
		{"an encoded body", strings.Replace(post(messages(acme), messageTo(inUZ)), "Content-Type:", "Content-Encoding: gzip\r\nContent-Type:", 1), "body_encoded", 20001},
		{"a type that the carrier does not take", strings.Replace(post(messages(acme), messageTo(inUZ)), "x-www-form-urlencoded", "octet-stream", 1), "content_type", 21604},
		{"a second Content-Type", strings.Replace(post(messages(acme), messageTo(inUZ)), "Content-Type:", "Content-Type: application/json\r\nContent-Type:", 1), "header_repeated", 20001},
		{"a method override", strings.Replace(post(messages(acme), messageTo(inUZ)), "Content-Type:", "X-HTTP-Method-Override: GET\r\nContent-Type:", 1), "method_override", 20001},
		{"a write that is in no table", post("/v1/Unlisted", "a=b"), "operation_unknown", 20404},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := s.logged(t, c.request)
			if line.Status != 201 {
				t.Errorf("answer %d, want the upstream's 201", line.Status)
			}
			forwarded := s.upstream.take()
			_, body, _ := strings.Cut(c.request, "\r\n\r\n")
			if len(forwarded) != 1 || !strings.HasSuffix(forwarded[0], "\r\n\r\n"+body) {
				t.Errorf("forwarded %d requests, want this one with its body whole", len(forwarded))
			}
			if line.Tollgate["verdict"] != "monitor" || line.Tollgate["reason"] != c.reason || line.Tollgate["code"] != c.code {
				t.Errorf("logged %v, want verdict monitor, reason %s, code %v", line.Tollgate, c.reason, c.code)
			}
		})
	}
	t.Run("what is allowed is still allowed", func(t *testing.T) {
		if got := s.logged(t, post(messages(acme), messageTo(inUS))).Tollgate["verdict"]; got != "allow" {
			t.Errorf("verdict %v", got)
		}
	})
}

// Monitoring an account tries its permissions out. A suspension, an operator's
// block and a malformed request are not about permissions.
func TestAMonitoredAccountIsStillHeldToBlocksSuspensionAndForm(t *testing.T) {
	const suspended = "AC44444444444444444444444444444444"
	s := startGate(t, `
		block +99899394 "pumping, incident 4711"
		unsupported voice KP
		account `+acme+` {
			messaging US
			voice US
			block +1242 "no Bahamas"
			sender +12015550199 {
				messaging CA
			}
			monitor
		}
		account `+suspended+` {
			parent `+acme+`
			messaging US
			suspended
			monitor
		}`, "unknown deny")
	for _, c := range []struct {
		name    string
		request string
		status  int
		verdict string
		reason  string
		code    any
	}{
		{"an enabled territory is allowed", post(messages(acme), "To=%2B12015550123"), 201, "allow", "enabled", nil},
		{"a territory passes", post(messages(acme), messageTo(inUZ)), 201, "monitor", "territory_not_enabled", 21408.0},
		{"a class passes", post(calls(acme), messageTo("+19002345678")), 201, "monitor", "class_not_enabled", 21215.0},
		{"a sender passes", post(messages(acme), messageTo(inUS)), 201, "monitor", "sender_not_enabled", 21408.0},
		{"by request passes", post(calls(acme), messageTo("+6561234567")), 201, "monitor", "by_request", 21215.0},
		{"unsupported passes", post(calls(acme), messageTo("+85023812345")), 201, "monitor", "unsupported", 21215.0},
		{"what is not a number passes", post(messages(acme), messageTo("+12 or so, thanks")), 201, "monitor", "destination_unreadable", 21211.0},
		{"an operator's block is enforced", post(messages(acme), messageTo("+998993941234")), 400, "deny", "prefix_blocked", 21408.0},
		{"its own block is enforced", post(messages(acme), messageTo("+12423591234")), 400, "deny", "prefix_blocked", 21408.0},
		{"a block among what passes is enforced", post(messages(acme), messageTo(inUZ)+"&To=%2B998993941234"), 400, "deny", "prefix_blocked", 21408.0},
		{"a suspension is enforced", post(messages(suspended), messageTo(inUS)), 401, "deny", "account_suspended", 20003.0},
		{"the limit of a body is enforced", post(messages(acme), tooLarge(inUS)), 413, "deny", "body_too_large", 20001.0},
		{"an unknown operation is denied", post("/v1/Unlisted", "a=b"), 404, "deny", "operation_unknown", 20404.0},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := s.logged(t, c.request)
			forwarded := s.upstream.take()
			if line.Status != c.status || (len(forwarded) == 1) != (c.status == 201) {
				t.Errorf("answer %d, %d forwarded, want %d", line.Status, len(forwarded), c.status)
			}
			if line.Tollgate["verdict"] != c.verdict || line.Tollgate["reason"] != c.reason || line.Tollgate["code"] != c.code {
				t.Errorf("logged %v, want verdict %s, reason %s, code %v", line.Tollgate, c.verdict, c.reason, c.code)
			}
		})
	}
}
