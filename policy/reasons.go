package policy

// Reason is why a verdict is what it is. The values are an interface: logs, metrics and
// placeholders hold them. Other rooms add reasons of their own, each with a ReasonRow.
type Reason string

// Reasons to allow.
const (
	Enabled       Reason = "enabled"
	AllowRule     Reason = "allow_rule"
	Opened        Reason = "opening"
	NotANumber    Reason = "not_a_number"
	EmergencyCall Reason = "emergency"
	NoDestination Reason = "no_destination"

	StoredTarget   Reason = "stored_target"
	ControlAllowed Reason = "control_allowed"
	URLAllowed     Reason = "url_allowed"
)

// Reasons to deny.
const (
	CredentialUnknown     Reason = "credential_unknown"
	CredentialForeign     Reason = "credential_foreign"
	AccountSuspended      Reason = "account_suspended"
	AccountUnknown        Reason = "account_unknown"
	DestinationUnreadable Reason = "destination_unreadable"
	UnassignedCode        Reason = "unassigned_code"
	ImpossibleNumber      Reason = "impossible_number"
	PrefixBlocked         Reason = "prefix_blocked"
	PanicClosed           Reason = "panic"
	Unsupported           Reason = "unsupported"
	ByRequest             Reason = "by_request"
	TerritoryNotEnabled   Reason = "territory_not_enabled"
	ClassNotEnabled       Reason = "class_not_enabled"
	UnallocatedRange      Reason = "unallocated_range"
	TrialRestricted       Reason = "trial_restricted"
	SenderNotEnabled      Reason = "sender_not_enabled"
	ServiceUnscoped       Reason = "service_unscoped"
	LimitExceeded         Reason = "limit_exceeded"
	PriceLimited          Reason = "price_limit"

	StoredDenied  Reason = "stored_denied"
	ControlDenied Reason = "control_denied"
	URLHost       Reason = "url_host"
)

// ReasonRow is what there is to know of one reason.
type ReasonRow struct {
	Reason Reason
	// Outcome is Allow or Deny.
	Outcome Outcome
	// Step of the verdict at which it is found.
	Step StepName
	// Enforced says that it denies where an account is only monitored, too.
	Enforced bool
	// Meaning completes a sentence that begins with "the request".
	Meaning string
}

// Reasons has a row for every reason of this package, in the order of the verdict.
// Always enforced are suspensions, operators' blocks and panics, denied controls, and denials of
// requests that cannot be attributed to an account: letting these pass would try out no
// permissions.
var Reasons = []ReasonRow{
	{CredentialUnknown, Deny, StepAccount, true, "names no account, and has no credential that the policy knows"},
	{CredentialForeign, Deny, StepAccount, true, "has a credential of an account that does not reach the one in its path"},
	{AccountSuspended, Deny, StepAccount, true, "is of an account that is suspended, or whose parent is"},
	{AccountUnknown, Deny, StepAccount, true, "is of an account that the policy does not name, where no default is stated"},

	{ControlAllowed, Allow, StepControl, false, "changes a protection of the carrier's that its account may change"},
	{ControlDenied, Deny, StepControl, true, "would change the carrier's own protection, which its account may not"},
	{StoredTarget, Allow, StepStored, false, "sends to a destination that was judged when it was stored"},
	{StoredDenied, Deny, StepStored, false, "sends to a destination that was stored before, which is denied"},

	{EmergencyCall, Allow, StepDestination, false, "is an emergency call, which always passes"},
	{NoDestination, Allow, StepDestination, false, "has no destination: the carrier's own error follows"},
	{NotANumber, Allow, StepDestination, false, "has a destination that carries no toll"},
	{DestinationUnreadable, Deny, StepDestination, false, "has a destination that cannot be read as a number, and that the carrier might dial"},
	{UnassignedCode, Deny, StepDestination, false, "has a destination with a calling code that is not assigned"},

	{PrefixBlocked, Deny, StepPrefix, true, "has a destination that a rule blocks"},
	{AllowRule, Allow, StepPrefix, false, "has a destination that a rule allows, in place of the permission set"},
	{PanicClosed, Deny, StepPanic, true, "has a destination that is not at home, or that was stored before, while the operator has closed all else by a panic"},
	{Unsupported, Deny, StepUnsupported, false, "has a destination that the carrier does not serve"},
	{ByRequest, Deny, StepByRequest, false, "has a destination that the carrier opens on request, and has not for its account"},
	{TerritoryNotEnabled, Deny, StepPermissionSet, false, "has a destination in a territory that is not enabled"},
	{ClassNotEnabled, Deny, StepPermissionSet, false, "has a destination of a risk class that is not enabled"},
	{UnallocatedRange, Deny, StepPermissionSet, false, "has a destination in a range that no plan has assigned to anyone; it is only recorded unless such are denied"},
	{Enabled, Allow, StepPermissionSet, false, "has a destination that the permission set enables"},
	{Opened, Allow, StepPermissionSet, false, "has a destination that an opening of its account enables for a time, beside the permission set"},
	{TrialRestricted, Deny, StepTrial, false, "is of a trial account, and not to a low-risk number of its home territory, which for a call must be verified"},
	{SenderNotEnabled, Deny, StepSender, false, "has a destination that the set of its sender does not enable"},
	{ServiceUnscoped, Deny, StepSender, false, "is from a messaging service without a set of its own, where such are denied"},

	{ImpossibleNumber, Deny, StepExistence, false, "has a destination that is denied, and that cannot be a number of its calling code: of a length, or with an area code, that none has"},

	{PriceLimited, Deny, StepPrice, false, "has a destination that costs more than a price limit, or has no price in the deck of rates"},

	{URLHost, Deny, StepURL, false, "leads the carrier to a host that is not listed"},
	{URLAllowed, Allow, StepURL, false, "leads the carrier to a host that is listed"},

	{LimitExceeded, Deny, StepLimit, false, "is over a limit of how much is sent, that its account or the operator states"},
}

// progress says how far a number came before it was denied for a reason: the place of
// the reason's step among the steps.
var progress, alwaysEnforced = func() (map[Reason]int, map[Reason]bool) {
	progress, enforced := map[Reason]int{}, map[Reason]bool{}
	step, place := StepName(""), 0
	for _, row := range Reasons {
		if row.Step != step {
			step, place = row.Step, place+1
		}
		progress[row.Reason], enforced[row.Reason] = place, row.Enforced
	}
	return progress, enforced
}()

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
