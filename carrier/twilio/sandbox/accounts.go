package sandbox

import "net/http"

// fakeToken takes the place of an account's real token; the SDKs expect the field.
const fakeToken = "00000000000000000000000000000000"

// accountSubresources are those of the example in Twilio's OpenAPI description
// (twilio/twilio-oai, FetchAccount).
var accountSubresources = []string{
	"available_phone_numbers", "calls", "conferences", "incoming_phone_numbers", "notifications", "outgoing_caller_ids",
	"recordings", "transcriptions", "addresses", "signing_keys", "connect_apps", "sip", "authorized_connect_apps", "usage",
	"keys", "applications", "short_codes", "queues", "messages", "balance",
}

// accountElements is the order in XML of Twilio's early documentation; the places of
// newer fields are unverified.
var accountElements = []string{
	"sid", "owner_account_sid", "friendly_name", "status", "auth_token", "date_created", "date_updated", "type", "uri",
	"subresource_uris",
}

// account has no state: every account exists.
type account struct {
	sid     string
	sandbox *Sandbox
}

// fetchAccount shows nothing to an API key, like Twilio: only a main key may read
// accounts, and the sandbox treats every key as a standard one. It treats a bearer token
// the same way (unverified).
func fetchAccount(s *Sandbox, x *exchange) (answer, *failure) {
	if !accountPattern.MatchString(x.user) {
		return answer{}, fail(20003)
	}
	return answer{http.StatusOK, account{x.account, s}.document(x)}, nil
}

// listAccounts lists the account of the credential. The sandbox knows no subaccounts.
func listAccounts(s *Sandbox, x *exchange) (answer, *failure) {
	if !accountPattern.MatchString(x.user) {
		return answer{}, fail(20003)
	}
	listed, failure := newList(x, []record{account{x.user, s}})
	if failure != nil {
		return answer{}, failure
	}
	return answer{http.StatusOK, listed}, nil
}

func (a account) identifier() string { return a.sid }

func (a account) parties() (to, from string) { return "", "" }

func (a account) document(x *exchange) document {
	suffix, base := x.representation.suffix, []string{"Accounts", a.sid}
	below := subresources(suffix, base, accountSubresources)
	for position, address := range below {
		switch address.name {
		case "sip":
			below[position].value = uri(suffix, "Accounts", a.sid, "SIP")
		case "short_codes":
			below[position].value = uri(suffix, "Accounts", a.sid, "SMS", "ShortCodes")
		}
	}
	return document{element: "Account", order: accountElements, fields: object{
		{"auth_token", fakeToken},
		{"date_created", date(a.sandbox.started)},
		{"date_updated", date(a.sandbox.started)},
		{"friendly_name", "Sandbox"},
		{"owner_account_sid", a.sid},
		{"sid", a.sid},
		{"status", "active"},
		{"subresource_uris", below},
		{"type", "Full"},
		{"uri", uri(suffix, base...)},
	}}
}
