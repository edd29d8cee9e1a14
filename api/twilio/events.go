package twilio

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// eventsPath is where the events are.
const eventsPath = "/v1/Events"

// eventFilters select events by the parameters of a request, of which it may have one
// (https://www.twilio.com/docs/usage/monitor-events).
var eventFilters = []struct {
	name     string
	selected func(e *event) *string
}{
	{"ActorSid", func(e *event) *string { return e.ActorSid }},
	{"EventType", func(e *event) *string { return &e.EventType }},
	{"ResourceSid", func(e *event) *string { return &e.ResourceSid }},
	{"SourceIpAddress", func(e *event) *string { return e.SourceAddress }},
}

// eventFilter selects the events that a request asks for.
type eventFilter struct {
	from, to time.Time
	// number is that of a filter, and -1 without one.
	number int
	value  string
}

func (f *eventFilter) selects(e *event) bool {
	if !f.from.IsZero() && e.at.Before(f.from) || !f.to.IsZero() && !e.at.Before(f.to) {
		return false
	}
	if f.number < 0 {
		return true
	}
	value := eventFilters[f.number].selected(e)
	return value != nil && *value == f.value
}

func readEventFilter(r *Request) (f eventFilter, refused *Answer) {
	if f.from, f.to, refused = timesOf(r); refused != nil {
		return f, refused
	}
	f.number = -1
	for i, filter := range eventFilters {
		value := r.Query.Get(filter.name)
		if value == "" {
			continue
		}
		if f.number >= 0 {
			refusal := invalid("%s and %s are both filters: besides dates, use one", eventFilters[f.number].name, filter.name)
			return f, &refusal
		}
		f.number, f.value = i, value
	}
	return f, nil
}

// changesAtOnce is how many records a request reads at once. Each takes the time of compiling two
// accounts.
const changesAtOnce = 200

// findEvents returns a page of events, and the place of the one behind which the next page begins,
// empty after the last. The newest record comes first, and the events of one record in their order.
func (s *Resources) findEvents(ctx context.Context, r *Request, f *eventFilter, p *recordPage) (found []event, next string, err error) {
	after, _ := parseEventPlace(p.after)
	before := int64(math.MaxInt64)
	if p.after != "" {
		before = after.index + 1 // it may have more events
	}
	limit := p.size + 1
	for range mostReads {
		read, err := s.Service.AccountChanges(ctx, r.Caller, r.Account.ID, before, limit)
		if err != nil {
			return nil, "", err
		}
		for i := range read {
			before = read[i].Index
			for _, e := range s.eventsOf(r, &read[i]) {
				switch {
				case p.after != "" && e.place.index == after.index && e.place.part <= after.part, !f.selects(&e):
				case len(found) == p.size:
					return found, found[p.size-1].place.String(), nil
				default:
					found = append(found, e)
				}
			}
		}
		if len(read) < limit {
			return found, "", nil
		}
		limit = changesAtOnce
	}
	return found, eventPlace{before, lastPart}.String(), nil
}

func (s *Resources) listEvents(ctx context.Context, r *Request, _ string) Answer {
	p, isCarriers, refused := readRecordPage(r)
	switch {
	case isCarriers || s.Service == nil:
		return Answer{FromCarrier: true}
	case refused != nil:
		return *refused
	}
	if _, ok := parseEventPlace(p.after); p.after != "" && !ok {
		return *refusedPage()
	}
	f, refused := readEventFilter(r)
	if refused != nil {
		return *refused
	}
	_, alone := NamedAccount(r.Query, nil) // the carrier has no such parameter
	if !alone && f.number >= 0 && eventFilters[f.number].name == "EventType" && !isEventType(f.value) {
		return Answer{FromCarrier: true}
	}
	found, next, err := s.findEvents(ctx, r, &f, &p)
	switch {
	case err != nil:
		return s.failed(err)
	case len(found) == 0 && next == "" && p.after == "" && !alone:
		return Answer{FromCarrier: true}
	case found == nil:
		found = []event{}
	}
	return answer(http.StatusOK, map[string]any{"events": found, "meta": p.meta(r, "events", next, alone)})
}

// event answers one event. One whose SID is not the gate's is the carrier's.
func (s *Resources) event(ctx context.Context, r *Request, sid string) Answer {
	digits, ok := cutSID(sid, eventLetters)
	place, ours := parseEventPlace(digits)
	if !ok || !ours || s.Service == nil {
		return Answer{FromCarrier: true}
	}
	record, err := s.Service.AccountChange(ctx, r.Caller, r.Account.ID, place.index)
	switch {
	case errors.Is(err, permissions.ErrNotFound), errors.Is(err, access.ErrDenied):
		return notFound(r)
	case err != nil:
		return s.failed(err)
	}
	events := s.eventsOf(r, record)
	i := slices.IndexFunc(events, func(e event) bool { return e.place == place })
	if i < 0 {
		return notFound(r)
	}
	return answer(http.StatusOK, events[i])
}

// isEventType reports whether the gate has events of a type.
func isEventType(text string) bool {
	resource, action, ok := strings.Cut(text, ".")
	return ok && slices.Contains([]string{created, updated, deleted}, action) && (resource == keyResource ||
		slices.ContainsFunc(setResources, func(s setResource) bool { return s.name == resource }))
}
