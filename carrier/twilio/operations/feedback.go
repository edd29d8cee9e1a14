package operations

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// feedbackOperations say that the recipient of a message did what it asked for, and reach no one
// (https://www.twilio.com/docs/messaging/api/message-feedback-resource).
var feedbackOperations = []row{
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Messages/{MessageSid}/Feedback",
		name: "message_feedback.create", converts: true,
	},
}

// confirmed is the outcome of a message whose recipient did what it asked for.
const confirmed = "confirmed"

// AsksFeedback reports whether a request creates a message that will be confirmed, by its parameter
// ProvideFeedback. The body is a form.
func AsksFeedback(r *carrier.Request, op *carrier.Operation, body []byte) bool {
	if op.Name != "messages.create" {
		return false
	}
	for _, form := range []string{string(body), r.RawQuery} {
		values, _ := url.ParseQuery(form) // what it can read of it
		for _, value := range values["ProvideFeedback"] {
			if strings.EqualFold(value, "true") {
				return true
			}
		}
	}
	return false
}

// SentMessage is the id of a message, and whom it was sent to, by the answer in JSON to the request
// that created it; both are empty if it does not say so.
func SentMessage(answer []byte) (id, to string) {
	var message struct {
		ID string `json:"sid"`
		To string `json:"to"`
	}
	if json.Unmarshal(answer, &message) != nil || message.ID == "" || message.To == "" {
		return "", ""
	}
	return message.ID, message.To
}

// ConfirmedMessage is the id of the message of which an answer in JSON says that it is confirmed, or
// empty.
func ConfirmedMessage(answer []byte) string {
	var feedback struct {
		ID      string `json:"message_sid"`
		Outcome string `json:"outcome"`
	}
	if json.Unmarshal(answer, &feedback) != nil || feedback.Outcome != confirmed {
		return ""
	}
	return feedback.ID
}
