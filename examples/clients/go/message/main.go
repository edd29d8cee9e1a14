// Command message sends one message through the gate.
package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
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

// newClient is Twilio's client, with its requests going to the gate. Without
// TOLLGATE they go where Twilio's hosts resolve to.
func newClient() (*twilio.RestClient, error) {
	account := os.Getenv("TWILIO_ACCOUNT_SID")
	base := &client.Client{Credentials: client.NewCredentials(account, os.Getenv("TWILIO_AUTH_TOKEN"))}
	base.SetAccountSid(account)
	if address := os.Getenv("TOLLGATE"); address != "" {
		gate, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		base.HTTPClient = &http.Client{Transport: toGate{gate}}
	}
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: base}), nil
}

func main() {
	twilioClient, err := newClient()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	params := &api.CreateMessageParams{}
	params.SetTo(os.Args[1]).SetFrom("+12015550199").SetBody("Hello")
	message, err := twilioClient.Api.CreateMessage(params)
	var refused *client.TwilioRestError
	switch {
	case errors.As(err, &refused):
		fmt.Fprintln(os.Stderr, refused.Code, refused.Message)
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(*message.Sid)
}
