package carrier

import "net/http"

// Probe is a request by which a credential is checked: the carrier must read
// the credential to answer it, and whatever the answer, it reaches no one.
type Probe struct {
	// Host that it is made on; if empty, that of the request that it is made for.
	Host   string
	Method string
	// Path is escaped.
	Path     string
	RawQuery string
	// Representation that the answer has, where the path says which one.
	Representation string
	// ContentType and Body are empty in a probe that only reads.
	ContentType string
	Body        string
}

// Status is what an answer of the carrier shows of the credential that was probed.
type Status uint8

// The statuses.
const (
	// Inconclusive says that the answer shows nothing: the carrier was too busy, or
	// broken, to look at the credential.
	Inconclusive Status = iota
	// Unreachable says that there is no answer. No answer has this status.
	Unreachable
	// Accepted says that the carrier knows the credential. It may still not have
	// the permissions for this request.
	Accepted
	// Rejected says that the carrier does not know the credential, or that it
	// refused the request before it read the credential.
	Rejected
)

// String returns "inconclusive", "unreachable", "accepted" or "rejected".
func (s Status) String() string {
	return [...]string{"inconclusive", "unreachable", "accepted", "rejected"}[s]
}

// Answer is an answer of the carrier as it came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}
