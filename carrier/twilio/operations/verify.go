package operations

import "github.com/caddy-tollgate/tollgate/carrier"

// verifyOperations send codes.
var verifyOperations = []row{
	{
		product: "verify", path: "/{Version}/Services/{ServiceSid}/Verifications",
		name: "verifications.create", kind: carrier.Sending, words: VerifyWords, verification: true,
		fields:   []field{{"To", byChannel}},
		channel:  &verifyChannels,
		switches: riskCheck,
	},
	{
		// Checks a code that the user received, and reaches no one.
		product: "verify", path: "/{Version}/Services/{ServiceSid}/VerificationCheck",
		name: "verification_check.create", converts: true,
	},
	{
		// Says that a code was right, or cancels it, and reaches no one.
		product: "verify", path: "/{Version}/Services/{ServiceSid}/Verifications/{Sid}",
		name: "verifications.update", converts: true,
	},

	// Sends to a device that was registered earlier.
	{
		product: "verify", path: "/{Version}/Services/{ServiceSid}/Entities/{Identity}/Challenges",
		name: "challenges.create", kind: carrier.Sending, words: VerifyWords, stored: true,
	},
	{
		product: "verify",
		path:    "/{Version}/Services/{ServiceSid}/Entities/{Identity}/Challenges/{ChallengeSid}/Notifications",
		name:    "challenge_notifications.create", kind: carrier.Sending, words: VerifyWords, stored: true,
	},
}
