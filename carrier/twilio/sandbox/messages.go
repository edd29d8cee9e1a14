package sandbox

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// message is a text that was never sent. Its status is not stored: it follows from its
// age.
type message struct {
	sid, account, to, from, service, body string
	media, segments                       int
	scheduled                             bool
	created, due                          time.Time // due is when sending begins; zero in a schedule that names no time
	changed                               time.Time // by the caller; zero if never
	canceled                              bool
}

// messageStages are the stages of a message: it is queued, sent after one second and
// delivered after three. A messaging service accepts a message first, instead of queuing
// it.
var messageStages = []stage{{0, "queued"}, {time.Second, "sent"}, {3 * time.Second, "delivered"}}

// maximumMessage is the longest body, in characters.
const maximumMessage = 1600

// createMessage checks for missing parameters before invalid ones. Recorded traffic has
// To and From before Body; which of the two comes first, and the order of the invalid
// ones, are unverified.
func createMessage(s *Sandbox, x *exchange) (answer, *failure) {
	to, from := strings.TrimSpace(x.parameters.get("To")), strings.TrimSpace(x.parameters.get("From"))
	service, body := x.parameters.get("MessagingServiceSid"), x.parameters.get("Body")
	switch {
	case to == "":
		return answer{}, fail(21604)
	case from == "" && service == "":
		return answer{}, fail(21603)
	case !x.parameters.any("Body", "MediaUrl", "ContentSid"):
		return answer{}, fail(21602)
	}
	d := details{to: to, number: to, from: from, account: x.account}
	readTo, code := readMessageTo(to, from)
	if code != 0 {
		d.number = cmp.Or(readTo, to)
		return answer{}, failWith(code, d)
	}
	var readFrom string
	if from != "" {
		if readFrom, code = readMessageFrom(from); code != 0 {
			return answer{}, failWith(code, d)
		}
	}
	switch {
	case service != "" && !servicePattern.MatchString(service):
		return answer{}, failWith(20001, details{parameter: "MessagingServiceSid"}) // code unverified
	case utf8.RuneCountInString(body) > maximumMessage:
		return answer{}, fail(21617)
	}
	added := &message{
		sid: "SM" + x.identifier, account: x.account, to: readTo, from: readFrom, service: service, body: body,
		media: len(x.parameters["MediaUrl"]), segments: segments(body), created: x.now, due: x.now,
	}
	if added.media > 0 {
		added.sid = "MM" + x.identifier
	}
	if x.parameters.get("ScheduleType") == "fixed" {
		added.scheduled = true
		added.due, _ = time.Parse(time.RFC3339, x.parameters.get("SendAt")) // zero if it is not a time
	}
	s.resources.add(x.shelf(), added)
	return answer{http.StatusCreated, added.document(x)}, nil
}

// updateMessage redacts a message with an empty Body, and cancels one that has not been
// sent.
func updateMessage(s *Sandbox, x *exchange) (answer, *failure) {
	found, known := s.resources.find(x.shelf(), x.sid)
	if !known {
		return answer{}, x.notFound()
	}
	message := found.(*message)
	status := x.parameters.get("Status")
	switch {
	case x.parameters.get("Body") != "":
		return answer{}, failWith(20001, details{parameter: "Body"}) // code unverified
	case status != "" && status != "canceled":
		return answer{}, failWith(20001, details{parameter: "Status"})
	case status == "canceled" && !message.sentAt(x.now).IsZero():
		return answer{}, failWith(20001, details{parameter: "Status"}) // code unverified
	}
	if x.parameters.has("Body") {
		message.body, message.changed = "", x.now
	}
	if status == "canceled" {
		message.canceled, message.changed = true, x.now
	}
	return answer{http.StatusOK, message.document(x)}, nil
}

func (m *message) identifier() string { return m.sid }

func (m *message) parties() (to, from string) { return m.to, m.from }

// progress returns the current status, and when the message reached it.
func (m *message) progress(now time.Time) (status string, since time.Time) {
	switch {
	case m.canceled:
		return "canceled", m.changed
	case m.scheduled && (m.due.IsZero() || now.Before(m.due)):
		return "scheduled", m.created
	}
	stage := reached(messageStages, now.Sub(m.due))
	if stage == messageStages[0] && m.service != "" {
		return "accepted", m.due
	}
	return stage.status, m.due.Add(stage.age)
}

// sentAt returns when the message was sent, or zero.
func (m *message) sentAt(now time.Time) time.Time {
	switch status, _ := m.progress(now); status {
	case "sent", "delivered":
		return m.due.Add(messageStages[1].age)
	}
	return time.Time{}
}

// messageElements is the order in XML, as recorded from api.twilio.com (2020, 2021). JSON
// has the order of the example in Twilio's OpenAPI description (twilio/twilio-oai,
// CreateMessage).
var messageElements = []string{
	"sid", "date_created", "date_updated", "date_sent", "account_sid", "to", "from", "messaging_service_sid", "body", "status",
	"num_segments", "num_media", "direction", "api_version", "price", "price_unit", "error_code", "error_message", "uri",
	"subresource_uris",
}

func (m *message) document(x *exchange) document {
	status, updated := m.progress(x.now)
	if m.changed.After(updated) {
		updated = m.changed
	}
	counted := m.segments
	if status == "accepted" || status == "scheduled" {
		counted = 0 // a messaging service has yet to choose the sender, and with it how the text is carried
	}
	suffix, base := x.representation.suffix, []string{"Accounts", m.account, "Messages", m.sid}
	return document{element: "Message", order: messageElements, fields: object{
		{"account_sid", m.account},
		{"api_version", version},
		{"body", m.body},
		{"date_created", date(m.created)},
		{"date_sent", date(m.sentAt(x.now))},
		{"date_updated", date(updated)},
		{"direction", "outbound-api"},
		{"error_code", nil},
		{"error_message", nil},
		{"from", orNull(m.from)},
		{"messaging_service_sid", orNull(m.service)},
		{"num_media", strconv.Itoa(m.media)},
		{"num_segments", strconv.Itoa(counted)},
		{"price", nil},
		{"price_unit", "USD"},
		{"sid", m.sid},
		{"status", status},
		{"subresource_uris", subresources(suffix, base, []string{"media"})},
		{"to", m.to},
		{"uri", uri(suffix, base...)},
	}}
}
