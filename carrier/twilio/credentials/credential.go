package credentials

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Read reads whom a request authenticates as. The user of Basic
// authentication is an account (AC…) or an API key (SK…). A bearer's token comes
// from Twilio's OAuth, for a client whose id is OQ and 32 hexadecimal digits
// (https://www.twilio.com/docs/iam/oauth-apps). In which claim the token names its
// client Twilio does not say (unverified): it is the one text of that form among
// them. A forged one gains nothing: Twilio verifies the token before it does anything.
func Read(authorization string, intent *carrier.Intent) error {
	credential, err := carrier.ReadCredential(authorization, intent.Account)
	if err != nil {
		return err
	}
	if account, ok := (sid.Identifiers{}).Canonical(policy.AccountID, credential.User); ok {
		intent.Holder = account
	} else {
		intent.Credential = sid.Canonical(credential.User)
	}
	if token := credential.Token; token != "" && len(token) <= carrier.LongestToken {
		intent.Credential = clientOf(token)
		intent.Token = policy.TokenDigest(token)
	}
	return nil
}

// clientOf is the id of the client that a token was made for. It is empty if the
// token names two: which one counts is unknown.
func clientOf(token string) string {
	client := ""
	for _, claim := range carrier.TokenClaims(token) {
		id, ok := sid.Identifiers{}.Canonical(policy.ClientID, claim)
		if !ok || id == client {
			continue
		}
		if client != "" {
			return ""
		}
		client = id
	}
	return client
}
