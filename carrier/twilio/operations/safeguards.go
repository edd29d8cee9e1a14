package operations

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// safeguardOperations change a customer's protection against fraud: limits, alarms, and
// the signatures by which a web server recognizes Twilio. Adding a limit, a bucket or a
// trigger is inert. Whether a change raises an existing limit is unknown, since only
// Twilio has the old value.
//
// Some protection has no parameter: the pumping protection of a messaging service, the
// mode of Verify's Fraud Guard and Verify's geographic permissions are set in the console
// (https://www.twilio.com/docs/messaging/features/sms-pumping-protection-programmable-messaging,
// https://www.twilio.com/docs/verify/preventing-toll-fraud).
var safeguardOperations = []row{
	// https://www.twilio.com/docs/verify/api/service-rate-limits,
	// https://www.twilio.com/docs/verify/api/service-rate-limit-buckets
	{
		product: "verify", path: "/{Version}/Services/{ServiceSid}/RateLimits/{Sid}",
		name: "rate_limits.change", kind: carrier.Controlling, words: VerifyWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "verify", path: "/{Version}/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets/{Sid}",
		name: "rate_limit_buckets.change", kind: carrier.Controlling, words: VerifyWords,
		control: policy.ControlSafeguards,
	},
	// https://www.twilio.com/docs/verify/api/service. "/v2", because other products have
	// services in version 1.
	{
		product: "verify", path: "/v2/Services/{Sid}",
		name: "verify_services.update", kind: carrier.Controlling, words: VerifyWords, except: http.MethodDelete,
		switches: verifyProtection,
	},
	// In beta, without a page (github.com/twilio/twilio-oai, lookups v2).
	{
		product: "lookups", path: "/{Version}/RateLimits/Fields/{Field}/Bucket/{Bucket}",
		name: "lookup_rate_limits.change", kind: carrier.Controlling, control: policy.ControlSafeguards,
	},

	// https://www.twilio.com/docs/usage/api/usage-trigger
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Usage/Triggers/{Sid}",
		name: "usage_triggers.change", kind: carrier.Controlling, control: policy.ControlSafeguards,
	},

	// Where events, including alarms, are reported; deleting or redirecting it stops
	// them (https://www.twilio.com/docs/events/event-streams/subscription).
	{
		product: "events", path: "/{Version}/Sinks/{Sid}",
		name: "event_sinks.delete", kind: carrier.Controlling, control: policy.ControlSafeguards,
		only: http.MethodDelete,
	},
	{
		product: "events", path: "/{Version}/Subscriptions/{Sid}",
		name: "event_subscriptions.delete", kind: carrier.Controlling, control: policy.ControlSafeguards,
		only: http.MethodDelete,
	},
	// To another sink.
	{
		product: "events", path: "/{Version}/Subscriptions/{Sid}",
		name: "event_subscriptions.update", kind: carrier.Controlling, only: http.MethodPost,
		switches: elsewhere,
	},
	{
		product: "events", path: "/{Version}/Subscriptions/{SubscriptionSid}/SubscribedEvents/{Type}",
		name: "subscribed_events.delete", kind: carrier.Controlling, control: policy.ControlSafeguards,
		only: http.MethodDelete,
	},

	// How Twilio proves its identity to a web server
	// (https://www.twilio.com/docs/usage/webhooks/webhook-configuration), and a request
	// with that proof to an address of the caller's choice.
	{
		product: "webhooks", path: "/{Version}/Webhooks/AuthProfiles",
		name: "webhook_auth_profiles.create", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/AuthProfiles/{Id}",
		name: "webhook_auth_profiles.change", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/Rules",
		name: "webhook_rules.create", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/Rules/{Id}",
		name: "webhook_rules.change", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/Settings",
		name: "webhook_settings.create", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/Settings/{Id}",
		name: "webhook_settings.change", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/SharedKeys",
		name: "webhook_shared_keys.create", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		product: "webhooks", path: "/{Version}/Webhooks/SharedKeys/{Id}",
		name: "webhook_shared_keys.change", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards,
	},
	{
		// Twilio calls the URL at once, with the credential of a setting. Whether it follows
		// the answer is unverified.
		product: "webhooks", path: "/{Version}/Webhooks/Tests",
		name: "webhook_tests.create", kind: carrier.Controlling, words: StandardWords,
		control: policy.ControlSafeguards, accepts: formOrMultipart | params.AcceptJSON,
		instructionURLs: urlParameters{"url", "usage/webhooks/webhook-settings"},
	},
}

// elsewhere sends the events of a subscription to another sink.
var elsewhere = []controlSwitch{{trigger{name: "SinkSid"}, policy.ControlSafeguards}}

// verifyProtection are the protective settings of a Verify service: look numbers up,
// send no message to a landline, make the called person press a key, and send no code of
// the caller's choice.
var verifyProtection = []controlSwitch{
	{trigger{name: "LookupEnabled", unless: "true"}, policy.ControlSafeguards},
	{trigger{name: "SkipSmsToLandlines", unless: "true"}, policy.ControlSafeguards},
	{trigger{name: "DtmfInputRequired", unless: "true"}, policy.ControlSafeguards},
	{trigger{name: "CustomCodeEnabled", unless: "false"}, policy.ControlSafeguards},
}
