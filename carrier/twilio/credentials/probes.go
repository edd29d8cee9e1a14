package credentials

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

// probe is a row of the table of requests by which credentials are checked.
type probe struct {
	product string
	// path and query have {AccountSid} for the account, and any other "{…}" for
	// the segment at the same place of the path that was asked for. A row counts
	// where all of them can be filled.
	path, query string
	// create is the body of an empty create: JSON without a member. Rows without
	// one read.
	create string
}

const oneRow = "PageSize=1"

// probes are the requests by which the credentials of each product are checked:
// the first row of a product that can be filled. Every product has one in which
// something can be denied, which a test holds.
//
// What reads cannot send. Standard keys may read every list but those of accounts
// and keys (https://www.twilio.com/docs/iam/api-keys/keys-in-console): they get
// 20003 there, for a probe as for the change that was asked for. Restricted keys
// get 70004 where they have no permission, which tells that Twilio knows them.
var probes = []probe{
	// The lists, of Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai,
	// 2026-04-14), that any Standard key may read.
	{product: "api", path: "/2010-04-01/Accounts/{AccountSid}/Messages.json", query: oneRow},
	{product: "accounts", path: "/v1/Credentials/PublicKeys", query: oneRow},
	{product: "assistants", path: "/v1/Assistants", query: oneRow},
	{product: "chat", path: "/v2/Services", query: oneRow},
	{product: "conversations", path: "/v1/Services", query: oneRow},
	{product: "events", path: "/v1/Sinks", query: oneRow},
	{product: "flex-api", path: "/v1/Channels", query: oneRow},
	{product: "ip-messaging", path: "/v2/Services", query: oneRow},
	{product: "messaging", path: "/v1/Services", query: oneRow},
	{product: "monitor", path: "/v1/Alerts", query: oneRow},
	{product: "notify", path: "/v1/Services", query: oneRow},
	{product: "numbers", path: "/v2/RegulatoryCompliance/Bundles", query: oneRow},
	{product: "proxy", path: "/v1/Services", query: oneRow},
	{product: "studio", path: "/v2/Flows", query: oneRow},
	{product: "supersim", path: "/v1/Sims", query: oneRow},
	{product: "taskrouter", path: "/v1/Workspaces", query: oneRow},
	{product: "trunking", path: "/v1/Trunks", query: oneRow},
	{product: "trusthub", path: "/v1/CustomerProfiles", query: oneRow},
	{product: "verify", path: "/v2/Services", query: oneRow},
	{product: "voice", path: "/v1/ByocTrunks", query: oneRow},
	{product: "wireless", path: "/v1/Sims", query: oneRow},

	// Of Twilio's library for Node (github.com/twilio/twilio-node, 6.3.1).
	{product: "lookups", path: "/v2/RateLimits", query: oneRow},
	{product: "webhooks", path: "/v1/Webhooks/EdgeZones", query: oneRow},

	// A list of Twilio's older libraries (github.com/twilio/twilio-node, rest/preview).
	{product: "preview", path: "/HostedNumbers/HostedNumberOrders", query: oneRow},

	// Lists of accounts and keys, which only Main keys and auth tokens may read.
	// These products have no others, and the API of 2010 none without an account.
	{product: "api", path: "/2010-04-01/Accounts.json", query: oneRow},
	{product: "iam", path: "/v1/Keys", query: "AccountSid={AccountSid}&" + oneRow},
	{product: "iam", path: "/v1/Keys", query: oneRow},
	// Of an organization, by its own OAuth applications alone.
	{product: "preview-iam", path: "/Organizations/{OrganizationSid}/Accounts"},

	// Products without a list that is known of. Without recipients there is
	// nothing to send: an e-mail needs "to", a message "messages".
	{product: "comms", path: "/v1/Emails", create: "{}"},
	{product: "preview.messaging", path: "/v1/Messages", create: "{}"},
}

// clientValidation is the header of public key client validation. Its signature
// covers one request, so that no other can be made with the same credential
// (https://www.twilio.com/docs/iam/pkcv).
const clientValidation = "Twilio-Client-Validation"

// assumedProbe finds out whether a credential is that of an account that only the
// configuration names: a list of the account's own, whatever the product, since
// other products would show the credential a list of the account that it belongs to.
var assumedProbe = probe{product: "api", path: "/2010-04-01/Accounts/{AccountSid}/Messages.json", query: oneRow}

// Probe is the request that finds out whether Twilio accepts the credential of another
// one, as carrier.CredentialProber has it.
func Probe(r *carrier.Request, op *carrier.Operation, account string, assumed bool) (carrier.Probe, bool) {
	if len(r.Header[clientValidation]) > 0 {
		return carrier.Probe{}, false
	}
	if assumed {
		probe, ok := assumedProbe.fill(r, account)
		_, region, _ := strings.Cut(strings.TrimPrefix(op.Upstream, op.Product), ".")
		probe.Host, _, _ = strings.Cut("api."+region, ":")
		return probe, ok
	}
	for i := range probes {
		if row := &probes[i]; row.product == op.CheckedAs {
			if probe, ok := row.fill(r, account); ok {
				return probe, true
			}
		}
	}
	return carrier.Probe{}, false
}

// fill makes a probe of the row, if all of it can be filled.
func (c *probe) fill(r *carrier.Request, account string) (carrier.Probe, bool) {
	path, ok := c.fillPath(r.Path, account)
	if !ok || account == "" && strings.Contains(c.query, operations.AccountSid) {
		return carrier.Probe{}, false
	}
	filled := carrier.Probe{
		Method:   http.MethodGet,
		Path:     path,
		RawQuery: strings.ReplaceAll(c.query, operations.AccountSid, url.QueryEscape(account)),
	}
	if bare, ok := strings.CutSuffix(path, ".json"); ok {
		// The answer is to look like that of the request.
		filled.Representation = representationOf(r.Path)
		filled.Path = bare + filled.Representation
	}
	if c.create != "" {
		filled.Method, filled.ContentType, filled.Body = http.MethodPost, "application/json", c.create
	}
	return filled, true
}

// representationOf is the extension by which a path of the API of 2010 asks for a
// representation. Paths of other products have none.
func representationOf(path string) string {
	if !strings.HasPrefix(path, "/2010-04-01/") {
		return ".json"
	}
	extension := strings.ToLower(operations.ExtensionOf(path))
	if !slices.Contains([]string{".json", ".xml", ".csv", ".html"}, extension) {
		return "" // is XML
	}
	return extension
}

// fillPath puts the account, and segments of the path that was asked for, into
// the row's.
func (c *probe) fillPath(asked, account string) (path string, ok bool) {
	var buffer [operations.MaxSegments]string
	given, _ := operations.Split(asked, buffer[:0])
	segments := strings.Split(c.path, "/")
	for i, segment := range segments {
		switch {
		case !strings.HasPrefix(segment, "{"):
			continue
		case segment == operations.AccountSid:
			segment = account
		case i <= len(given):
			segment = given[i-1] // split leaves out what is before the first slash
		default:
			segment = ""
		}
		if segment == "" || segment == "." || segment == ".." {
			return "", false
		}
		segments[i] = url.PathEscape(segment)
	}
	return strings.Join(segments, "/"), true
}
