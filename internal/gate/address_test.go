package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const someService = "MG33333333333333333333333333333333"

// nationalGate lets every account reach the United States and Great Britain. A national
// country is that of senders whose own is unknown; "strict" keeps every reading.
func nationalGate(t *testing.T, national string) *gate.Gate {
	t.Helper()
	var set policy.Set
	for _, code := range []string{"US", "GB"} {
		territory, _ := numbering.ParseTerritory(code)
		set.Add(territory)
	}
	grant := policy.Grant{Set: set}
	definition := policy.Definition{
		Default:        &policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant}},
		NationalStrict: national == "strict",
	}
	if territory, ok := numbering.ParseTerritory(national); ok {
		definition.National = territory
	}
	snapshot, err := policy.New(definition)
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	return &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Now: time.Now}
}

func TestNationalSaysWhoseNumbersThoseOfUnknownSendersAre(t *testing.T) {
	for _, c := range []struct {
		national, to, senders string
		want                  string // verdict and numbers
	}{
		{"", "(201) 555-0123", someService, "deny"},
		{"", "+12015550123", someService, "allow +12015550123"},
		{"US", "(201) 555-0123", someService, "allow +12015550123"},
		{"US", "07400123456", someService, "deny"},
		{"GB", "07400123456", someService, "allow +447400123456"},
		{"GB", "07400123456", "Acme", "allow +447400123456"},
		{"GB", "07400123456", "client:alice", "allow +447400123456"},
		{"GB", "2015550123", someService + " +14155550100", "allow +442015550123 +12015550123"},
		{"GB", "(201) 555-0123", "+14155550100", "allow +12015550123"},
		{"GB", "(201) 555-0123", "", "allow +12015550123"},
		{"US", "9172345678", someService + " +639171234567", "deny +19172345678 +639172345678"},
		{"US", "2015550123", someService + " +447400123457 +33612345678 +34612345678", "deny"},
		{"US", "2015550123", strings.Repeat(someService+" ", 100), "deny"},
		{"strict", "(201) 555-0123", someService, "deny"},
		{"strict", "(201) 555-0123", "+14155550100", "deny +12015550123 +2015550123"},
		{"strict", "07400123456", "+447400123457", "allow +447400123456"},
	} {
		for _, channel := range []policy.Channel{policy.Messaging, policy.Voice} {
			e := nationalGate(t, c.national).Explain(&gate.Question{Account: "AC11111111111111111111111111111111", Channel: channel, To: c.to, Senders: strings.Fields(c.senders)})
			got := e.Outcome.String()
			for _, n := range e.Send.Destination.Numbers.All() {
				got += " +" + n.Digits
			}
			if got != c.want {
				t.Errorf("national %q, %q from %q: %s, want %s", c.national, c.to, c.senders, got, c.want)
			}
			if e.Send.Destination.Meaning == address.Unreadable && c.national == "" && !strings.Contains(e.Steps[len(e.Steps)-1].Text, "sender's country") {
				t.Errorf("the reason is missing: %s", e.Steps[len(e.Steps)-1].Text)
			}
		}
	}
}

// What is known of one destination does not change a sender's name, which is compared
// with the sets of senders as it is.
func TestASenderIsReadWithoutTheCountryOfADestination(t *testing.T) {
	us, _ := numbering.ParseTerritory("US")
	gb, _ := numbering.ParseTerritory("GB")
	grant := policy.Grant{Set: policy.SetOf(us, gb)}
	snapshot, err := policy.New(policy.Definition{Accounts: []policy.Account{{
		ID:          benchAccount,
		At:          []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}},
		Permissions: policy.Permissions{Messaging: &grant},
		Senders:     []policy.Sender{{ID: "+12015550199", Permissions: policy.Permissions{Messaging: &policy.Grant{Set: policy.SetOf(us)}}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	g := &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Now: time.Now}
	_, denied := g.JudgeInstructions("AC11111111111111111111111111111111", "", []gate.Instruction{
		{Send: carrier.Send{To: "07400123456", Senders: []string{"+447400123457"}}, Senders: []string{"+447400123457"}},
		{Send: carrier.Send{To: "+447400123456", Senders: []string{"2015550199"}}, Senders: []string{"2015550199"}},
	})
	if denied[0] || !denied[1] {
		t.Errorf("denied: %t, want the second alone", denied)
	}
}

// A send has the countries of the senders that are named for it, where some are.
func TestASendOfADocumentHasItsOwnSenders(t *testing.T) {
	g := nationalGate(t, "")
	instructions := []gate.Instruction{
		{Send: carrier.Send{Channel: policy.Messaging, To: "07400123456", Senders: []string{"+447400123457"}}},
		{Send: carrier.Send{Channel: policy.Messaging, To: "2015550123"}},
		{Send: carrier.Send{Channel: policy.Messaging, To: "9172345678", Senders: []string{"+639171234567"}}},
		{Send: carrier.Send{Channel: policy.Messaging, To: "2015550123", International: true}},
		{Send: carrier.Send{Channel: policy.Voice, To: "911", International: true}},
	}
	_, denied := g.JudgeInstructions("AC11111111111111111111111111111111", "", instructions)
	for i, want := range []bool{false, false, true, true, false} {
		if denied[i] != want {
			t.Errorf("%s is denied: %t", instructions[i].To, denied[i])
		}
	}
}

// The decision about a document names the destination that decided, and no other.
func TestWhatNamesNoDestinationDecidesWithoutOne(t *testing.T) {
	const allowed, recorded = "+12015550123", "+4999999999" // of a range that no plan has
	call := func(to string) gate.Instruction {
		return gate.Instruction{Send: carrier.Send{Channel: policy.Voice, To: to}}
	}
	url, stored := gate.Instruction{Address: "https://other.example/"}, gate.Instruction{Stored: true}
	for _, c := range []struct {
		name         string
		monitor      bool
		instructions []gate.Instruction
		reason       policy.Reason
		to           string
	}{
		{"an allowed call", false, []gate.Instruction{call(allowed)}, policy.Enabled, allowed},
		{"a URL that is denied behind one", false, []gate.Instruction{call(allowed), url}, policy.URLHost, ""},
		{"a stored recipient that is denied behind one", false, []gate.Instruction{call(allowed), stored}, policy.StoredDenied, ""},
		{"a call that is recorded by choice", false, []gate.Instruction{call(recorded)}, policy.UnallocatedRange, recorded},
		{"a URL whose denial is recorded behind it", true, []gate.Instruction{call(recorded), url}, policy.URLHost, ""},
		{"a stored recipient whose denial is", true, []gate.Instruction{call(recorded), stored}, policy.StoredDenied, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := &[policy.ClassCount]policy.Grant{*grantOf(t, "US", "DE"), *grantOf(t, "US", "DE"), *grantOf(t, "US", "DE")}
			g := gateOf(t, policy.Definition{Accounts: []policy.Account{{
				ID: benchAccount, At: []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}}, Monitor: policy.Switch{On: c.monitor},
				Permissions: policy.Permissions{Voice: calls}, URLHosts: []string{"hooks.example.com"}, Choices: policy.Choices{Stored: policy.Denied},
			}}})
			if d, _ := g.JudgeInstructions(benchAccount, "", c.instructions); d.Reason != c.reason || d.To != c.to {
				t.Errorf("decided because of %s to %q, want %s to %q", d.Reason, d.To, c.reason, c.to)
			}
		})
	}
}
