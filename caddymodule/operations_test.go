package caddymodule_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// operationsPolicy has an account for each way to treat what is not a plain send.
const (
	guarded          = "AC44444444444444444444444444444444"
	guardedKid       = "AC55555555555555555555555555555555"
	operationsPolicy = `
		account ` + acme + ` "Acme" {
			messaging US CA
			voice US
			verify messaging US UZ
			control allow keys risk_check
		}
		account ` + guarded + ` "Guarded" {
			messaging US
			stored deny
			unscoped_service deny
			sender MG33333333333333333333333333333333 {
				messaging US
			}
			monitor
		}
		account ` + guardedKid + ` "Guarded, child" {
			parent ` + guarded + `
			stored deny
		}`
)

func by(account, host, target, form string, headers ...string) string {
	return request("POST", target, form, append([]string{"Host: " + host + ".twilio.com", "Authorization: " + basic(account+":secret")}, headers...)...)
}

func deleting(account, target string) string {
	return request("DELETE", target, "", "Authorization: "+basic(account+":secret"), "-Content-Type", "-Content-Length")
}

// What is not a plain send is judged by what the policy says of it, and what is
// judged is logged.
func TestOperationsThatAreNotPlainSends(t *testing.T) {
	s := startGate(t, operationsPolicy, "")
	const (
		keys       = "/2010-04-01/Accounts/" + acme + "/Keys.json"
		subaccount = "/2010-04-01/Accounts.json"
		said       = "/v1/Conversations/CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Messages"
		toEnabled  = "To=" + us + "&From=%2B12015550199&Body=Hello"
	)
	sendFrom := func(account, service string) string {
		return by(account, "api", messages(account), "To="+us+"&MessagingServiceSid="+service+"&Body=Hello")
	}
	for _, c := range []struct {
		name, request string

		status                int
		verdict, reason, rule string
	}{
		{"an account that may create keys", by(acme, "api", keys, "FriendlyName=x"), 201, "allow", "control_allowed", "account " + acme + " control keys"},
		{"one that may not", by(guarded, "api", strings.Replace(keys, acme, guarded, 1), "FriendlyName=x"), 403, "deny", "control_denied", "account " + guarded + " needs control keys"},
		{"the deletion of a key takes access away", deleting(guarded, "/2010-04-01/Accounts/"+guarded+"/Keys/SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), 201, "", "", ""},
		{"a subaccount", by(acme, "api", subaccount, "FriendlyName=x"), 403, "deny", "control_denied", "account " + acme + " needs control accounts"},
		{"geographic permissions", by(acme, "voice", "/v1/DialingPermissions/BulkCountryUpdates", "UpdateRequest=%5B%5D"), 403, "deny", "control_denied", "account " + acme + " needs control permissions"},
		{"a safe list", by(acme, "accounts", "/v1/SafeList/Numbers", "PhoneNumber=%2B12015550123"), 403, "deny", "control_denied", "account " + acme + " needs control safe_list"},
		{"a send without the carrier's check, by an account that may", by(acme, "api", messages(acme), toEnabled+"&RiskCheck=disable"), 201, "allow", "enabled", "account " + acme + " messaging"},
		{"by one that may not", by(guarded, "api", messages(guarded), toEnabled+"&RiskCheck=Disable"), 403, "deny", "control_denied", "account " + guarded + " needs control risk_check"},
		{"with the check", by(guarded, "api", messages(guarded), toEnabled+"&RiskCheck=enable"), 201, "allow", "enabled", "account " + guarded + " messaging"},

		{"a message into a conversation", by(acme, "conversations", said, "Body=Hello"), 201, "allow", "stored_target", ""},
		{"where stored is denied and the account monitored", by(guarded, "conversations", said, "Body=Hello"), 201, "monitor", "stored_denied", "account " + guarded + " stored deny"},
		{"where stored is denied", by(guardedKid, "conversations", said, "Body=Hello"), 400, "deny", "stored_denied", "account " + guardedKid + " stored deny"},
		{"by an account that the policy does not name", by(unnamed, "conversations", said, "Body=Hello"), 401, "deny", "account_unknown", "no default"},

		{"a service that has a set of its own", sendFrom(guardedKid, "MG33333333333333333333333333333333"), 201, "allow", "enabled", "account " + guarded + " messaging"},
		{"one that the gate cannot see into", sendFrom(guardedKid, "MG44444444444444444444444444444444"), 400, "deny", "service_unscoped", "account " + guarded + " unscoped_service deny"},

		{"a verification by the set for verifications", by(acme, "verify", verifications, "To="+uz+"&Channel=sms"), 201, "allow", "enabled", "account " + acme + " verify messaging"},
		{"a message by the set for messages", by(acme, "api", messages(acme), "To="+uz+"&From=%2B12015550199&Body=Hello"), 400, "deny", "territory_not_enabled", "account " + acme + " messaging"},
		{"a verification to where only messages may go", by(acme, "verify", verifications, "To=%2B14165550123&Channel=sms"), 403, "deny", "territory_not_enabled", "account " + acme + " verify messaging"},
		{"a verification by call, which has no set of its own", by(acme, "verify", verifications, "To="+us+"&Channel=call"), 201, "allow", "enabled", "account " + acme + " voice"},

		{"an operation that reaches no one", by(unnamed, "sync", "/v1/Services", "FriendlyName=x"), 201, "", "", ""},
		{"one that is in no table", by(acme, "api", "/2010-04-01/Accounts/"+acme+"/Whatever.json", "x=1"), 404, "deny", "operation_unknown", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := s.logged(t, c.request)
			arrived := s.upstream.take()
			if line.Status != c.status || (len(arrived) == 1) != (c.status == http.StatusCreated) {
				t.Errorf("answered %d, arrived %d times, want %d", line.Status, len(arrived), c.status)
			}
			for name, want := range map[string]string{"verdict": c.verdict, "reason": c.reason, "rule": c.rule} {
				if got, _ := line.Tollgate[name].(string); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

// What is only recorded is recorded all the same, whatever else the request does.
func TestADeniedControlIsRecordedUnderObserve(t *testing.T) {
	s := startGate(t, "observe\n"+operationsPolicy, "")
	for name, r := range map[string]string{
		"beside a destination":    by(guarded, "api", messages(guarded), "To="+us+"&From=%2B12015550199&Body=Hello&RiskCheck=disable"),
		"beside a stored profile": by(guarded, "comms", "/v1/Messages", `{"riskCheck":"disable","profileId":"p"}`, "Content-Type: application/json"),
	} {
		t.Run(name, func(t *testing.T) {
			line := s.logged(t, r)
			if line.Status != http.StatusCreated || line.Tollgate["verdict"] != "monitor" || line.Tollgate["reason"] != "control_denied" {
				t.Errorf("answered %d, recorded %v", line.Status, line.Tollgate)
			}
		})
	}
}

// A request for a region goes there, and nowhere else.
func TestARegionIsKept(t *testing.T) {
	address := harness.FreeAddress(t)
	loadCaddyfile(t, `{
	admin off
	auto_https off
	persist_config off
	log {
		output discard
	}
	tollgate {`+acmePolicy+`
	}
}
http://`+strings.TrimPrefix(address, "127.0.0.1")+` {
	route {
		tollgate twilio
		respond "{http.tollgate.upstream}"
	}
}
`)
	s := &caddyServer{gate: address}
	for host, want := range map[string]string{
		"api.twilio.com":                   "api.twilio.com:443",
		"api.ie1.twilio.com":               "api.ie1.twilio.com:443",
		"API.Dublin.IE1.twilio.com.":       "api.dublin.ie1.twilio.com:443",
		"verify.sydney.au1.twilio.com:443": "verify.sydney.au1.twilio.com:443",
		"gate.example":                     "api.twilio.com:443",
	} {
		_, body := s.raw(t, request("POST", "/v1/unheard", "", "Host: "+host, "-Content-Length", "-Content-Type"))
		if _, answer := s.raw(t, "GET /2010-04-01/Accounts.json HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n"); answer != want {
			t.Errorf("%s goes to %q, want %q", host, answer, want)
		}
		if strings.Contains(body, ":443") {
			t.Errorf("an unknown write to %s may go on: %s", host, body)
		}
	}
	for _, host := range []string{"api.nowhere.twilio.com", "api.ie1.dublin.twilio.com", "api.ie1.twilio.com.example.twilio.com", "ie1.twilio.com", "api..twilio.com"} {
		if _, answer := s.raw(t, "GET /2010-04-01/Accounts.json HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n"); strings.Contains(answer, ":443") {
			t.Errorf("%s goes to %q", host, answer)
		}
	}
}
