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
	// Probe is the request that finds out whether the carrier accepts the credential
	// of a request: of the same product, in the account given or, where that is empty,
	// in the credential's own. Of an account that is assumed, as neither the path nor the
	// credential names it, it finds out whether the credential is that account's. It
	// returns false if there is none.
	Probe(r *Request, op *Operation, account string, assumed bool) (Probe, bool)

	// Status is what an answer, with or without its body, shows of the credential. One
	// that may not be the carrier's, or may reject it, does.
	Status(a Answer) Status

	// Reissue puts into the header of an answer that is given once more what is
	// new in each of the carrier's answers.
	Reissue(header http.Header, now time.Time)
}

// BrokerDenylist is a carrier of which it is known what a client must not ask for with a
// credential that it does not hold. Only such a carrier's credentials may be put in place
// of the gate's own keys.
type BrokerDenylist interface {
	// BrokerDenied finds why a request cannot be made with the credential of an account
	// that its client does not hold: its answer would hold a credential, or hand one
	// out otherwise, the client signed it, or its path names another account. It is empty
	// if the request can.
	BrokerDenied(r *Request, op *Operation, account string) policy.Reason

	// AccountMismatch finds why a request is refused that acts for another account by
	// its query or its whole body. It is empty if it does not.
	AccountMismatch(r *Request, body []byte, account string) policy.Reason
}

// DestinationParams is a carrier that knows by their names the parameters in which
// destinations stand. Logs mask these whole.
type DestinationParams interface {
	// NamesDestination reports whether a destination can stand in a parameter of that
	// name, however it is spelled, in some operation.
	NamesDestination(parameter string) bool
}
