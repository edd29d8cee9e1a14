package refusal

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/policy"
)

// UnauthorizedCode is Twilio's code for a credential that it does not accept.
const UnauthorizedCode = 20003

// failure is one of Twilio's errors, as a refusal gives it.
type failure = apierrors.Error

// The failures of the reasons, each of which the table of errors has with its source.
var (
	messageNotEnabled = &apierrors.MessageNotEnabled
	callNotEnabled    = &apierrors.CallNotEnabled
	verifyNotEnabled  = &apierrors.VerifyNotEnabled

	messageInvalid = &apierrors.MessageInvalid
	callInvalid    = &apierrors.CallInvalid
	verifyInvalid  = &apierrors.VerifyInvalid

	messageTrial = &apierrors.MessageTrial
	callTrial    = &apierrors.CallTrial

	storedURLInvalid = &apierrors.StoredURLInvalid
	callURLInvalid   = &apierrors.CallURLInvalid

	unauthorized   = &apierrors.Unauthorized
	forbidden      = &apierrors.Forbidden
	notPermitted   = &apierrors.NotPermitted
	notFound       = &apierrors.NotFound
	invalidRequest = &apierrors.InvalidRequest
	invalidBody    = &apierrors.InvalidBody
)

// unmasked are the errors that show the whole destination, by their codes: those of every
// product except Messages, and of 21211 to WhatsApp. Twilio masks in the answers of
// Messages; no public answer of another product with these codes is known, so they keep
// the older texts.
var unmasked = map[int]*failure{
	messageNotEnabled.Code: &apierrors.MessageNotEnabledUnmasked,
	messageInvalid.Code:    &apierrors.MessageInvalidUnmasked,
	messageTrial.Code:      &apierrors.MessageTrialUnmasked,
}

// missingTo is what Twilio answers to a request whose body is not a form, by operation.
var missingTo = map[string]*failure{
	"messages.create": &apierrors.MessageToMissing,
	"calls.create":    &apierrors.CallToMissing,
}

// refusals has the failure of each reason, for messages, calls and verifications.
var refusals = map[policy.Reason][3]*failure{
	policy.TerritoryNotEnabled:   {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.ClassNotEnabled:       {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.SenderNotEnabled:      {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.PrefixBlocked:         {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.PanicClosed:           {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.ByRequest:             {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.Unsupported:           {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.AccountUnknown:        {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.DestinationUnreadable: {messageInvalid, callInvalid, verifyInvalid},
	policy.UnassignedCode:        {messageInvalid, callInvalid, verifyInvalid},
	// https://www.twilio.com/docs/api/errors/21211 names too few digits for the country, and
	// /13224, for TwiML, area codes and exchanges that do not exist. That a range which is
	// unallocated is answered alike is our choice.
	policy.ImpossibleNumber:  {messageInvalid, callInvalid, verifyInvalid},
	policy.UnallocatedRange:  {messageInvalid, callInvalid, verifyInvalid},
	policy.TrialRestricted:   {messageTrial, callTrial, messageTrial},
	policy.ServiceUnscoped:   {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.AccountSuspended:  all(unauthorized),
	policy.CredentialUnknown: all(unauthorized),
	policy.CredentialForeign: all(unauthorized),
	policy.StoredDenied:      {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.ControlDenied:     all(forbidden),
	policy.LimitExceeded:     all(&apierrors.TooManyRequests), // see held
	policy.PriceLimited:      {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.URLHost:           {storedURLInvalid, callURLInvalid, storedURLInvalid},

	carrier.PathNotCanonical:    all(notFound),
	carrier.TargetAmbiguous:     all(notFound),
	carrier.HostUnknown:         all(notFound),
	carrier.OperationUnknown:    all(notFound),
	carrier.UpgradeForbidden:    all(notFound),
	carrier.CredentialDenied:    all(unauthorized),
	carrier.CredentialMissing:   all(unauthorized),
	carrier.HeaderRepeated:      all(&apierrors.RepeatedHeader),
	carrier.ConnectionHeader:    all(&apierrors.NamedHeader),
	carrier.TrailerForbidden:    all(&apierrors.TrailingHeader),
	carrier.MethodOverride:      all(&apierrors.OverridingParam),
	carrier.EarlyData:           all(&apierrors.TooEarly),
	carrier.Incremental:         all(&apierrors.NotIncremental),
	carrier.HeadTooLarge:        all(&apierrors.HeadTooLarge),
	carrier.BodyTooLarge:        all(&apierrors.TooLarge),
	carrier.BodyEncoded:         all(&apierrors.EncodedBody),
	carrier.BodyUnreadable:      all(&apierrors.BrokenBody),
	carrier.BodyUndecodable:     all(invalidBody),
	carrier.BodyLate:            all(&apierrors.TooLate),
	carrier.ContentTypeDenied:   all(invalidBody),
	carrier.MemoryFull:          all(&apierrors.Unavailable),
	carrier.PolicyUnavailable:   all(&apierrors.Unavailable),
	carrier.CredentialUnchecked: all(&apierrors.Unavailable),
	carrier.CountersUnavailable: all(&apierrors.Unavailable),
	// The resource itself has the error; this is the most usual.
	carrier.PermissionUnchanged: all(invalidBody),

	carrier.KeyInvalid:       all(unauthorized),
	carrier.KeyRestricted:    all(notPermitted),
	carrier.AccountMismatch:  all(notFound),
	carrier.ClientValidation: all(&apierrors.NotValidated),

	carrier.Unlogged:            all(&apierrors.Unavailable),
	carrier.UpstreamUnreachable: all(&apierrors.Unreachable),
	carrier.UpstreamFailed:      all(&apierrors.Failed),
	carrier.UpstreamTimeout:     all(&apierrors.TimedOut),
}

// held are the failures of what is held, for messages, calls and verifications: those by which
// Twilio blocks what it takes for fraud.
var held = [3]*failure{messageNotEnabled, &apierrors.CallBlocked, &apierrors.VerifyBlocked}

func all(f *failure) [3]*failure { return [3]*failure{f, f, f} }
