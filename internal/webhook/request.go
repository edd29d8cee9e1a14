package webhook

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/taskrouter"
	"github.com/caddy-tollgate/tollgate/policy"
)

// MaxRequest is how much of a request's body is read, in bytes. Twilio's own are a
// few hundred to a few thousand.
const MaxRequest = 64 << 10

// Request is what Twilio's request for instructions says.
type Request struct {
	// Address that Twilio requested, as far as it is known.
	Address string
	// Account that pays. Unidentified is why it is not known whose the request is, or
	// empty.
	Account      string
	Unidentified policy.Reason
	// OtherEnds are the recipients of a message without a destination: the sender of the
	// message or the caller; in a call that Twilio placed, the one called. There is more
	// than one only if the request says so.
	OtherEnds []string
	// Called are those that a call rings, or rang, which Twilio placed.
	Called []string
	// OwnEnds are the account's own numbers in the call or message, as far as the request
	// says. A destination without "+" belongs to their country, unless the answer names a
	// sender.
	OwnEnds []string
	// OfCall says that the request is about a call and no message, OfMessage that it is
	// about a message, and Ringing that the call has not been answered.
	OfCall, OfMessage, Ringing bool
	// OfTask says that the request is TaskRouter's. Dialled are the numbers that it would
	// call for the task or its worker where an answer names none.
	OfTask  bool
	Dialled []string
	// Call that the request is about, or empty. EndedCall is the one that it says has ended, and
	// DialEnded the one of which it says that what it dialled has.
	Call, EndedCall, DialEnded string
	// Signed says that the request was found to be Twilio's. ReadRequest does not know.
	Signed bool
}

// The parameters of a request that are read
// (https://www.twilio.com/docs/voice/twiml#request-parameters,
// https://www.twilio.com/docs/messaging/twiml#request-parameters).
const (
	accountSID = "AccountSid"
	from       = "From"
	to         = "To"
	direction  = "Direction"
	callSID    = "CallSid"
	callStatus = "CallStatus"

	// https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus
	dialCallStatus = "DialCallStatus"
)

// messageSIDs are the names of the identifier of a message, and taskSIDs those of
// TaskRouter's requests. The attributes have their own names
// (https://www.twilio.com/docs/taskrouter/handle-assignment-callbacks).
var (
	messageSIDs    = []string{"MessageSid", "SmsSid", "SmsMessageSid"}
	taskSIDs       = []string{"ReservationSid", "TaskSid", "WorkspaceSid"}
	taskAttributes = []string{"TaskAttributes", "WorkerAttributes"}

	parameterNames = slices.Concat(
		[]string{accountSID, from, to, direction, callSID, callStatus, dialCallStatus}, messageSIDs, taskSIDs, taskAttributes,
	)
)

// inForms selects the parameters as Twilio spells them in queries and forms. Those in
// other spellings are the customer's own.
func inForms(name string) bool { return slices.Contains(parameterNames, name) }

// inJSON selects them in any spelling: how Twilio spells them in JSON is not known.
func inJSON(name string) bool { return unfolded(name) != "" }

