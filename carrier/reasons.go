package carrier

import "github.com/caddy-tollgate/tollgate/policy"

// Reasons to refuse a request for its form, whatever its destination: the gate cannot be
// sure that it judges what the carrier would do.
const (
	PathNotCanonical  policy.Reason = "path_not_canonical"
	TargetAmbiguous   policy.Reason = "target_ambiguous"
	HostUnknown       policy.Reason = "host_unknown"
	HeaderRepeated    policy.Reason = "header_repeated"
	ConnectionHeader  policy.Reason = "connection_header"
	TrailerForbidden  policy.Reason = "trailer_forbidden"
	UpgradeForbidden  policy.Reason = "upgrade_forbidden"
	MethodOverride    policy.Reason = "method_override"
	EarlyData         policy.Reason = "early_data"
	Incremental       policy.Reason = "incremental"
	HeadTooLarge      policy.Reason = "head_too_large"
	BodyTooLarge      policy.Reason = "body_too_large"
	BodyEncoded       policy.Reason = "body_encoded"
	BodyUnreadable    policy.Reason = "body_unreadable"
	BodyUndecodable   policy.Reason = "body_undecodable"
	BodyLate          policy.Reason = "body_late"
	ContentTypeDenied policy.Reason = "content_type"
	CredentialDenied  policy.Reason = "credential"
	CredentialMissing policy.Reason = "credential_missing"
	OperationUnknown  policy.Reason = "operation_unknown"
	MemoryFull        policy.Reason = "memory_full"
	PolicyUnavailable policy.Reason = "policy_unavailable"

	// CredentialUnchecked is of a request that limits count, and of which it was not found out
	// whether the carrier accepts its credential.
	CredentialUnchecked policy.Reason = "credential_unchecked"
	CountersUnavailable policy.Reason = "counters_unavailable"
)

// PermissionResource is the reason why a request is not forwarded that may pass: the gate answers
// it.
const PermissionResource policy.Reason = "permission_resource"

// PermissionUnchanged is the reason to refuse a change of a permission resource that the gate
// answers: the client may not, or what it asks for cannot be done.
const PermissionUnchanged policy.Reason = "permission_unchanged"

// Reasons to refuse a request with a key of the gate's own.
const (
	KeyInvalid       policy.Reason = "key_invalid"
	KeyRestricted    policy.Reason = "key_restricted"
	AccountMismatch  policy.Reason = "account_mismatch"
	ClientValidation policy.Reason = "client_validation"
)

// Reasons why a request that was let through got no answer of the carrier.
const (
	Unlogged            policy.Reason = "unlogged"
	UpstreamUnreachable policy.Reason = "upstream_unreachable"
	UpstreamFailed      policy.Reason = "upstream_failed"
	UpstreamTimeout     policy.Reason = "upstream_timeout"
)

// The steps that a request takes besides those of the verdict.
const (
	// StepRequest looks at the request itself.
	StepRequest policy.StepName = "request"
	// StepKey looks at a key of the gate's own.
	StepKey policy.StepName = "key"
	// StepForward hands a request on that was let through.
	StepForward policy.StepName = "forward"
)

// Reasons has a row for every reason of this package. None of them depends on the
// account, so that all are enforced where one is only monitored.
var Reasons = []policy.ReasonRow{
	refusal(PathNotCanonical, StepRequest, "has a path that can be read in more than one way"),
	refusal(TargetAmbiguous, StepRequest, "has a target that would not be forwarded as it came, "+
		"with a blank or control character or, if it writes, with a fragment, "+
		"`\"`, `<`, `>` or a letter that is not ASCII"),
	refusal(HostUnknown, StepRequest, "names a host of the carrier's that is not a known product. "+
		"Reads are refused too: they would carry a credential to whatever host the client names"),
	refusal(OperationUnknown, StepRequest, "is a write in no table, "+
		"or a send in a version or by a method that the carrier does not document, unless `unknown allow`"),
	refusal(UpgradeForbidden, StepRequest, "asks to switch to another protocol, such as a WebSocket, "+
		"or is a CONNECT; `rule` says which"),
	refusal(MethodOverride, StepRequest, "names another method, address or host in a header, "+
		"or a method in a parameter, so that some servers read another request"),
	refusal(CredentialDenied, StepRequest, "has a credential that can be read as two, does not decode, "+
		"or is of another scheme than Basic and Bearer"),
	refusal(CredentialMissing, StepRequest, "has a body over 64 KiB, and no credential"),
	refusal(HeaderRepeated, StepRequest, "has two `Authorization`, `Content-Type` or `Content-Encoding`"),
	refusal(ConnectionHeader, StepRequest, "would have headers stripped on the way"),
	refusal(TrailerForbidden, StepRequest, "would replace a header by a trailer"),
	refusal(HeadTooLarge, StepRequest, "may send, and has more than 8 KiB of path, query and header together"),
	refusal(BodyTooLarge, StepRequest, "has a body over the operation's bound, or names more destinations"),
	refusal(BodyEncoded, StepRequest, "has a compressed body"),
	refusal(BodyUndecodable, StepRequest, "has a body that does not decode as what it claims to be, "+
		"or asks for what the gate answers in a query that does not"),
	refusal(BodyUnreadable, StepRequest, "broke off"),
	refusal(BodyLate, StepRequest, "has a body that did not arrive in time; under `observe` too"),
	refusal(MemoryFull, StepRequest, "has a body for which there is no memory: it was not judged, "+
		"nothing was sent, and the client may try again"),
	refusal(PolicyUnavailable, StepRequest, "would send, or has a key that is not known, and the store of permissions is not there, "+
		"or has been away for too long: nothing was sent, and the client may try again"),
	refusal(CredentialUnchecked, StepRequest, "counts for a limit and has a credential of which the carrier could not be asked, "+
		"while others of the account with such a one waited for its answer: nothing was sent, and the client may try again"),
	refusal(CountersUnavailable, policy.StepLimit, "has sends that a limit counts, and the counters that the gates share cannot be asked: "+
		"nothing was sent, and the client may try again"),
	refusal(ContentTypeDenied, StepRequest, "has a type or charset that the operation does not take"),
	refusal(EarlyData, StepRequest, "arrived in TLS early data and may be a replay"),
	refusal(Incremental, StepRequest, "asks to be forwarded before it is whole"),

	{
		Reason: PermissionResource, Outcome: policy.Allow, Step: StepRequest,
		Meaning: "is for one of the carrier's permission resources, which the gate answers by its own permissions",
	},

	refusal(PermissionUnchanged, StepRequest, "would change one of these resources, and was answered with an error: nothing is changed"),

	refusal(KeyInvalid, StepKey, "has no key, or none that is accepted"),
	refusal(AccountMismatch, StepKey, "names another account than its key's"),
	refusal(KeyRestricted, StepKey, "is beyond the limits of its key, or for a resource that holds credentials"),
	refusal(ClientValidation, StepKey, "was signed by its client, and would be forwarded with another credential, or with another body"),

	refusal(Unlogged, StepForward, "could not be recorded where the audit log is required, and was not sent"),
	refusal(UpstreamUnreachable, StepForward, "was not sent: no connection was made"),
	refusal(UpstreamFailed, StepForward, "may have been sent: the connection broke, or something else went wrong"),
	refusal(UpstreamTimeout, StepForward, "may have been sent: no answer came in time"),
}

func refusal(reason policy.Reason, step policy.StepName, meaning string) policy.ReasonRow {
	return policy.ReasonRow{Reason: reason, Outcome: policy.Deny, Step: step, Enforced: true, Meaning: meaning}
}
