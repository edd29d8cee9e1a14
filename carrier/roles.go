package carrier

import (
	"net/http"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// CredentialProber is a carrier that can be asked, without reaching anyone, whether it
// accepts a credential. Denials can then be kept from clients whose credential it
// rejects.
type CredentialProber interface {
	// Probe returns a request that finds out whether the carrier accepts the credential
	// of r. It is for the same product, and for the account given or, if that is empty,
	// for the credential's own. An account is assumed if neither the path nor the
	// credential names it: then the probe finds out whether the credential is that
	// account's. Probe returns false if there is no such request.
	Probe(r *Request, op *Operation, account string, assumed bool) (Probe, bool)

	// Status is what an answer, with or without its body, shows of the credential. An
	// answer that may not be the carrier's, or may be a rejection, is Rejected.
	Status(a Answer) Status

	// Reissue gives the header of an answer that is repeated what differs in each of
	// the carrier's answers, such as its date and identifier.
	Reissue(header http.Header, now time.Time)
}

// PermissionResources is a carrier with resources of its own for permissions, which the gate
// answers in its place.
type PermissionResources interface {
	// ReadCredential reads whom a request authenticates as.
	ReadCredential(authorization string, intent *Intent) error
}

// ConversionReader is a carrier whose answers tell that a number was verified.
type ConversionReader interface {
	// Verified returns the number of which an answer, to an operation that converts, says that it
	// was verified; false if it does not.
	Verified(answer []byte) (number string, ok bool)

	// ReadCredential reads whom a request authenticates as.
	ReadCredential(authorization string, intent *Intent) error
}

// FeedbackReader is a carrier that is told of messages, by their ids, whether their recipients did
// what they were asked for.
type FeedbackReader interface {
	// AsksFeedback reports whether a request with this body creates a message of which the carrier
	// will be told.
	AsksFeedback(r *Request, op *Operation, body []byte) bool

	// SentMessage is the id of a message and whom it was sent to, by the answer to the request that
	// created it; empty if it does not say so.
	SentMessage(answer []byte) (id, to string)

	// ConfirmedMessage is the id of the message of which an answer, to an operation that converts,
	// says that its recipient did so; empty if it does not.
	ConfirmedMessage(answer []byte) string
}

// BrokerDenylist is a carrier that knows which requests a client must not make with a
// credential that it does not hold. Only the credentials of such a carrier may replace the
// keys that the gate issues.
type BrokerDenylist interface {
	// BrokerDenied returns why a request must not be made with an account's credential
	// that its client does not hold: the answer would hold or hand out a credential, the
	// client signed the request, or its path names another account. It is empty if the
	// request may be made.
	BrokerDenied(r *Request, op *Operation, account string) policy.Reason

	// AccountMismatch returns why a request is refused whose query or body, all of it,
	// makes it act for another account, and the error if one of them cannot be read. The
	// reason is empty if neither does.
	AccountMismatch(r *Request, body []byte, account string) (policy.Reason, error)
}

// DestinationParams is a carrier that knows the names of the parameters that hold
// destinations and senders. Logs mask their whole values.
type DestinationParams interface {
	// NamesDestination reports whether a parameter of that name, in any spelling, holds
	// a destination in some operation.
	NamesDestination(parameter string) bool

	// NamesSender reports the same of senders.
	NamesSender(parameter string) bool
}

// OperationLister is a carrier that knows the names of all its operations. A key is then
// not limited to an operation that does not exist.
type OperationLister interface {
	// OperationNames lists every name that Route gives an operation, sorted.
	OperationNames() []string
}

// CallLimiter is a carrier whose requests say how long calls last at most.
type CallLimiter interface {
	// LimitCalls returns the body of a request by which no call lasts longer than a time, in
	// whole seconds, and how long they last at most by it: the body itself where that says so
	// already, and 0 where the operation can say nothing of it. The error is that of Read for
	// a request that could be read in several ways once it says so, or ErrSigned.
	LimitCalls(r *Request, op *Operation, body []byte, most time.Duration) (limited []byte, lasts time.Duration, err error)

	// LongestCall is how long calls last at most of which nothing is said, and for how long they
	// ring before.
	LongestCall() (lasts, rings time.Duration)

	// ChangedCall is the id of the call in progress that a request changes, which may last for
	// longer then; empty where it changes none.
	ChangedCall(r *Request, op *Operation) string

	// CallID is the id of the call in an answer of the carrier, by which its end is reported; empty
	// where there is none.
	CallID(header http.Header, answer []byte) string
}
