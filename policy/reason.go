package policy

// Reason is why a verdict is what it is. The values are an interface: they
// stand in logs, metrics and placeholders.
type Reason string

// Reasons to allow.
const (
	Enabled       Reason = "enabled"        // the permission set has it
	AllowRule     Reason = "allow_rule"     // an allow rule stands in for the set
	NotANumber    Reason = "not_a_number"   // the destination carries no toll
	EmergencyCall Reason = "emergency"      // it calls for help, which always passes
	NoDestination Reason = "no_destination" // there is none: the carrier's own error follows

	StoredTarget   Reason = "stored_target"   // the destination was judged when it was stored
	ControlAllowed Reason = "control_allowed" // the account may change this protection
	URLAllowed     Reason = "url_allowed"     // its host is one that the carrier may be led to
)

// Reasons to deny, in the order of the verdict.
const (
	CredentialUnknown     Reason = "credential_unknown" // and nothing else says whose the send is
	CredentialForeign     Reason = "credential_foreign" // of an account that does not reach this one
	AccountSuspended      Reason = "account_suspended"
	AccountUnknown        Reason = "account_unknown"
	DestinationUnreadable Reason = "destination_unreadable"
	UnassignedCode        Reason = "unassigned_code"
	PrefixBlocked         Reason = "prefix_blocked"
	Unsupported           Reason = "unsupported"
	ByRequest             Reason = "by_request"
	TerritoryNotEnabled   Reason = "territory_not_enabled"
	ClassNotEnabled       Reason = "class_not_enabled"
	TrialRestricted       Reason = "trial_restricted"
	SenderNotEnabled      Reason = "sender_not_enabled"
	ServiceUnscoped       Reason = "service_unscoped"

	StoredDenied  Reason = "stored_denied"
	ControlDenied Reason = "control_denied"
	URLHost       Reason = "url_host" // the carrier would obey an answer of a host that is not listed
)

// steps says how far a number came before it was denied for a reason.
var steps = map[Reason]int{
	UnassignedCode:      1,
	PrefixBlocked:       2,
	Unsupported:         3,
	ByRequest:           4,
	TerritoryNotEnabled: 5,
	ClassNotEnabled:     5,
	TrialRestricted:     6,
	SenderNotEnabled:    7,
	ServiceUnscoped:     7,
}

// alwaysEnforced reasons are denied even where an account is only monitored:
// a suspension and an operator's block mean what they say, and doubt about
// whose request it is helps nobody.
func alwaysEnforced(r Reason) bool {
	switch r {
	case CredentialUnknown, CredentialForeign, AccountSuspended, AccountUnknown, PrefixBlocked, ControlDenied:
		return true
	}
	return false
}

// Outcome is what a verdict comes to.
type Outcome uint8

// The outcomes. Monitor is a deny that is recorded and let through.
const (
	Allow Outcome = iota
	Monitor
	Deny
)

// String returns "allow", "monitor" or "deny".
func (o Outcome) String() string {
	return [...]string{"allow", "monitor", "deny"}[o]
}
