package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

var at = time.Date(2026, 11, 30, 3, 0, 12, 0, time.UTC)

func noticeOf(kind incident.Kind) *Notice { return incidentOf(kind).Notice() }

func incidentOf(kind incident.Kind) *Incident {
	n := &Incident{
		Kind: kind, Incident: incident.Incident{
			ID: "k3v7q2m4xa", Account: "AC1", Name: "acme <co>", Reason: "limit_exceeded", Rule: "operator limit block",
			First: at, Last: at, Denied: 40, Monitored: 2,
			Channels: incident.Tally{{Value: "messaging", Denials: 42}}, Territories: incident.Tally{{Value: "US", Denials: 42}},
			Numbers: incident.Tally{{Value: "+1201555", Denials: 42}}, Gates: []string{"gate-1"},
		},
		Gate: "gate-1", Limit: "20 sends within 1h per account, block:3",
	}
	if kind == incident.Closed {
		n.Incident.Closed = at
	}
	return n
}

// outcomes counts what becomes of notices.
type outcomes struct {
	mu sync.Mutex
	of map[string]int
}

func (o *outcomes) count(way, outcome string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil {
		o.of = make(map[string]int)
	}
	o.of[way+" "+outcome]++
}

func (o *outcomes) get(of string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.of[of]
}

// flaky is a receiver that fails until it is repaired.
type flaky struct {
	mu       sync.Mutex
	failure  error
	tried    []time.Time
	received []string
}

var errFlaky = errors.New("it is away")

func (f *flaky) Deliver(_ context.Context, n *Notice) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tried = append(f.tried, time.Now())
	if f.failure == nil {
		f.received = append(f.received, n.ID)
	}
	return f.failure
}

func (f *flaky) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failure = err
}
