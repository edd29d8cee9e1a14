// Command verify starts a verification by SMS through the gate.
package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	verify "github.com/twilio/twilio-go/rest/verify/v2"
)

// toGate sends every request to the gate and leaves it the Host it was meant
// for, by which the gate tells Twilio's products apart.
type toGate struct{ gate *url.URL }

func (t toGate) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Host = request.URL.Host
	request.URL.Scheme, request.URL.Host = t.gate.Scheme, t.gate.Host
	return http.DefaultTransport.RoundTrip(request)
}

func main() {
	gate, err := url.Parse(os.Getenv("TOLLGATE"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	account := os.Getenv("TWILIO_ACCOUNT_SID")
	base := &client.Client{
		Credentials: client.NewCredentials(account, os.Getenv("TWILIO_AUTH_TOKEN")),
		HTTPClient:  &http.Client{Transport: toGate{gate}},
	}
	base.SetAccountSid(account)
	twilioClient := twilio.NewRestClientWithParams(twilio.ClientParams{Client: base})

	params := &verify.CreateVerificationParams{}
	params.SetTo(os.Args[1]).SetChannel("sms")
	verification, err := twilioClient.VerifyV2.CreateVerification(os.Getenv("TWILIO_VERIFY_SERVICE"), params)
	var refused *client.TwilioRestError
	switch {
	case errors.As(err, &refused):
		fmt.Fprintln(os.Stderr, refused.Code, refused.Message)
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(*verification.Sid)
}
