package remote

import (
	"errors"
	"fmt"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
)

// maxAccounts bounds the list of accounts. Twilio permits an account 1,000 subaccounts, and more
// by request (https://www.twilio.com/docs/iam/api/subaccounts).
const maxAccounts = 100_000

// Account is an account whose permissions are not read yet, and a client with its credentials.
type Account struct {
	permissions.Account
	// Status is "active", "suspended" or "closed" (https://www.twilio.com/docs/iam/api/account).
	Status string
	// Client is nil if the API tells no auth token of the account.
	Client *Client
}

// Own is the account of the client. An API key may not ask for it: what is not known then is its
// label, and whose subaccount it is.
func (c *Client) Own() (Account, error) {
	found := Account{Account: permissions.Account{ID: c.credentials.Account}, Client: c}
	read, err := c.api.FetchAccount(c.credentials.Account)
	if err != nil {
		return found, asking("reading account "+c.credentials.Account, err)
	}
	found.describe(read)
	return found, nil
}

func (a *Account) describe(read *api.ApiV2010Account) {
	a.Label, a.Status = text(read.FriendlyName), text(read.Status)
	if owner := text(read.OwnerAccountSid); owner != a.ID {
		a.Parent = owner
	}
}

// Subaccounts are the accounts below that of the client, each with its own auth token, which the
// list has: Twilio answers for an account's calls by its own credentials alone.
func (c *Client) Subaccounts() (found []Account, err error) {
	list, err := c.api.ListAccount(new(api.ListAccountParams).SetPageSize(1000).SetLimit(maxAccounts))
	switch {
	case err != nil:
		return nil, asking("listing the subaccounts, which needs the auth token of the account", err)
	case len(list) == maxAccounts:
		return nil, fmt.Errorf("there are more than %d subaccounts", maxAccounts)
	}
	for i := range list {
		id := text(list[i].Sid)
		switch id {
		case c.credentials.Account:
			continue
		case "":
			return nil, errors.New("listing the subaccounts: one has no sid")
		}
		a := Account{Account: permissions.Account{ID: id}}
		a.describe(&list[i])
		if token := text(list[i].AuthToken); token != "" {
			a.Client = New(c.ctx, Credentials{id, id, token}, c.options)
		}
		found = append(found, a)
	}
	return found, nil
}

// text is a text of an answer, empty if it is absent.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
