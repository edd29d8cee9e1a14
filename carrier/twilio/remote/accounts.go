package remote

import (
	"errors"
	"fmt"
	"net/http"

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

// notPermitted is the error of a key that Twilio knows, and that may not do what was asked for
// (https://www.twilio.com/docs/api/errors/70004).
const notPermitted = 70004

// CheckKey checks that the credentials are those of the account, which the paths of permissions do
// not name: with an API key of another account, that one's would be read and written. A key of
// the parent is accepted for a subaccount, and may not be told from its own. So is a restricted
// key that may not read messages: Twilio knows it.
func (c *Client) CheckKey() error {
	if c.credentials.User == c.credentials.Account {
		return nil
	}
	_, err := c.api.PageMessage(new(api.ListMessageParams).SetPathAccountSid(c.credentials.Account).SetPageSize(1), "", "")
	refusal := (*Refusal)(nil)
	rejected := errors.As(err, &refusal) && (refusal.Status == http.StatusUnauthorized || refusal.Status == http.StatusNotFound)
	if rejected && refusal.Code != notPermitted {
		return fmt.Errorf("the API key is not one of account %s, or its secret is wrong: %w", c.credentials.Account, refusal)
	}
	return nil // what else is wrong, reading the permissions says
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
	seen := map[string]bool{c.credentials.Account: true}
	for i := range list {
		id := text(list[i].Sid)
		switch {
		case id == "":
			return nil, errors.New("listing the subaccounts: one has no sid")
		case seen[id]: // also one on two pages, between which another one was created
			continue
		}
		seen[id] = true
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
