package store

import (
	"context"
	"encoding/json"
	"time"
)

// KeptHold is what a store keeps of what a limit holds.
type KeptHold struct {
	// ID is the store's own, and not the one that people and logs have.
	ID       string
	Document json.RawMessage
	// Changed is when it became so, in nanoseconds. Of two with one ID the later stays.
	Changed time.Time
	// Over is when it may be deleted; the zero time never comes.
	Over time.Time
}

// Holds are what a store keeps of what limits hold. Neither a revision nor the audit log has any
// of it. Each write makes the number of the holds greater.
type Holds interface {
	// Write writes holds, and deletes those that are over.
	Write(ctx context.Context, now time.Time, holds []KeptHold) error

	// Changes calls yield with each hold that was written after a number, and returns the number
	// of the last one that was.
	Changes(ctx context.Context, after int64, yield func(KeptHold) error) (last int64, err error)

	// Secret returns the secret by which all gates name holds, and from which they derive what else
	// they have in common: the first one that any of them has proposed.
	Secret(ctx context.Context, proposed []byte) ([]byte, error)
}
