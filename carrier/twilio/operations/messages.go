package operations

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// riskCheck turns off the carrier's fraud check
// (https://www.twilio.com/docs/messaging/features/sms-pumping-protection-programmable-messaging,
// https://www.twilio.com/docs/verify/preventing-toll-fraud/sms-fraud-guard).
var riskCheck = []controlSwitch{
	{trigger{name: "RiskCheck", value: "disable"}, policy.ControlRiskCheck},
}

// messageOperations send messages.
var messageOperations = []row{
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Messages",
		name: "messages.create", kind: carrier.Sending,
		fields:   []field{{"To", byMessage}, {"Called", byMessage}},
		senders:  []string{"From", "MessagingServiceSid", "FallbackFrom", "Caller"},
		switches: riskCheck,
	},
	{
		// Redacts a message, or cancels one that has not been sent. Twilio documents no
		// destination here.
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Messages/{Sid}",
		name: "messages.update", kind: carrier.Sending,
		fields: []field{{"To", byMessage}, {"Called", byMessage}},
	},
	{
		// Gone since 2022 (410), but still judged.
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SMS/Messages",
		name: "messages.create", kind: carrier.Sending,
		fields:  []field{{"To", byMessage}, {"Called", byMessage}},
		senders: []string{"From", "Caller"},
	},
	{
		// In beta (https://www.twilio.com/docs/comms). It may go to a profile, a
		// segment or an audience.
		product: "comms", path: "/{Version}/Messages",
		name: "comms_messages.create", kind: carrier.Sending, stored: true, tentative: true,
		accepts: params.AcceptJSON, maxBody: bulkBody,
		fields:  []field{{"address", byChannel}, {"to", byChannel}, {"addresses", byChannel}},
		channel: &commsChannels, senders: []string{"from", "proxy_address", "messagingServiceSid"},
		switches: riskCheck,
	},
	{
		product: "comms", path: "/{Version}/Emails",
		name: "comms_emails.create",
	},
	{
		product: "preview", path: "/Messaging/{Version}/Messages",
		name: "preview_messages.create", kind: carrier.Sending, tentative: true, accepts: params.AcceptJSON,
		maxBody:  bulkBody,
		fields:   []field{{"to", byMessage}},
		senders:  []string{"from", "messagingServiceSid"},
		switches: riskCheck,
	},
	{
		product: "preview.messaging", path: "/{Version}/Messages",
		name: "preview_messages.create", kind: carrier.Sending, tentative: true, accepts: params.AcceptJSON,
		maxBody: bulkBody,
		fields:  []field{{"to", byChannel}},
		channel: &commsChannels, senders: []string{"from", "messagingServiceSid"},
		switches: riskCheck,
	},
	{
		// Sends to the list in a file that was uploaded earlier.
		product: "preview.messaging", path: "/{Version}/Broadcasts",
		name: "broadcasts.create", kind: carrier.Sending, stored: true, tentative: true,
		accepts: formOrMultipart | params.AcceptJSON | params.AcceptOther, maxBody: bulkBody,
		fields:   []field{{"to", byMessage}},
		senders:  []string{"from", "messagingServiceSid"},
		switches: riskCheck,
	},

	// Sends to a SIM of the account, which has a name and no number.
	{
		product: "wireless", path: "/{Version}/Commands",
		name: "commands.create", kind: carrier.Sending, stored: true,
	},
	{
		product: "supersim", path: "/{Version}/SmsCommands",
		name: "sms_commands.create", kind: carrier.Sending, stored: true,
	},

	// Sends a code to the contact of a registered brand.
	{
		product: "messaging", path: "/{Version}/a2p/BrandRegistrations/{BrandRegistrationSid}/SmsOtp",
		name: "brand_registration_otps.create", kind: carrier.Sending, stored: true,
	},
	{
		product: "messaging", path: "/{Version}/a2p/BrandRegistrations/{BrandRegistrationSid}/2fa",
		name: "brand_registration_2fa.create", kind: carrier.Sending, stored: true,
	},
	{
		product: "trusthub", path: "/{Version}/A2PBrandRegistrations",
		name: "a2p_brand_registrations.create", kind: carrier.Storing, accepts: formOrMultipart | params.AcceptJSON,
		fields: []field{{"authorizedContactMobilePhoneNumberE164", byMessage}},
	},
	{
		product: "trusthub", path: "/{Version}/EndUsers",
		name: "end_users.create", kind: carrier.Storing,
		documents: brandContact,
	},
	{
		product: "trusthub", path: "/{Version}/EndUsers/{Sid}",
		name: "end_users.update", kind: carrier.Storing,
		documents: brandContact,
	},

	// The assistant may use a tool to message the user of the session.
	{
		product: "assistants", path: "/{Version}/Assistants/{Id}/Messages",
		name: "assistant_messages.create", kind: carrier.Sending, stored: true,
	},
}

// brandContact is the recipient of the code of a sole proprietor's brand
// (https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api-sole-prop-new).
var brandContact = []document{{name: "Attributes", fields: []field{{"mobile_phone_number", byMessage}}}}
