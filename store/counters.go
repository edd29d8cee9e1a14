package store

import (
	"context"
	"time"
)

// KeptCount is what a store keeps of what limits have counted: one part of one key.
type KeptCount struct {
	// Key is a hash of the limit and of what it counts.
	Key [16]byte
	// Part and Item say what of the key it is.
	Part uint8
	Item uint64
	// Numbers are what was counted, nil once there is nothing.
	Numbers []byte
	// Over is when it may be deleted, in nanoseconds.
	Over time.Time
}

// Counters are what a store of one gate keeps of what its limits have counted. Neither a revision
// nor the audit log has any of it.
type Counters interface {
	// Write writes counts, all or none, and deletes those that have nothing, and some of those that
	// are over.
	Write(ctx context.Context, now time.Time, counts []KeptCount) error

	// Read calls yield with each count that is not over, by key, part and item.
	Read(ctx context.Context, now time.Time, yield func(KeptCount) error) error
}
