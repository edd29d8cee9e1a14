package notify

import (
	"encoding/json"
	"time"
	"unicode"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// Notice is what is told of something that has happened, as it is delivered.
type Notice struct {
	// ID is the same however often the notice is sent.
	ID string `json:"id"`
	// Kind is the event, by which targets choose.
	Kind incident.Kind `json:"kind"`
	// At is when it happened.
	At time.Time `json:"at"`
	// Gate is the name of the host that tells it.
	Gate string `json:"gate"`
	// Subject is the notice in one line, and Text in a few.
	Subject string `json:"subject"`
	Text    string `json:"text"`
	// Body is the notice as systems read it.
	Body json.RawMessage `json:"body"`
}

// payload is the body of a webhook, as of Standard Webhooks: type, timestamp and data
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
type payload struct {
	Type      incident.Kind `json:"type"`
	Timestamp time.Time     `json:"timestamp"`
	Data      any           `json:"data"`
}

// body is the body of a webhook. What the data are made of can always be written.
func body(kind incident.Kind, at time.Time, data any) json.RawMessage {
	text, err := json.Marshal(payload{kind, at.UTC(), data})
	if err != nil {
		panic("notify: " + err.Error())
	}
	return text
}

// printed is a character as it is told: a name makes no lines of its own, and turns none around.
func printed(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

func shown(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }
