package store

import (
	"context"
	"encoding/json"
	"time"
)

// KeptIncident is what a store keeps of an incident, of a threshold that was told, or of a notice
// that is not delivered yet.
type KeptIncident struct {
	ID       string
	Document json.RawMessage
	// Over is when it may be deleted; the zero time never comes.
	Over time.Time
}

// Incidents are what gates with one store tell each other of incidents. Neither a revision nor the
// audit log has any of it. Each write makes its number greater.
type Incidents interface {
	// Update has a function say what is written, by what is kept under some IDs: gates do so one
	// after the other. It deletes what is over. The function may be called twice.
	Update(ctx context.Context, now time.Time, ids []string, change func(kept map[string]KeptIncident) ([]KeptIncident, error)) error

	// Changes calls yield with each that was written after a number, and returns the number of
	// the last one that was.
	Changes(ctx context.Context, after int64, yield func(KeptIncident) error) (last int64, err error)
}