// unfolded is the parameter that a name is a spelling of, or nothing.
func unfolded(name string) string {
	name = withoutDashes.Replace(name)
	for _, known := range parameterNames {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return ""
}

var withoutDashes = strings.NewReplacer("_", "", "-", "")

// ReadRequest reads a request that came for an address. Each value counts, of query
// and body alike. Unread is why the body could not be read, if so.
func ReadRequest(address, rawQuery, contentType string, body []byte, unread policy.Reason) *Request {
	values := make(map[string][]string)
	found, err := params.Form(rawQuery, inForms, nil)
	if err == nil && unread == "" {
		found, err = params.Body(contentType, body, params.AcceptForm, inForms, found)
		if errors.Is(err, params.ErrContentType) {
			found, err = params.Body(contentType, body, params.AcceptJSON, inJSON, found)
		}
	}
	for _, p := range found {
		name := unfolded(p.Name)
		values[name] = append(values[name], p.Value)
	}

	r := &Request{Address: address}
	switch {
	case unread != "":
		r.Unidentified = unread
	case err != nil:
		r.Unidentified = carrier.BodyUndecodable
	default:
		r.Account, r.Unidentified = accountOf(values[accountSID])
	}
	for _, name := range messageSIDs {
		r.OfMessage = r.OfMessage || len(values[name]) > 0
	}
	r.OfCall = len(values[callSID]) > 0 && !r.OfMessage
	for _, name := range taskSIDs {
		r.OfTask = r.OfTask || len(values[name]) > 0
	}
	if r.OfTask {
		r.readAttributes(values)
	}
	inbound, outbound := false, false
	for _, value := range values[direction] {
		isOutbound := strings.HasPrefix(strings.ToLower(value), "outbound")
		outbound, inbound = outbound || isOutbound, inbound || !isOutbound
	}
	if inbound || !outbound {
		r.OtherEnds = append(r.OtherEnds, values[from]...)
		r.OwnEnds = append(r.OwnEnds, values[to]...)
	}
	if outbound {
		r.OtherEnds = append(r.OtherEnds, values[to]...)
		r.OwnEnds = append(r.OwnEnds, values[from]...)
	}
	if outbound && r.OfCall {
		r.Called = values[to]
	}
	r.Ringing = r.OfCall && !outbound && len(values[callStatus]) == 1 && values[callStatus][0] == "ringing"
	if len(values[callSID]) == 1 {
		r.readCall(values[callSID][0], values)
	}
	return r
}

// readCall reads what became of a call.
func (r *Request) readCall(id string, values map[string][]string) {
	r.Call = id
	if len(values[callStatus]) == 1 && slices.Contains(endedStatuses, values[callStatus][0]) {
		r.EndedCall = id
	}
	if len(values[dialCallStatus]) > 0 {
		r.DialEnded = id
	}
}

// endedStatuses are those of a call that has ended
// (https://www.twilio.com/docs/voice/api/call-resource#call-status-values).
var endedStatuses = []string{"completed", "busy", "failed", "no-answer", "canceled"}

// isOfTaskAlone reports whether only TaskRouter asks, which reads neither TwiML nor
// replies.
func (r *Request) isOfTaskAlone() bool { return r.OfTask && !r.OfCall && !r.OfMessage }

// readAttributes reads the numbers that TaskRouter would call.
func (r *Request) readAttributes(values map[string][]string) {
	for _, name := range taskAttributes {
		for _, value := range values[name] {
			dialled, err := taskrouter.ReadAttributes(value)
			if err != nil && strings.TrimSpace(value) != "" {
				r.Unidentified = carrier.BodyUndecodable
			}
			r.Dialled = append(r.Dialled, dialled...)
		}
	}
}

// accountOf is the account that all values name.
func accountOf(values []string) (account string, unidentified policy.Reason) {
	for i, value := range values {
		named := sid.Canonical(value)
		if i > 0 && named != account {
			return "", carrier.AccountMismatch
		}
		account = named
	}
	if _, ok := (sid.Identifiers{}).Canonical(policy.AccountID, account); !ok {
		return "", policy.CredentialUnknown
	}
	return account, ""
}

// resolve is an address in an answer as Twilio resolves it: relative to the one that it
// requested. An absolute one is judged as it is, and so is one that readers could take
// for another host's: no list of hosts has it.
func (r *Request) resolve(address string) string {
	address = strings.TrimSpace(address)
	isOdd := strings.ContainsFunc(address, func(c rune) bool {
		return c == '\\' || unicode.IsSpace(c) || unicode.IsControl(c) || unicode.Is(unicode.Cf, c)
	})
	base, err := url.Parse(r.Address)
	if err != nil || isOdd {
		return address
	}
	reference, err := url.Parse(address)
	switch {
	case err != nil || reference.Scheme != "":
		return address
	case strings.HasPrefix(address, "//"): // and more slashes: a URL without a host
		return base.Scheme + ":" + address
	}
	return base.ResolveReference(reference).String()
}
