package twilio

import (
	"encoding/json"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

// approved is the status of a verification whose code was right
// (https://www.twilio.com/docs/verify/api/verification-check#check-a-verification).
const approved = "approved"

// Verified implements carrier.ConversionReader. A check of a code and an update of a verification
// are answered alike, by a verification: whichever of number and SID the request names, the answer
// has the number.
func (Twilio) Verified(answer []byte) (number string, ok bool) {
	var verification struct {
		To     string `json:"to"`
		Status string `json:"status"`
	}
	if json.Unmarshal(answer, &verification) != nil || verification.Status != approved {
		return "", false
	}
	return verification.To, verification.To != ""
}

// AsksFeedback implements carrier.FeedbackReader.
func (Twilio) AsksFeedback(r *carrier.Request, op *carrier.Operation, body []byte) bool {
	return operations.AsksFeedback(r, op, body)
}

// SentMessage implements carrier.FeedbackReader.
func (Twilio) SentMessage(answer []byte) (id, to string) { return operations.SentMessage(answer) }

// ConfirmedMessage implements carrier.FeedbackReader.
func (Twilio) ConfirmedMessage(answer []byte) string { return operations.ConfirmedMessage(answer) }
