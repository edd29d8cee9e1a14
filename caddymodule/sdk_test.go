package caddymodule_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	verify "github.com/twilio/twilio-go/rest/verify/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// acmeKey is an API key of acme's.
const acmeKey = "SK22222222222222222222222222222222"

// toGate sends what is meant for Twilio to the gate, with the Host it was meant
// for.
type toGate struct{ address string }

func (g toGate) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Host = request.URL.Host
	request.URL.Scheme, request.URL.Host = "http", g.address
	return http.DefaultTransport.RoundTrip(request)
}

// newSDK is Twilio's SDK as an application has it: user is an account or a key,
// account the one that it works in.
func newSDK(gate, user, account string) *twilio.RestClient {
	caller := &client.Client{
		Credentials: client.NewCredentials(user, "secret"),
		HTTPClient:  &http.Client{Transport: toGate{gate}},
	}
	caller.SetAccountSid(account)
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: caller})
}

// startSandbox runs the gate before the sandbox, as the quickstart does, and
// returns the gate's address. Keys and a subaccount make up the rest.
func startSandbox(t *testing.T) string {
	t.Helper()
	gate, sandbox := harness.FreeAddress(t), harness.FreeAddress(t)
	loadCaddyfile(t, fmt.Sprintf(`{
`+quietOptions+`	tollgate {
		account %s "Acme" {
			messaging US CA
			voice US CA
			keys %s
		}
		account %s "Acme Brazil" {
			parent %s
			voice BR
		}
	}
}
http://%s {
	route {
		tollgate twilio {
			upstream %s
		}
		reverse_proxy {http.tollgate.upstream} {
			header_up -X-Forwarded-*
			header_up -Via
		}
	}
}
http://%s {
	tollgate_sandbox twilio
}
`, acme, acmeKey, child, acme, port(gate), sandbox, port(sandbox)))
	return gate
}

// port makes of an address a site for every host name.
func port(address string) string { return address[strings.LastIndexByte(address, ':'):] }

// requireRefusal fails unless an error is Twilio's own with these numbers.
func requireRefusal(t *testing.T, err error, status, code int, message string) {
	t.Helper()
	var refused *client.TwilioRestError
	if !errors.As(err, &refused) {
		t.Fatalf("%#v is not a *client.TwilioRestError", err)
	}
	if refused.Status != status || refused.Code != code || !strings.Contains(refused.Message, message) {
		t.Errorf("%d %d %q, want %d %d %q", refused.Status, refused.Code, refused.Message, status, code, message)
	}
}

func messageParams(to string) *api.CreateMessageParams {
	return (&api.CreateMessageParams{}).SetTo(to).SetFrom("+12015550199").SetBody("Hello")
}

func callParams(to string) *api.CreateCallParams {
	return (&api.CreateCallParams{}).SetTo(to).SetFrom("+12015550199").SetTwiml("<Response><Say>Hello</Say></Response>")
}

func TestTheSDKSendsMessagesThroughTheGate(t *testing.T) {
	sdk := newSDK(startSandbox(t), acme, acme).Api
	created, err := sdk.CreateMessage(messageParams(inUS))
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := sdk.FetchMessage(*created.Sid, &api.FetchMessageParams{})
	if err != nil {
		t.Fatal(err)
	}
	if *fetched.To != inUS || *fetched.Body != "Hello" || *fetched.AccountSid != acme {
		t.Errorf("fetched %s %q of %s", *fetched.To, *fetched.Body, *fetched.AccountSid)
	}
	if _, err := sdk.CreateMessage(messageParams("(201) 555-0124")); err != nil {
		t.Fatal(err)
	}
	_, err = sdk.CreateMessage(messageParams(inUZ))
	requireRefusal(t, err, 400, 21408, "'To' number: "+inUZMasked)

	// What was refused was never created. Pages are read one by one, so the
	// links in the answers are followed as well.
	listed, err := sdk.ListMessage((&api.ListMessageParams{}).SetPageSize(1))
	if err != nil || len(listed) != 2 {
		t.Errorf("%d messages, %v", len(listed), err)
	}
}

