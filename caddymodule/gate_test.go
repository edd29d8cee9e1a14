package caddymodule_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// Credentials of accounts, with the password "secret".
const (
	asAcme    = "Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTpzZWNyZXQ="
	asUnnamed = "Basic QUM5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTpzZWNyZXQ="
)

// post is a POST of a form as raw bytes, with the credential of acme.
func post(path, form string) string {
	return "POST " + path + " HTTP/1.1\r\nHost: api.twilio.com\r\nConnection: close\r\n" +
		"Authorization: " + asAcme + "\r\n" +
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(len(form)) + "\r\n\r\n" + form
}

func messages(account string) string {
	return "/2010-04-01/Accounts/" + account + "/Messages.json"
}

// messageTo is the form of a message.
func messageTo(to string) string {
	return url.Values{"To": {to}, "From": {"+12015550199"}, "Body": {"Hello"}}.Encode()
}

func TestGateForwardsWhatIsAllowedAndRefusesTheRest(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	for _, c := range []struct {
		name      string
		request   string
		forwarded bool
		code      string
	}{
		{"a message to an enabled territory passes", post(messages(acme), messageTo(inUS)), true, ""},
		{"a message to any other is refused", post(messages(acme), messageTo(inUZ)), false, "21408"},
		{"an account that the policy does not name is refused", strings.Replace(post(messages(unnamed), messageTo(inUS)), asAcme, asUnnamed, 1), false, "20003"},
		{"under a known credential it is that credential's child", post(messages(unnamed), messageTo(inUS)), true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := s.raw(t, c.request)
			forwarded := s.upstream.take()
			if (len(forwarded) == 1) != c.forwarded {
				t.Fatalf("forwarded %d requests; answer %s %s", len(forwarded), response.Status, body)
			}
			if !strings.Contains(body, c.code) {
				t.Errorf("answer %s lacks code %s", body, c.code)
			}
		})
	}
}
