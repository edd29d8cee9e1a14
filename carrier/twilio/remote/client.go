package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/twilio/twilio-go/client"
	accounts "github.com/twilio/twilio-go/rest/accounts/v1"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	voice "github.com/twilio/twilio-go/rest/voice/v1"
)

// Carrier is the carrier's name in policies.
const Carrier = "twilio"

// Credentials are those of an account.
type Credentials struct {
	// Account is the ID of the account.
	Account string
	// User and Secret are the account and its auth token, or an API key and its secret.
	User, Secret string
}

// CredentialsOf reads credentials from an environment, by the names that Twilio's own tools use
// (https://www.twilio.com/docs/twilio-cli/general-usage).
func CredentialsOf(environment func(name string) string) (c Credentials, err error) {
	account, token := environment("TWILIO_ACCOUNT_SID"), environment("TWILIO_AUTH_TOKEN")
	key, secret := environment("TWILIO_API_KEY"), environment("TWILIO_API_SECRET")
	switch {
	case account == "":
		return c, errors.New("no account given: set TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or TWILIO_API_KEY and TWILIO_API_SECRET")
	case (key == "") != (secret == ""):
		return c, errors.New("TWILIO_API_KEY and TWILIO_API_SECRET go together: set both, or neither")
	case key != "":
		return Credentials{account, key, secret}, nil
	case token == "":
		return c, errors.New("no credentials given: set TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET")
	}
	return Credentials{account, account, token}, nil
}

// Options say where and how the API is asked.
type Options struct {
	// API takes the place of Twilio's scheme and hosts, which requests then name in their header
	// Host alone; nil is Twilio.
	API *url.URL
	// Pause is how long to wait before a request is repeated that the API is too busy for; it
	// doubles with each attempt. Zero is a second.
	Pause time.Duration
}

// ParseAPI reads the base URL of another API than Twilio's.
func ParseAPI(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New(`the URL of an API must be as in "https://gate.example.com"`)
	}
	return u, nil
}

// IsExposed reports whether others may read what is sent to an API.
func IsExposed(api *url.URL) bool {
	ip := net.ParseIP(api.Hostname())
	return api.Scheme == "http" && api.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// Client asks the API as one account.
type Client struct {
	credentials Credentials
	options     Options
	ctx         context.Context

	accounts *accounts.ApiService
	voice    *voice.ApiService
	api      *api.ApiService
}

// New returns a client with the credentials of an account.
func New(ctx context.Context, c Credentials, o Options) *Client {
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	header := base64.StdEncoding.EncodeToString([]byte(c.User + ":" + c.Secret))
	t := &transport{ctx: ctx, next: http.DefaultTransport, api: o.API, pause: o.Pause, secrets: []string{c.Secret, header}}
	sender := &client.Client{
		Credentials:         client.NewCredentials(c.User, c.Secret),
		HTTPClient:          &http.Client{Transport: t},
		UserAgentExtensions: []string{"tollgate"},
	}
	sender.SetAccountSid(c.Account)
	requests := client.NewRequestHandler(sender)
	return &Client{
		credentials: c, options: o, ctx: ctx,
		accounts: accounts.NewApiService(requests), voice: voice.NewApiService(requests), api: api.NewApiService(requests),
	}
}

// asking is what an error is about. Of those of the library, what the transport says is enough.
func asking(what string, err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return fmt.Errorf("%s: %w", what, err)
}