func TestTheSDKCallsThroughTheGate(t *testing.T) {
	sdk := newSDK(startSandbox(t), acme, acme).Api
	created, err := sdk.CreateCall(callParams(inUS))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sdk.UpdateCall(*created.Sid, (&api.UpdateCallParams{}).SetStatus("completed")); err != nil {
		t.Errorf("hanging up: %v", err)
	}
	_, err = sdk.UpdateCall(*created.Sid, (&api.UpdateCallParams{}).SetTwiml("<Response><Dial>"+inUZ+"</Dial></Response>"))
	requireRefusal(t, err, 400, 21215, "Account not authorized to call "+inUZ+".")
	_, err = sdk.CreateCall(callParams(inUZ))
	requireRefusal(t, err, 400, 21215, "Account not authorized to call "+inUZ+".")
	_, err = sdk.CreateCall(callParams("not ? a number"))
	requireRefusal(t, err, 400, 21217, "not ? a number")
}

func TestTheSDKUsesAKeyThroughTheGate(t *testing.T) {
	sdk := newSDK(startSandbox(t), acmeKey, acme).Api
	if _, err := sdk.CreateMessage(messageParams(inUS)); err != nil {
		t.Error(err)
	}
	_, err := sdk.CreateMessage(messageParams(inUZ))
	requireRefusal(t, err, 400, 21408, inUZMasked)
}

// A parent's credential on the path of its subaccount: the subaccount's own
// permissions count, and the parent's where it states none.
func TestTheSDKWorksInASubaccount(t *testing.T) {
	sdk := newSDK(startSandbox(t), acme, child).Api
	if _, err := sdk.CreateMessage(messageParams(inUS)); err != nil {
		t.Errorf("a message by the parent's set: %v", err)
	}
	if _, err := sdk.CreateCall(callParams("+5511912345678")); err != nil {
		t.Errorf("a call by its own set: %v", err)
	}
	_, err := sdk.CreateCall(callParams(inUS))
	requireRefusal(t, err, 400, 21215, inUS)

	// A subaccount that the policy does not name is a child of the credential's account.
	subaccount := newSDK(startSandbox(t), acme, unnamed).Api
	if _, err := subaccount.CreateMessage(messageParams(inUS)); err != nil {
		t.Errorf("a message of a subaccount that the policy does not name: %v", err)
	}
	_, err = subaccount.CreateMessage(messageParams(inUZ))
	requireRefusal(t, err, 400, 21408, inUZMasked)
}

// Verify names no account in its paths: the credential's pays.
func TestTheSDKVerifiesThroughTheGate(t *testing.T) {
	policy := strings.Replace(acmePolicy, "voice US CA", "voice US CA\n\t\t\tkeys "+acmeKey, 1)
	s := startGate(t, policy, "")
	for _, user := range []string{acme, acmeKey} {
		sdk := newSDK(s.gate, user, acme).VerifyV2
		params := func(to, channel string) *verify.CreateVerificationParams {
			return (&verify.CreateVerificationParams{}).SetTo(to).SetChannel(channel)
		}
		const service = "VA33333333333333333333333333333333"
		if _, err := sdk.CreateVerification(service, params(inUS, "sms")); err != nil {
			t.Errorf("as %s: %v", user, err)
		}
		forwarded := s.upstream.take()
		if len(forwarded) != 1 || !strings.Contains(forwarded[0], "Host: verify.twilio.com\r\n") || !strings.Contains(forwarded[0], url.QueryEscape(inUS)) {
			t.Errorf("as %s: forwarded %q", user, forwarded)
		}
		_, err := sdk.CreateVerification(service, params(inUZ, "sms"))
		requireRefusal(t, err, 403, 60605, "UZ is blocked for sms channel")
		_, err = sdk.CreateVerification(service, params(inGB, "call"))
		requireRefusal(t, err, 403, 60605, "GB is blocked for call channel")
		if _, err := sdk.CreateVerification(service, params("ann@example.com", "email")); err != nil {
			t.Errorf("by e-mail: %v", err)
		}
		if forwarded := s.upstream.take(); len(forwarded) != 1 {
			t.Errorf("as %s: forwarded %d requests of which one was allowed", user, len(forwarded))
		}
	}
}
