package carriers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() { caddy.RegisterModule(telnyxModule{}) }

// telnyxModule makes the second carrier known to Caddy, in these tests alone.
type telnyxModule struct{}

func (telnyxModule) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "tollgate.carriers.telnyx",
		New: func() caddy.Module { return new(telnyxModule) },
	}
}

func (telnyxModule) Carrier() carrier.Carrier { return telnyx{} }

// telnyx is a small part of Telnyx's API: as much as shows that a carrier needs nothing
// of Twilio's. It is a carrier and nothing more: it has no probes, no deny list and no
// names of parameters.
//
// Requests, and the errors of messages and of authentication, are those of Telnyx's
// description (https://developers.telnyx.com/api, https://developers.telnyx.com/docs/overview/errors).
// The body of a refused call is not described: that of its neighbour D38 is taken.
type telnyx struct{}

func (telnyx) Name() string { return "telnyx" }

func (telnyx) Dialect() *address.Dialect { return telnyxDialect }

var telnyxDialect = &address.Dialect{
	Schemes: map[string]address.Scheme{"sip": address.SIPScheme},
	MessagingService: func(text string) (id string, ok bool) {
		return telnyxIDs{}.Canonical(policy.ServiceID, text)
	},
}

func (telnyx) Identifiers() policy.Identifiers { return telnyxIDs{} }

func (telnyx) Restrictions() policy.Restrictions { return policy.Restrictions{} }

func (telnyx) Products() []string { return []string{"api"} }

// telnyxIDs are UUIDs, of accounts and of messaging profiles. A key is a secret without a
// name: a policy knows it by its digest.
type telnyxIDs struct{}

func (telnyxIDs) Canonical(kind policy.IdentifierKind, text string) (id string, ok bool) {
	if kind != policy.AccountID && kind != policy.ServiceID || len(text) != 36 {
		return "", false
	}
	for i, c := range []byte(text) {
		isDash := i == 8 || i == 13 || i == 18 || i == 23
		if isDash != (c == '-') || !isDash && !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
			return "", false
		}
	}
	return strings.ToLower(text), true
}

func (telnyxIDs) Form(kind policy.IdentifierKind) string {
	if kind == policy.AccountID || kind == policy.ServiceID {
		return "a UUID"
	}
	return ""
}

func (telnyxIDs) IsMistyped(string) bool { return false }

func (telnyxIDs) NewKey(string) (string, bool) { return "", false }

// telnyxOperation is a row of the table.
type telnyxOperation struct {
	name, path string // "*" is one segment, the account's
	channel    policy.Channel
	accepts    params.Accepts
	pointer    string // to the destination, in errors
}

var telnyxOperations = []telnyxOperation{
	{"messages.send", "/v2/messages", policy.Messaging, params.AcceptJSON, "/to"},
	{"calls.dial", "/v2/calls", policy.Voice, params.AcceptJSON, "/to"},
	{"texml.calls.create", "/v2/texml/Accounts/*/Calls", policy.Voice, params.AcceptForm, "/To"},
}

func (telnyx) Route(r *carrier.Request, product string) *carrier.Operation {
	op := &carrier.Operation{
		Kind: carrier.UnknownOperation, Name: "unlisted", Product: product, CheckedAs: product,
		Upstream: "api.telnyx.com:443", HostKnown: r.AnyProduct || r.Host == "api.telnyx.com",
	}
	segments := strings.Split(r.Path, "/")
	if len(segments) > 4 && segments[2] == "texml" {
		op.Account = segments[4]
	}
	if r.IsRead() {
		op.Kind, op.Name, op.Safe = carrier.Inert, "read", true
		return op
	}
	for i := range telnyxOperations {
		row := &telnyxOperations[i]
		if strings.Replace(r.Path, "/"+op.Account+"/", "/*/", 1) == row.path || r.Path == row.path {
			op.Kind, op.Name, op.Row, op.MaxBody = carrier.Sending, row.name, row, 64<<10
		}
	}
	return op
}

func (telnyx) Read(r *carrier.Request, op *carrier.Operation, body []byte) (carrier.Intent, error) {
	intent := carrier.Intent{Account: op.Account}
	if id, ok := (telnyxIDs{}).Canonical(policy.AccountID, op.Account); ok {
		intent.Account = id
	}
	row, ok := op.Row.(*telnyxOperation)
	if !ok {
		return intent, nil
	}
	wanted := func(name string) bool {
		switch strings.ToLower(name) {
		case "to", "from", "messaging_profile_id":
			return true
		}
		return false
	}
	found, err := params.Body(r.Header.Get("Content-Type"), body, row.accepts, wanted, nil)
	if err != nil {
		return intent, fmt.Errorf("reading %s: %w", op.Name, err)
	}
	for _, p := range found {
		switch {
		case p.Value == "":
		case strings.EqualFold(p.Name, "to"):
			intent.Sends = append(intent.Sends, carrier.Send{Channel: row.channel, To: p.Value})
		default:
			intent.Senders = append(intent.Senders, p.Value)
		}
	}
	credential, err := carrier.ReadCredential(r.Header.Get("Authorization"), "")
	if err != nil {
		return intent, err
	}
	if credential.Token != "" {
		intent.Token = policy.TokenDigest(credential.Token)
	}
	return intent, nil
}

// telnyxError is one of the errors of an answer.
type telnyxError struct {
	Code   string         `json:"code"`
	Title  string         `json:"title"`
	Detail string         `json:"detail"`
	Source map[string]any `json:"source,omitempty"`
	Meta   map[string]any `json:"meta,omitempty"`
}

func (t telnyx) Refuse(_ *carrier.Request, op *carrier.Operation, d carrier.Denial) carrier.Refusal {
	code := t.Code(d, false)
	failure := telnyxError{Code: strconv.Itoa(code)}
	status := http.StatusForbidden
	var answer struct {
		Errors []telnyxError     `json:"errors"`
		Voice  map[string]string `json:"telnyx_error,omitempty"`
	}
	switch code {
	case 40309:
		status = http.StatusBadRequest
		failure.Title = "Invalid destination region"
		failure.Detail = fmt.Sprintf("The region '%s' for the destination '%s' is not included in the messaging profile's whitelisted destinations.", d.Territory, d.To)
		if row, ok := op.Row.(*telnyxOperation); ok {
			failure.Source = map[string]any{"pointer": row.pointer}
		}
	case 10009:
		status = http.StatusUnauthorized
		failure.Title, failure.Detail = "Authentication failed", "Could not find any usable credentials in the request."
	default:
		failure.Title, failure.Detail = "Authorization failed", "The operation is not permitted."
		if d.To != "" {
			failure.Detail = "Dialed number " + d.To + " is not included in whitelisted countries D13"
			answer.Voice = map[string]string{"error_code": "D13"}
		}
	}
	failure.Meta = map[string]any{"url": "https://developers.telnyx.com/docs/overview/errors/" + failure.Code}
	answer.Errors = []telnyxError{failure}
	body, err := json.Marshal(answer)
	if err != nil {
		panic(err) // texts alone
	}
	return carrier.Refusal{
		Status: status, Code: code, Body: body,
		Header: []carrier.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Content-Length", Value: strconv.Itoa(len(body))}},
	}
}

func (telnyx) Code(d carrier.Denial, _ bool) int {
	switch {
	case d.Reason == policy.CredentialUnknown || d.Reason == carrier.CredentialDenied:
		return 10009
	case d.Reason == policy.TerritoryNotEnabled && d.Channel == policy.Messaging:
		return 40309
	}
	return 10010
}
