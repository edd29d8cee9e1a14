package twilio

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/credentials"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/refusal"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/policy"
)

//go:generate go run ./generate

// Twilio is Twilio's API. Its zero value is ready to use.
type Twilio struct{}

// Interface guards.
var (
	_ carrier.Carrier           = Twilio{}
	_ carrier.CredentialProber  = Twilio{}
	_ carrier.BrokerDenylist    = Twilio{}
	_ carrier.DestinationParams = Twilio{}
	_ carrier.OperationLister   = Twilio{}
	_ carrier.CallLimiter       = Twilio{}

	_ carrier.PermissionResources = Twilio{}
	_ carrier.ConversionReader    = Twilio{}
	_ carrier.FeedbackReader      = Twilio{}
)

// Name implements carrier.Carrier.
func (Twilio) Name() string { return "twilio" }

// Dialect implements carrier.Carrier.
func (Twilio) Dialect() *address.Dialect { return dialect }

// Identifiers implements carrier.Carrier.
func (Twilio) Identifiers() policy.Identifiers { return sid.Identifiers{} }

// Restrictions implements carrier.Carrier.
func (Twilio) Restrictions() policy.Restrictions { return geo.Restrictions() }

// Products implements carrier.Carrier.
func (Twilio) Products() []string { return slices.Clone(operations.Products) }

// NamesDestination implements carrier.DestinationParams.
func (Twilio) NamesDestination(parameter string) bool { return operations.NamesDestination(parameter) }

// NamesSender implements carrier.DestinationParams.
func (Twilio) NamesSender(parameter string) bool { return operations.NamesSender(parameter) }

// OperationNames implements carrier.OperationLister.
func (Twilio) OperationNames() []string { return operations.Names() }

// LimitCalls implements carrier.CallLimiter.
func (Twilio) LimitCalls(r *carrier.Request, op *carrier.Operation, body []byte, most time.Duration) ([]byte, time.Duration, error) {
	return operations.LimitCalls(r, op, body, most)
}

// LongestCall implements carrier.CallLimiter.
func (Twilio) LongestCall() (lasts, rings time.Duration) {
	return operations.LongestCall, operations.LongestRing
}

// ChangedCall implements carrier.CallLimiter.
func (Twilio) ChangedCall(r *carrier.Request, op *carrier.Operation) string {
	return operations.ChangedCall(r, op)
}

// CallID implements carrier.CallLimiter.
func (Twilio) CallID(header http.Header, answer []byte) string {
	return operations.CallID(header, answer)
}

// Route implements carrier.Carrier.
func (Twilio) Route(r *carrier.Request, configured string) *carrier.Operation {
	return operations.Route(r, configured)
}

// Read implements carrier.Carrier.
func (Twilio) Read(r *carrier.Request, op *carrier.Operation, body []byte) (carrier.Intent, error) {
	intent, judged, err := operations.Read(r, op, body)
	if err != nil || !judged {
		return intent, err
	}
	if err := credentials.Read(r.Field("Authorization"), &intent); err != nil {
		return intent, fmt.Errorf("reading %s: %w", op.Name, err)
	}
	return intent, nil
}

// ReadCredential implements carrier.PermissionResources.
func (Twilio) ReadCredential(authorization string, intent *carrier.Intent) error {
	return credentials.Read(authorization, intent)
}

// Refuse implements carrier.Carrier.
func (Twilio) Refuse(r *carrier.Request, op *carrier.Operation, d carrier.Denial) carrier.Refusal {
	return refusal.New(r, op, d)
}

// Code implements carrier.Carrier.
func (Twilio) Code(d carrier.Denial, verification bool) int {
	return refusal.Code(d, verification)
}

// Probe implements carrier.CredentialProber.
func (Twilio) Probe(r *carrier.Request, op *carrier.Operation, account string, assumed bool) (carrier.Probe, bool) {
	return credentials.Probe(r, op, account, assumed)
}

// Status implements carrier.CredentialProber.
func (Twilio) Status(a carrier.Answer) carrier.Status { return credentials.Status(a) }

// Reissue implements carrier.CredentialProber.
func (Twilio) Reissue(header http.Header, now time.Time) { credentials.Reissue(header, now) }

// BrokerDenied implements carrier.BrokerDenylist.
func (Twilio) BrokerDenied(r *carrier.Request, op *carrier.Operation, account string) policy.Reason {
	return credentials.BrokerDenied(r, op, account)
}

// AccountMismatch implements carrier.BrokerDenylist.
func (Twilio) AccountMismatch(r *carrier.Request, body []byte, account string) (policy.Reason, error) {
	return credentials.AccountMismatch(r, body, account)
}
