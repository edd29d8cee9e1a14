package twilio

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// event is an event in Twilio's shape.
type event struct {
	AccountSid    string         `json:"account_sid"`
	ActorSid      *string        `json:"actor_sid"`
	ActorType     string         `json:"actor_type"`
	Description   *string        `json:"description"`
	Data          eventData      `json:"event_data"`
	EventDate     string         `json:"event_date"`
	EventType     string         `json:"event_type"`
	ResourceSid   string         `json:"resource_sid"`
	ResourceType  string         `json:"resource_type"`
	Sid           string         `json:"sid"`
	Source        string         `json:"source"`
	SourceAddress *string        `json:"source_ip_address"`
	URL           string         `json:"url"`
	Links         map[string]any `json:"links"`

	place eventPlace
	at    time.Time
}

// eventData says what was changed.
type eventData struct {
	Properties map[string]changedValue `json:"resource_properties"`
}

// changedValue is what a property was and is; null where there was or is none.
type changedValue struct {
	Previous any `json:"previous"`
	Updated  any `json:"updated"`
}

// The actions in the types of events.
const (
	created = "created"
	updated = "updated"
	deleted = "deleted"
)

// eventPlace is a record in the audit log, and which of its events. It is the SID of an event,
// behind its letters: 30 hexadecimal digits of the index, and 2 of the part. Those of Twilio are
// random: none begins with so many zeros.
type eventPlace struct {
	index int64
	part  int
}

const (
	eventLetters = "AE"
	eventZeros   = "00000000000000"
	lastPart     = 0xff
)

func (p eventPlace) String() string { return fmt.Sprintf("%030x%02x", p.index, p.part) }

func parseEventPlace(digits string) (p eventPlace, ok bool) {
	if _, ok := cutSID(eventLetters+digits, eventLetters); !ok || !strings.HasPrefix(digits, eventZeros) {
		return p, false
	}
	index, err := strconv.ParseInt(digits[len(eventZeros):30], 16, 64)
	if err != nil {
		return p, false
	}
	part, err := strconv.ParseInt(digits[30:], 16, 64)
	return eventPlace{index, int(part)}, err == nil
}

// setResource is a resource of Twilio's for which a permission set of an account stands.
type setResource struct {
	name         string
	channel      policy.Channel
	verification bool
	// begins says that the resource has events for its beginning and its end.
	begins bool
}

// setResources are those of permission sets, and keyResource that of API keys
// (https://www.twilio.com/docs/usage/monitor-events#event-types).
var setResources = []setResource{
	{name: "sms-geographic-permissions", channel: policy.Messaging},
	{name: "voice-geographic-permissions", channel: policy.Voice, begins: true},
	{name: "verify-geo-permissions-sms", channel: policy.Messaging, verification: true},
	{name: "verify-geo-permissions-voice", channel: policy.Voice, verification: true},
}

const keyResource = "account-api-keys"

// eventsOf are the events of a record: one for each resource that it changed. A record whose
// personal fields were deleted has none.
func (s *Resources) eventsOf(r *Request, record *audit.Record) (events []event) {
	add := func(part int, resource, sid, action string, properties map[string]changedValue) {
		e := event{
			AccountSid: r.Subject.Account(), Data: eventData{properties}, ResourceSid: sid, ResourceType: resource,
			EventDate: record.Time.UTC().Format(time.RFC3339), EventType: resource + "." + action,
			Source: sourceOf(record), Links: map[string]any{}, place: eventPlace{record.Index, part}, at: record.Time,
		}
		e.Sid = eventLetters + e.place.String()
		e.URL = r.url(eventsPath + "/" + e.Sid)
		e.ActorSid, e.ActorType = actorOf(record)
		if e.ActorType == accountActor && record.Actor.Address != "" {
			e.SourceAddress = &record.Actor.Address
		}
		events = append(events, e)
	}
	switch record.Kind {
	case string(store.Account):
		was, err := s.Service.Stated(record.Before)
		is, failure := s.Service.Stated(record.After)
		if errors.Join(err, failure) != nil {
			return nil // of a gate whose words this one does not know
		}
		for part := range setResources {
			resource := &setResources[part]
			if action, properties := resource.change(&was, &is); len(properties) > 0 {
				add(part, resource.name, r.Subject.Account(), action, properties)
			}
		}
	case string(store.Key):
		if action, properties := keyChange(record); action != "" {
			add(len(setResources), keyResource, record.Object, action, properties)
		}
	}
	return events
}

// accountActor is the type of an actor that is a credential of the carrier's.
const accountActor = "account"

// actorOf is who made a change: a credential of the carrier's by its SID, if it has one, or a person
// or program of the operator's, whose names and addresses are not for the clients of the carrier's
// API.
func actorOf(record *audit.Record) (sid *string, kind string) {
	if credential, ok := strings.CutPrefix(record.Actor.Name, "carrier:"); ok {
		if _, ok := cutSID(credential, credential[:min(len(credential), sidLetters)]); ok {
			sid = &credential
		}
		return sid, accountActor
	}
	if record.Actor.Through == "gate" {
		return nil, "system"
	}
	return nil, "user"
}

// sourceOf is Twilio's word for the way in.
func sourceOf(record *audit.Record) string {
	switch record.Actor.Through {
	case "console":
		return "web"
	case "gate":
		return "twilio"
	}
	return "api"
}

// keyChange is what became of a key that the gate issued. Nothing of its secret is shown.
func keyChange(record *audit.Record) (action string, properties map[string]changedValue) {
	type document struct {
		Name    string `json:"name"`
		Revoked string `json:"revoked"`
	}
	read := func(text json.RawMessage) (d document) {
		_ = json.Unmarshal(text, &d) // of the gate's own making
		return d
	}
	was, is := read(record.Before), read(record.After)
	name := changedValue{was.Name, is.Name}
	switch {
	case record.Before == nil && record.After == nil:
		return "", nil
	case record.Before == nil:
		action, name.Previous = created, nil
	case record.After == nil, was.Revoked == "" && is.Revoked != "":
		action, name.Updated = deleted, nil
	default:
		action = updated
	}
	return action, map[string]changedValue{"friendly_name": name}
}
