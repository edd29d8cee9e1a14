package twilio

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/refusal"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

// reasons are those that a refusal may have, by their names. One of a later gate is none of them.
var reasons = func() map[string]policy.Reason {
	all := make(map[string]policy.Reason)
	for _, row := range slices.Concat(carrier.Reasons, policy.Reasons, webhook.Reasons) {
		all[string(row.Reason)] = row.Reason
	}
	return all
}()

// errorOf is Twilio's error for a refusal. That of the operation is not recorded: a destination
// that was refused by another set than that for verifications has the code of a message or a
// call.
func errorOf(r *refusals.Refusal) *apierrors.Error {
	reason := reasons[r.Reason]
	channel, _ := policy.ParseChannel(r.Channel)
	if !isOfTwiML(r) {
		return refusal.ErrorOf(reason, channel, strings.Contains(r.Rule, " verify "))
	}
	code := webhook.Code(reason, channel)
	if code == apierrors.DialNotEnabled.Code && r.Class != "" && r.Class != policy.LowRisk.String() {
		return &apierrors.DialHighRiskNotEnabled
	}
	for _, e := range apierrors.Table {
		if e.Code == code {
			return e
		}
	}
	return &apierrors.Error{Code: code}
}

// isOfTwiML reports whether a refusal is of a document that a server answered, or of the webhook
// that asked for it. Each other one has the ID of the request that was refused, except where the
// policy only records a range, or the carrier rejected the credential for what the gate answers.
func isOfTwiML(r *refusals.Refusal) bool {
	isRecorded := r.Outcome != policy.Deny.String() && r.Reason == string(policy.UnallocatedRange)
	return r.RequestID == "" && !isRecorded && r.Reason != string(carrier.CredentialDenied)
}

// alertText is a query string, as Twilio's is, without what the gate does not know. Recordings are
// at https://github.com/kevinburke/twilio-go; sourceComponent is 14100 of messages and 12000 of
// calls in them.
func alertText(r *refusals.Refusal, e *apierrors.Error) string {
	component, level := "14100", "ERROR"
	if r.Channel == policy.Voice.String() {
		component = "12000"
	}
	if r.Outcome != policy.Deny.String() {
		level = "WARN"
	}
	message := e.Fill(func(placeholder string) string {
		switch placeholder {
		case "To", "MaskedTo", "MaskedE164":
			return r.Destination // masked as in logs
		case "Territory":
			return r.Territory
		case "Channel":
			return verifyChannels[r.Channel]
		}
		return ""
	})
	message = strings.TrimRight(strings.Join(strings.Fields(message), " "), ": ")
	return fmt.Sprintf("sourceComponent=%s&ErrorCode=%d&LogLevel=%s&Msg=%s", component, e.Code, level, url.QueryEscape(message))
}

// verifyChannels are Verify's names of channels.
var verifyChannels = map[string]string{
	policy.Messaging.String(): "sms", policy.Voice.String(): "call", policy.WhatsApp.String(): "whatsapp", policy.RCS.String(): "rcs",
}

// pageOf is the page that explains an error.
func pageOf(e *apierrors.Error) string {
	return fmt.Sprint("https://www.twilio.com/docs/errors/", e.Code)
}
