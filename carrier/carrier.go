package carrier

import (
	"net/http"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Carrier knows one carrier's API. Implementations are stateless and safe for
// concurrent use. An implementation may also be a CredentialProber, a BrokerDenylist,
// DestinationParams or an OperationLister. A configuration that needs one of these fails to load with a carrier
// that is not.
type Carrier interface {
	// Name in configurations, logs and metrics, such as "twilio".
	Name() string

	// Dialect is how the API reads addresses.
	Dialect() *address.Dialect

	// Identifiers knows those of the carrier's accounts and credentials.
	Identifiers() policy.Identifiers

	// Restrictions are the destinations that it does not serve, or only on request.
	Restrictions() policy.Restrictions

	// Products lists the products of the API, each with a host of its own.
	Products() []string

	// Route finds the operation that a request asks for. Host names that are
	// not the carrier's own belong to the product given.
	Route(r *Request, product string) *Operation

	// Read finds the sends in a request and the account and credential that it names, in
	// canonical identifiers. The body is whole if the operation asked for it. It returns
	// params.ErrUndecodable, params.ErrContentType, ErrCredential or
	// params.ErrMethodOverride, wrapped, for a request that can be read in several ways.
	Read(r *Request, op *Operation, body []byte) (Intent, error)

	// Refuse writes a denial as the carrier would.
	Refuse(r *Request, op *Operation, d Denial) Refusal

	// Code is the error code of a denial of the channel's plainest operation:
	// the creation of one message or call, or of a verification.
	Code(d Denial, verification bool) int
}

// Request is a request to a carrier's API without its body.
type Request struct {
	Method string
	// Host as the client named it, with or without a port.
	Host string
	// Path is escaped, exactly as it came.
	Path     string
	RawQuery string
	Header   http.Header
	// HasBody reports whether a body follows, of known length or not.
	HasBody bool
	// SeesURLs says that the instruction URLs in it make a difference.
	SeesURLs bool
	// SeesSize says that the size of its sends makes a difference.
	SeesSize bool
	// AnyProduct says that the request goes to one place whatever its host
	// says, so that it can be an operation of any product.
	AnyProduct bool
	// Room is where Route and Read may put what they find. It is nil where they are to
	// allocate it; a request with room is for one call of each.
	Room *Room
}

// Room is space for what most requests hold: an operation, and one send by one sender. It
// saves an allocation for each of them.
type Room struct {
	Operation Operation
	Sends     [1]Send
	Senders   [1]string
}

// NewOperation returns the operation for Route to fill in.
func (r *Request) NewOperation() *Operation {
	if r.Room == nil {
		return new(Operation)
	}
	return &r.Room.Operation
}

// NewIntent returns the intent for Read to add to.
func (r *Request) NewIntent() Intent {
	if r.Room == nil {
		return Intent{}
	}
	return Intent{Sends: r.Room.Sends[:0], Senders: r.Room.Senders[:0]}
}

// Field returns the first value of a header field, by its name in Go's letter case.
// Header.Get would look first whether the name is in it.
func (r *Request) Field(name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// IsRead reports whether the request can do nothing but read: a method that is
// safe by definition (RFC 9110, section 9.2.1) and no body that might be read
// as something else.
func (r *Request) IsRead() bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return !r.HasBody
	}
	return false
}

// Kind is what an operation does.
type Kind uint8

// The kinds of operations.
const (
	// Inert operations reach no one: they stream through untouched.
	Inert Kind = iota
	// Sending operations make the carrier send or call.
	Sending
	// Storing operations keep a destination for later: it is judged when it is
	// stored.
	Storing
	// Controlling operations change the carrier's own protection, or who may
	// use the account.
	Controlling
	// UnknownOperation is in no table. Whatever looks like a destination in it is
	// judged.
	UnknownOperation
)

// Operation is one operation of the API, as one request asks for it.
type Operation struct {
	Kind    Kind
	Product string
	// Name of the operation in logs, such as "messages.create".
	Name string
	// Upstream is the host:port of the product, from the carrier's table.
	Upstream string
	// HostKnown reports whether the request's host is one that the tables know;
	// otherwise Product and Upstream are those given to Route.
	HostKnown bool
	// Elsewhere says that the client chose another upstream of the product than the
	// usual one.
	Elsewhere bool
	// CheckedAs is the product whose API checks the credential of the request.
	CheckedAs string
	// Undocumented says that the carrier's documentation has the operation in other
	// versions or by other methods alone: the carrier may answer it before it looks
	// at the credential.
	Undocumented bool
	// Converts says that the answer may tell that a number was verified: see ConversionReader.
	Converts bool
	// Safe operations reach no one, however the request is written.
	Safe bool
	// MaxBody is how many bytes of body may be read to judge it; 0 says that
	// the body is not looked at.
	MaxBody int64
	// Account in the path, or empty.
	Account string
	// Row of the carrier's own table.
	Row any
}

