package remote

import (
	"encoding/json"
	"errors"
	"fmt"

	accounts "github.com/twilio/twilio-go/rest/accounts/v1"
	voice "github.com/twilio/twilio-go/rest/voice/v1"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// maxCountries bounds the list of countries. Twilio has over 218
// (https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource).
const maxCountries = 5000

// Read reads all permissions of the account: all of them, or it is an error.
func (a *Account) Read() error {
	if a.Client == nil {
		return errors.New("the list of accounts has no auth token for it: ask with the auth token of its parent, not with an API key")
	}
	settings, err := a.Client.voice.FetchDialingPermissionsSettings()
	switch {
	case err != nil:
		return asking("reading whether its calls inherit", err)
	case settings.DialingPermissionsInheritance == nil:
		return errors.New("reading whether its calls inherit: the answer does not say")
	}
	a.Inherits = *settings.DialingPermissionsInheritance
	if a.Lists[policy.Voice], err = a.Client.calls(); err != nil {
		return asking("reading its permissions for calls", err)
	}
	if a.Lists[policy.Messaging], err = a.Client.messages(); err != nil {
		return asking("reading its permissions for messages", err)
	}
	return nil
}

// rereads is how often what was written is read until it is there: Twilio answers a change of
// settings with 202, so it may be later.
const rereads = 4

// ReadUntil reads all permissions again until they are as a function says, which need not come.
func (a *Account) ReadUntil(done func() bool) error {
	pause := a.Client.options.Pause
	for n := 1; ; n++ {
		if err := a.Read(); err != nil || done() || n == rereads {
			return err
		}
		if err := wait(a.Client.ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
}

func (c *Client) calls() (list permissions.List, err error) {
	countries, err := c.voice.ListDialingPermissionsCountry(new(voice.ListDialingPermissionsCountryParams).SetPageSize(1000).SetLimit(maxCountries))
	if err != nil {
		return nil, err
	}
	for i := range countries {
		e, err := callsOf(&countries[i])
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return checked(list)
}

func callsOf(c *voice.VoiceV1DialingPermissionsCountry) (e permissions.Entry, err error) {
	e = permissions.Entry{Code: text(c.IsoCode), Name: text(c.Name)}
	for class, open := range map[policy.Class]*bool{
		policy.LowRisk: c.LowRiskNumbersEnabled, policy.HighRiskSpecial: c.HighRiskSpecialNumbersEnabled,
		policy.HighRiskTollFraud: c.HighRiskTollfraudNumbersEnabled,
	} {
		if open == nil {
			return e, fmt.Errorf("the answer does not say whether %s is enabled for %s numbers", e.Name, class)
		}
		e.Open[class] = *open
	}
	return e, nil
}

// geoPermission is a permission for messages, or what became of the change of one
// (https://www.twilio.com/docs/messaging/guides/sms-geo-permissions). The library leaves it unread.
type geoPermission struct {
	Code     string   `json:"country_code"`
	Type     string   `json:"type"`
	Enabled  *bool    `json:"enabled"`
	Error    int      `json:"error_code,omitempty"`
	Messages []string `json:"error_messages,omitempty"`
}

func (c *Client) messages() (list permissions.List, err error) {
	answer, err := c.accounts.FetchMessagingGeopermissions(new(accounts.FetchMessagingGeopermissionsParams))
	if err != nil {
		return nil, err
	}
	items, err := geoPermissionsOf(answer)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if item.Enabled == nil {
			return nil, fmt.Errorf("the answer does not say whether %s is enabled", item.Code)
		}
		e := permissions.Entry{Code: item.Code, Name: permissions.NameOf(policy.Messaging, item.Code)}
		e.Open[policy.LowRisk] = *item.Enabled
		list = append(list, e)
	}
	return checked(list)
}

func geoPermissionsOf(answer *accounts.AccountsV1MessagingGeopermissions) (items []geoPermission, err error) {
	text, err := json.Marshal(answer.Permissions)
	if err == nil {
		err = json.Unmarshal(text, &items)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	return items, nil
}

// checked returns a list that is whole. An empty one would be read as nothing permitted.
func checked(list permissions.List) (permissions.List, error) {
	if len(list) == 0 || len(list) >= maxCountries {
		return nil, fmt.Errorf("the list has %d countries", len(list))
	}
	return list, nil
}
