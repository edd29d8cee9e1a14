package caddymodule_test

import (
	"maps"
	"net/http"
	"testing"
)

// premiumGB is an example of Britain's premium-rate numbers.
const premiumGB = "+449012345678"

// A message to a special number goes where all messages may, as with the carrier,
// until an operator denies it.
func TestMessagesToSpecialNumbers(t *testing.T) {
	const (
		own    = "AC44444444444444444444444444444444"
		ownKid = "AC55555555555555555555555555555555"
		set    = "messaging *\nvoice GB\n"
		deny   = "messaging_special deny\n"
	)
	account := func(id, inside string) string { return "account " + id + " {\n" + inside + "}\n" }
	text := func(from string) string {
		return by(from, "api", messages(from), messageTo(premiumGB))
	}
	whatsApp := by(acme, "api", messages(acme), "To=whatsapp:%2B449012345678&From=whatsapp:%2B12015550199&Body=Hello")
	code := by(acme, "verify", verifications, "To=%2B449012345678&Channel=sms")

	for _, c := range []struct {
		name, policy, request string

		status        int
		code          float64 // the carrier's error, 0 if the message is allowed
		reason, class string
		rule          string
	}{
		{"goes where all messages may", account(acme, set), text(acme), 201, 0, "enabled", "", "account " + acme + " messaging"},
		{"is refused where the account denies it", account(acme, set+deny), text(acme), 400, 21408, "class_not_enabled", "high_risk_special", "account " + acme + " messaging_special deny"},
		{"is refused where the operator denies it", deny + account(acme, set), text(acme), 400, 21408, "class_not_enabled", "high_risk_special", "operator messaging_special deny"},
		{"is let through where the account allows it nevertheless", deny + account(acme, set+"messaging_special allow\n"), text(acme), 201, 0, "enabled", "", "account " + acme + " messaging"},
		{"is refused where the parent denies it", account(own, set+deny) + account(ownKid, "parent "+own+"\n"), text(ownKid), 400, 21408, "class_not_enabled", "high_risk_special", "account " + own + " messaging_special deny"},
		{"is refused whatever the subaccount's own set", account(own, deny) + account(ownKid, "parent "+own+"\n"+set), text(ownKid), 400, 21408, "class_not_enabled", "high_risk_special", "account " + own + " messaging_special deny"},
		{"is let through by a rule", account(acme, set+deny+"allow "+premiumGB+" messaging \"our own hotline\"\n"), text(acme), 201, 0, "allow_rule", "", "account " + acme + " allow *********5678 messaging"},
		{"by WhatsApp is refused", account(acme, set+deny), whatsApp, 400, 21408, "class_not_enabled", "high_risk_special", "account " + acme + " messaging_special deny"},
		{"that verifies is refused", account(acme, set+deny), code, 403, 60605, "class_not_enabled", "high_risk_special", "account " + acme + " messaging_special deny"},
		{"is only recorded where the account is monitored", account(acme, set+deny+"monitor\n"), text(acme), 201, 21408, "class_not_enabled", "high_risk_special", "account " + acme + " messaging_special deny"},
	} {
		t.Run("a message "+c.name, func(t *testing.T) {
			s := startGate(t, c.policy, "")
			line := s.logged(t, c.request)
			arrived := s.upstream.take()
			if line.Status != c.status || (len(arrived) == 1) != (c.status == http.StatusCreated) {
				t.Errorf("answered %d, arrived %d times, want %d", line.Status, len(arrived), c.status)
			}
			got := map[string]any{"code": 0.0}
			for _, name := range []string{"reason", "class", "rule", "channel", "territory", "code"} {
				if value, ok := line.Tollgate[name]; ok {
					got[name] = value
				}
			}
			channel := "messaging"
			if c.request == whatsApp {
				channel = "whatsapp"
			}
			want := map[string]any{"code": c.code, "reason": c.reason, "class": c.class, "rule": c.rule, "channel": channel, "territory": "GB"}
			if !maps.Equal(got, want) {
				t.Errorf("logged\n%v\nwant\n%v", got, want)
			}
		})
	}
}
