package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is a call that was never placed. Like a message's, its status follows from its
// age, unless the caller ended it earlier.
type call struct {
	sid, account, to, from string
	created                time.Time
	changed                time.Time // by the caller; zero if never
	outcome                string    // canceled or completed, where the caller ended it at changed
}

// callStages are the stages of a call: it rings after one second, is answered after
// three and ends after ten.
var callStages = []stage{
	{0, "queued"},
	{time.Second, "ringing"},
	{3 * time.Second, "in-progress"},
	{10 * time.Second, "completed"},
}

// createCall checks To, then the instructions, then From: recorded traffic has this
// order.
func createCall(s *Sandbox, x *exchange) (answer, *failure) {
	to, from := strings.TrimSpace(x.parameters.get("To")), strings.TrimSpace(x.parameters.get("From"))
	switch {
	case to == "":
		return answer{}, fail(21201)
	case !x.parameters.any("Url", "Twiml", "ApplicationSid"):
		return answer{}, fail(21205)
	case from == "":
		return answer{}, fail(21213)
	}
	d := details{to: to, from: from}
	readTo, code := readCallTo(to, from)
	if code != 0 {
		return answer{}, failWith(code, d)
	}
	readFrom, code := readCallFrom(from)
	if code != 0 {
		return answer{}, failWith(code, d)
	}
	added := &call{sid: "CA" + x.identifier, account: x.account, to: readTo, from: readFrom, created: x.now}
	s.resources.add(x.shelf(), added)
	return answer{http.StatusCreated, added.document(x)}, nil
}

// updateCall hangs up, or accepts new instructions, which it does not follow. Twilio
// redirects only calls in progress; here every call that has not ended accepts them, so
// that tests need not wait for an answer.
func updateCall(s *Sandbox, x *exchange) (answer, *failure) {
	found, known := s.resources.find(x.shelf(), x.sid)
	if !known {
		return answer{}, x.notFound()
	}
	call := found.(*call)
	status, _ := call.progress(x.now)
	wanted := x.parameters.get("Status")
	switch {
	case wanted != "" && wanted != "canceled" && wanted != "completed":
		return answer{}, failWith(20001, details{parameter: "Status"})
	case status == "completed" || status == "canceled":
		return answer{}, fail(21220)
	}
	// "canceled" ends calls that are queued or ringing and does not affect others;
	// "completed" ends any call.
	if wanted == "completed" || wanted == "canceled" && status != "in-progress" {
		call.outcome = wanted
	}
	call.changed = x.now
	return answer{http.StatusOK, call.document(x)}, nil
}

func (c *call) identifier() string { return c.sid }

func (c *call) parties() (to, from string) { return c.to, c.from }

// progress returns the current status, and when the call reached it.
func (c *call) progress(now time.Time) (status string, since time.Time) {
	if c.outcome != "" {
		return c.outcome, c.changed
	}
	stage := reached(callStages, now.Sub(c.created))
	return stage.status, c.created.Add(stage.age)
}

// span returns when the call was answered and when it ended: zero if it was not
// answered, or has not ended.
func (c *call) span(now time.Time) (start, end time.Time) {
	status, since := c.progress(now)
	if status == "completed" || status == "canceled" {
		end = since
		now = end
	}
	if answered := c.created.Add(callStages[2].age); !now.Before(answered) {
		start = answered
	}
	return start, end
}

// callElements is the order in XML, as recorded from api.twilio.com in 2011. The record
// has an Annotation after ApiVersion, which Twilio's description no longer has; the
// places of newer fields are unverified.
var callElements = []string{
	"sid", "date_created", "date_updated", "parent_call_sid", "account_sid", "to", "to_formatted", "from", "from_formatted",
	"phone_number_sid", "status", "start_time", "end_time", "duration", "price", "price_unit", "direction", "answered_by",
	"api_version", "forwarded_from", "group_sid", "caller_name", "queue_time", "trunk_sid", "uri", "subresource_uris",
}

// callSubresources are those of the example in Twilio's OpenAPI description
// (twilio/twilio-oai, CreateCall), and so is the order of a call's fields in JSON.
var callSubresources = []string{
	"notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions",
	"user_defined_message_subscriptions", "user_defined_messages",
}

func (c *call) document(x *exchange) document {
	status, updated := c.progress(x.now)
	if c.changed.After(updated) {
		updated = c.changed
	}
	start, end := c.span(x.now)
	suffix, base := x.representation.suffix, []string{"Accounts", c.account, "Calls", c.sid}
	return document{element: "Call", order: callElements, fields: object{
		{"account_sid", c.account},
		{"answered_by", nil},
		{"api_version", version},
		{"caller_name", nil},
		{"date_created", date(c.created)},
		{"date_updated", date(updated)},
		{"direction", "outbound-api"},
		{"duration", duration(start, end)},
		{"end_time", date(end)},
		{"forwarded_from", nil},
		{"from", c.from},
		{"from_formatted", formatted(c.from)},
		{"group_sid", nil},
		{"parent_call_sid", nil},
		{"phone_number_sid", nil},
		{"price", nil},
		{"price_unit", "USD"},
		{"sid", c.sid},
		{"start_time", date(start)},
		{"status", status},
		{"subresource_uris", subresources(suffix, base, callSubresources)},
		{"to", c.to},
		{"to_formatted", formatted(c.to)},
		{"trunk_sid", nil},
		{"uri", uri(suffix, base...)},
		{"queue_time", "0"},
	}}
}

// duration is in whole seconds: null while the call lasts, and 0 if no one answered.
func duration(start, end time.Time) any {
	switch {
	case end.IsZero():
		return nil
	case start.IsZero():
		return "0"
	}
	return strconv.Itoa(int(end.Sub(start).Seconds()))
}
