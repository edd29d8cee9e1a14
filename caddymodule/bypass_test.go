package caddymodule_test

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
)

// The denied destination as it stands in forms, and one that is enabled.
const (
	uz = "%2B998912345678"
	us = "%2B12015550123"
)

// rest of a form behind its destination.
const (
	messageRest = "&From=%2B12015550199&Body=Hello"
	callRest    = "&From=%2B12015550199&Url=http%3A%2F%2Fapps.example%2Fvoice"
)

func message(to string) string { return post(messages(acme), "To="+to+messageRest) }

// twiml is a call that is enabled and says what becomes of it.
func twiml(document string) string {
	return post(account("/Calls.json"), "To="+us+"&From=%2B12015550199&Twiml="+url.QueryEscape(document))
}

// at is a POST of a form to another of Twilio's products.
func at(host, target, form string) string {
	return request("POST", target, form, "Host: "+host+".twilio.com")
}

// account is a path below acme's account.
func account(rest string) string { return "/2010-04-01/Accounts/" + acme + rest }

const (
	participants   = "/Conferences/CFbbe4632a3c49700934481addd5ce1659/Participants.json"
	verifications  = "/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications"
	executions     = "/v2/Flows/FWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Executions"
	notifications  = "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Notifications"
	notifyBindings = "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Bindings"
	conversation   = "/v1/Conversations/CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Participants"
	reservation    = "/v1/Workspaces/WSaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Tasks/WTaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Reservations/WRaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	proxySession   = "/v1/Services/KSaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Sessions"
	interactions   = "/v1/Interactions"
)

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func inUTF16(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit >> 8))
		b.WriteByte(byte(unit))
	}
	return b.String()
}

const formType = "application/x-www-form-urlencoded"

// A sender with narrower permissions is the same sender however it is written.
func TestNoSpellingOfASenderEscapesItsPermissions(t *testing.T) {
	s := startExactGate(t, `
		account `+acme+` "Acme" {
			messaging US CA
			voice US CA
			sender +12015550199 {
				messaging US
				voice US
			}
			sender MG33333333333333333333333333333333 {
				messaging US
			}
			sender Acme {
				messaging US
			}
		}`, "")
	const ca = "%2B14165550123"
	form := func(target, sender string) string { return post(target, "To="+ca+"&Body=Hello&"+sender) }
	for _, c := range []struct {
		name    string
		request string
		refused bool
	}{
		{"the sender may not reach Canada", form(messages(acme), "From=%2B12015550199"), true},
		{"another may", form(messages(acme), "From=%2B12015550198"), false},
		{"the sender may reach the US", post(messages(acme), "To="+us+"&Body=Hello&From=%2B12015550199"), false},
		{"in national form", form(messages(acme), "From=(201)+555-0199"), true},
		{"without plus", form(messages(acme), "From=12015550199"), true},
		{"in full width", form(messages(acme), "From="+url.QueryEscape("＋１２０１５５５０１９９")), true},
		{"by WhatsApp", form(messages(acme), "From=whatsapp%3A%2B12015550199"), true},
		{"under another letter case", form(messages(acme), "from=%2B12015550199"), true},
		{"as the second of two", form(messages(acme), "From=%2B12015550198&From=%2B12015550199"), true},
		{"in the query", form(messages(acme)+"?From=%2B12015550199", "From=%2B12015550198"), true},
		{"as the fallback", form(messages(acme), "From=%2B12015550198&FallbackFrom=%2B12015550199"), true},
		{"a messaging service", form(messages(acme), "MessagingServiceSid=MG33333333333333333333333333333333"), true},
		{"a messaging service in small letters", form(messages(acme), "MessagingServiceSid=mg33333333333333333333333333333333"), true},
		{"a messaging service as From", form(messages(acme), "From=MG33333333333333333333333333333333"), true},
		{"another messaging service", form(messages(acme), "MessagingServiceSid=MG44444444444444444444444444444444"), false},
		{"a name", form(messages(acme), "From=Acme"), true},
		{"a name in capitals", form(messages(acme), "From=+ACME+"), true},
		{"a name in full width", form(messages(acme), "From="+url.QueryEscape("Ａｃｍｅ")), true},
		{"another name", form(messages(acme), "From=Other"), false},
		{"a call", form(account("/Calls.json"), "From=%2B12015550199&Url=http%3A%2F%2Fa.example"), true},
		{"a call with a caller ID", form(account(participants), "From=%2B12015550198&CallerId=%2B12015550199"), true},
		{"a message in a conversation", at("conversations", conversation, "MessagingBinding.Address="+ca+"&MessagingBinding.ProxyAddress=%2B12015550199"), true},
		{"a message in JSON", request("POST", "/v1/Messages", `{"from":"+12015550199","to":[{"address":"+14165550123","channel":"SMS"}]}`, "Host: comms.twilio.com", "Content-Type: application/json"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.refused {
				s.mustRefuse(t, c.request, 0, 0)
			} else {
				s.mustForward(t, c.request)
			}
		})
	}
}

// A default that is wider than the account's own set must not be had by
// writing the credential so that the gate does not recognise it.
func TestNoSpellingOfACredentialEscapesItsAccount(t *testing.T) {
	s := startExactGate(t, `
		default {
			messaging UZ US
			voice none
		}`+acmePolicy, "")
	userinfo := acme + ":secret12"
	encoded := strings.TrimPrefix(basic(userinfo), "Basic ")
	withPadding := strings.TrimPrefix(basic(acme+":secret"), "Basic ")
	if strings.TrimRight(withPadding, "=") == withPadding {
		t.Fatal("this credential needs padding to be worth trying without")
	}
	verify := func(authorization string) string {
		return request("POST", verifications, "To="+uz+"&Channel=sms", "Host: verify.twilio.com", "Authorization: "+authorization)
	}
	for _, c := range []struct {
		name    string
		request string
		refused bool
	}{
		{"as it should be", verify("Basic " + encoded), true},
		{"with a scheme in small letters", verify("basic " + encoded), true},
		{"with two spaces", verify("Basic  " + encoded), true},
		{"with a tab", verify("Basic\t" + encoded), true},
		{"without its padding", verify("Basic " + strings.TrimRight(withPadding, "=")), true},
		{"with a space in it", verify("Basic " + encoded[:8] + " " + encoded[8:]), true},
		{"with something behind it", verify("Basic " + withPadding + "AAAA"), true},
		{"with an account in small letters", verify(basic(strings.ToLower(acme) + ":secret")), true},
		{"with a space before the account", verify(basic(" " + acme + ":secret")), true},
		{"an account that the policy does not name has the default", verify(basic(unnamed + ":secret")), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.refused {
				s.mustRefuse(t, c.request, 0, 0)
			} else {
				s.mustForward(t, c.request)
			}
		})
	}
}