// Intent is what a request wants.
type Intent struct {
	// Account that pays, as the path names it, or empty. A path may name one that the
	// carrier cannot have.
	Account string
	// Holder is the account that the request authenticates as with the account's own
	// credential, and Credential the key or the client of a token that it authenticates
	// with instead. Both are unverified, and empty if there is none.
	Holder, Credential string
	// Token is the digest of a bearer's token, or empty.
	Token string
	Sends []Send
	// Senders that the request names, as written.
	Senders []string
	// Senderless says that a document in the request sends and names no sender, and
	// that the request names none either.
	Senderless bool
	// Instructs says that the request holds a program that the carrier will run, in
	// which not all can be read.
	Instructs bool
	// Stored says that the request sends to a destination that was stored before:
	// it names none itself.
	Stored bool
	// Controls are what the request would change of the carrier's protection.
	Controls []policy.Control
	// Size of each send, as far as the request states it. Nothing is stated unless SeesSize says
	// that it makes a difference.
	Size Size
	// URLs are the instruction URLs in the request. There are none unless SeesURLs
	// says that they make a difference.
	URLs []URL
}

// URL is an instruction URL: the carrier would fetch it to learn what to do.
type URL struct {
	// Parameter that holds it, as the carrier spells it.
	Parameter string
	// Address as the caller wrote it.
	Address string
}

// Size is what a send costs by, beside its destination.
type Size struct {
	// Segments is how many the text of a message has; 0 where the request has no text.
	Segments int
	// Media says that the message has media.
	Media bool
	// Duration is how long a call may last; 0 where the request does not state it.
	Duration time.Duration
}

// Send is one destination as a request states it.
type Send struct {
	Channel policy.Channel
	// Also has channels by which the carrier may send the message as well.
	Also policy.ChannelSet
	// To as the caller wrote it.
	To string
	// Tentative says that the text need not be a destination at all: it is
	// judged only if it is a number.
	Tentative bool
	// Listed says that a tentative text is judged only if it is a number of a range
	// that the plan lists.
	Listed bool
	// Verification says that the carrier itself sends a code to the destination:
	// accounts may have permissions of their own for that.
	Verification bool
	// Senders that are named for this send alone, as written. A number without "+" is
	// one of their countries, and where there are none, of the request's senders.
	Senders []string
	// International says that it has a sender that is not named: a number without "+"
	// is one of a country that only the carrier knows.
	International bool
	// Instructed says that instructions in the request make it, and not the request itself.
	Instructed bool
}

// Denial is why a request is refused.
type Denial struct {
	Reason    policy.Reason
	Channel   policy.Channel
	Territory numbering.Territory
	// To is the destination as the caller wrote it.
	To string
	// E164 is the one number that the destination means, with "+"; empty if there are
	// several or none, or if it is behind a scheme.
	E164 string
	// URL that is refused, if one is.
	URL URL
	// RetryAfter is how long it takes until a limit has room; 0 or negative where it is unknown.
	RetryAfter time.Duration
	// SameNumber says that the limit is of sends to one number.
	SameNumber bool
	// Held says that everything alike is refused for a time, since a limit was exceeded.
	Held bool
	// Cause is the error of Read, for a request that cannot be read.
	Cause error
	// Wording is the operator's.
	Wording Wording
}

// Wording is what an operator says of a denial, beside the carrier's words or in their
// place.
type Wording struct {
	// Message follows the carrier's, or replaces it. It is empty if there is none.
	Message  string
	Replaces bool
	// MoreInfo replaces the address of the carrier's page about the error, unless it is
	// empty.
	MoreInfo string
}

// Refusal is an answer in a carrier's own words.
type Refusal struct {
	Status int
	// Code is the carrier's error code.
	Code int
	// RequestID identifies the answer, in a header of the carrier's.
	RequestID string
	// Header in the carrier's letter case, without the length of the body.
	Header []Field
	// Fixed is more of the header, in every answer alike: no one may change it.
	Fixed []Field
	Body  []byte
}

// Field is one header field.
type Field struct {
	Name, Value string
}
