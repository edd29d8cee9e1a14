package credentials

import (
	"net/http"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/policy"
)

// deniedResource is one that no one may use with a credential that they do not
// hold, not to read either: its answers hold one, or it hands one out in other ways.
type deniedResource struct {
	product string
	// path is that of the resource; all below it is denied, too. "{…}" is one
	// segment of any value. Empty is all of the product.
	path string
	why  string
}

// deniedResources are those of Twilio's OpenAPI descriptions
// (github.com/twilio/twilio-oai, 2026-04-14) and of the libraries made from them. A
// test holds them against every answer of the library for Go that has a token, a
// secret or a password.
var deniedResources = []deniedResource{
	// Of the API of 2010, and of accounts, nothing is open but what openResources
	// names. These rows are for hosts that serve all products at once.
	{"accounts", "/{Version}/AuthTokens", "holds auth tokens"},
	{"accounts", "/{Version}/Credentials", "changes who is trusted"},

	// The identity products: nothing in them is for those who send.
	{"iam", "", "hands out keys, tokens and OAuth applications"},
	{"iam", "/{Version}/Keys", "holds the secret of a new key"},
	{"iam", "/{Version}/Account", "holds the secret of an OAuth application"},
	{"oauth", "", "hands out tokens"},
	{"oauth", "/{Version}/token", "hands out tokens"},
	{"oauth", "/{Version}/authorize", "hands out codes for tokens"},
	{"preview-iam", "", "hands out tokens, and access to an organization's accounts"},
	{"preview-iam", "/Organizations", "hands out access to an organization's accounts"},

	// Code that runs at Twilio is given the account's credentials where a service has
	// IncludeCredentials ("Whether to inject Account credentials into a function
	// invocation context", in its description), and variables are where people keep
	// secrets.
	{"serverless", "", "runs code that is given the account's credentials"},
	{"serverless", "/{Version}/Services/{ServiceSid}/Functions", "runs code that is given the account's credentials"},
	{"serverless", "/{Version}/Services/{ServiceSid}/Builds", "runs code that is given the account's credentials"},
	{"serverless", "/{Version}/Services/{ServiceSid}/Environments", "holds variables"},
	{"serverless-upload", "", "takes code that is given the account's credentials"},

	// How Twilio proves to web servers that it is Twilio: a shared key is shown when it
	// is made, and a test sends a setting's credential wherever the caller says.
	{"webhooks", "", "holds what Twilio signs its requests with"},
	{"webhooks", "/{Version}/Webhooks", "holds what Twilio signs its requests with"},

	// What the carrier shows to push services.
	{"chat", "/{Version}/Credentials", "changes who is trusted"},
	{"conversations", "/{Version}/Credentials", "changes who is trusted"},
	{"ip-messaging", "/{Version}/Credentials", "changes who is trusted"},
	{"notify", "/{Version}/Credentials", "changes who is trusted"},

	// Devices.
	{"preview", "/DeployedDevices/Fleets/{FleetSid}/Keys", "holds the secret of a fleet's key"},
	{"microvisor", "/{Version}/Devices/{DeviceSid}/Secrets", "holds the secrets of a device"},

	{"flex-api", "/{Version}/Insights/Session", "holds a session of the account"},
}

// openResources are the only resources that are open in products that hold the
// account's own credentials: the segment behind the prefix, whatever the version.
// What Twilio adds tomorrow is denied until a row says otherwise.
var openResources = []struct {
	product, prefix string
	open            []string
}{
	// Denied of those known are the accounts themselves, whose auth_token is in
	// every answer; Keys and SigningKeys, for their secret; Tokens, for the password
	// of a relay that the account pays for; ConnectApps and AuthorizedConnectApps, by
	// which others act for the account.
	{"api", "/{Version}/Accounts/{AccountSid}", []string{
		"Addresses", "Applications", "AvailablePhoneNumbers", "Balance", "Calls", "Conferences", "IncomingPhoneNumbers",
		"Messages", "Notifications", "OutgoingCallerIds", "Queues", "Recordings", "SIP", "SMS",
		"Transcriptions", "Usage",
	}},
	// Denied are AuthTokens and Credentials.
	{"accounts", "/{Version}", []string{"ComplianceSignals", "Consents", "Contacts", "Messaging", "SafeList"}},
}

// BrokerDenied finds why a request cannot be made with the credential of an account, which
// its client does not hold, as carrier.BrokerDenylist has it.
func BrokerDenied(r *carrier.Request, op *carrier.Operation, account string) policy.Reason {
	if pathNamesOther(account, r.Path) {
		return carrier.AccountMismatch
	}
	if len(r.Header[clientValidation]) > 0 {
		return carrier.ClientValidation
	}
	if r.Method == http.MethodTrace || isDenied(r, op.Product) || op.Account == "" && holdsAccounts(r) {
		// TRACE would have the answer repeat the request as it was forwarded.
		return carrier.KeyRestricted
	}
	return ""
}

// isDenied reports whether a request is for a resource that is denied. However a
// segment is spelled, it is the name that a lenient reader could take it for.
func isDenied(r *carrier.Request, product string) bool {
	var buffer [operations.MaxSegments]string
	segments, _ := operations.Split(r.Path, buffer[:0])
	for i := range deniedResources {
		row := &deniedResources[i]
		switch {
		case row.product != product && (!r.AnyProduct || row.path == ""):
		case beginsWith(segments, row.path):
			return true
		}
	}
	accounts := namesAccounts(segments)
	if accounts && product != "api" && !r.AnyProduct {
		return true // the API of 2010 has one host
	}
	for i := range openResources {
		row := &openResources[i]
		counts := row.product == product
		if r.AnyProduct {
			counts = row.product == "api" && accounts // any other path may be another product's
		}
		if counts && !isOpen(segments, row.prefix, row.open) {
			return true
		}
	}
	return false
}

// beginsWith reports whether a path is that of a resource, or below it.
func beginsWith(segments []string, path string) bool {
	if path == "" {
		return true
	}
	for name := range strings.SplitSeq(path[1:], "/") {
		if len(segments) == 0 || !strings.HasPrefix(name, "{") && !strings.EqualFold(name, bareName(segments[0])) {
			return false
		}
		segments = segments[1:]
	}
	return true
}

// bareName is a segment without an extension and space around it.
func bareName(segment string) string {
	segment, _, _ = strings.Cut(segment, ".")
	return strings.TrimSpace(segment)
}

// namesAccounts reports whether a path is one of the API of 2010, with its version or
// without.
func namesAccounts(segments []string) bool {
	for i := range min(len(segments), 2) {
		if strings.EqualFold("Accounts", bareName(segments[i])) {
			return true
		}
	}
	return false
}

// holdsAccounts reports whether a segment of a path could be taken for that of the
// accounts of the API of 2010.
func holdsAccounts(r *carrier.Request) bool {
	var buffer [operations.MaxSegments]string
	segments, _ := operations.Split(r.Path, buffer[:0])
	return slices.ContainsFunc(segments, func(segment string) bool { return strings.EqualFold("Accounts", bareName(segment)) })
}

// isOpen reports whether a path is that of one of the resources behind a prefix, by
// its very name.
func isOpen(segments []string, prefix string, open []string) bool {
	depth := strings.Count(prefix, "/")
	if len(segments) <= depth || !beginsWith(segments, prefix) {
		return false
	}
	name := segments[depth]
	if len(segments) == depth+1 {
		name, _, _ = strings.Cut(name, ".")
	}
	for _, known := range open {
		if equalFold(known, name) {
			return true
		}
	}
	return false
}

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
