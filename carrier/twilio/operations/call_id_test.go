package operations_test

import (
	"net/http"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

func TestAnAnswerNamesItsCall(t *testing.T) {
	for _, c := range []struct{ name, contentType, answer, want string }{
		{"a call", "application/json", `{"sid": "CA1", "parent_call_sid": "CA0", "status": "queued"}`, "CA1"},
		{"a participant", "application/json", `{"call_sid": "CA1", "conference_sid": "CF1"}`, "CA1"},
		{"a call in XML", "application/xml", `<TwilioResponse><Call><Sid>CA1</Sid></Call></TwilioResponse>`, "CA1"},
		{"a participant in XML", "text/xml; charset=utf-8", `<TwilioResponse><Participant><CallSid>CA1</CallSid></Participant></TwilioResponse>`, "CA1"},
		{"a message", "application/json", `{"sid": "SM1"}`, ""},
		{"no id", "application/json", `{}`, ""},
		{"an answer that was cut off", "application/json", `{"sid": "CA1"`, ""},
	} {
		if got := operations.CallID(http.Header{"Content-Type": {c.contentType}}, []byte(c.answer)); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
