package operations

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
)

// LongestCall is how long a call lasts at most where nothing is stated: an account may have up to
// a day (https://www.twilio.com/en-us/blog/introducing-configurable-call-limits-for-programmable-voice).
// LongestRing is how long it rings before at most
// (https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource, Timeout).
const (
	LongestCall = 4 * time.Hour
	LongestRing = 10 * time.Minute
)

// callAnswer is what an answer says of a call: a call has an id of its own, and a participant
// that of its call.
type callAnswer struct {
	ID   string `json:"sid" xml:"Call>Sid"`
	OfID string `json:"call_sid" xml:"Participant>CallSid"`
}

// callPrefix begins the ids of calls.
const callPrefix = "CA"

// ChangedCall is the id of the call in progress that a request changes, or empty.
func ChangedCall(r *carrier.Request, op *carrier.Operation) string {
	o, ok := op.Row.(*operation)
	if !ok || o.timeLimit != whereStated {
		return ""
	}
	var room [MaxSegments]string
	segments, _ := Split(r.Path, room[:0])
	id := segments[len(segments)-1]
	if strings.HasPrefix(id, ".") { // an extension after a slash
		id = segments[len(segments)-2]
	}
	id, _, _ = strings.Cut(id, ".")
	return sid.Canonical(id)
}

// CallID is the id of the call in an answer, in JSON or XML as the client has asked for, or empty.
func CallID(header http.Header, answer []byte) string {
	var read callAnswer
	var err error
	if strings.Contains(header.Get("Content-Type"), "xml") {
		err = xml.Unmarshal(answer, &read)
	} else {
		err = json.Unmarshal(answer, &read)
	}
	switch {
	case err != nil:
		return ""
	case strings.HasPrefix(read.OfID, callPrefix):
		return read.OfID
	case strings.HasPrefix(read.ID, callPrefix):
		return read.ID
	}
	return ""
}
