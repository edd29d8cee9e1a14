package store

import (
	"context"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
)

// RefusalLog is what a store keeps of refusals, and of denials that are only monitored. They
// are ordered by their IDs, and so by time, to the millisecond.
type RefusalLog interface {
	// Append adds refusals, durable before it returns. In their texts, NUL and what is not
	// UTF-8 become U+FFFD.
	refusals.Sink

	// Query calls yield with the refusals that it selects, the newest first.
	Query(ctx context.Context, q RefusalQuery, yield func(refusals.Refusal) error) error

	// Report calls yield with how many of the refusals there are of each combination of the
	// values of some dimensions, most first, and no more than a limit, 0 for all.
	Report(ctx context.Context, f RefusalFilter, by []Dimension, limit int, yield func(Counted) error) error

	// DeleteBefore deletes the refusals before a time. It does so in several steps: after an
	// error, some are deleted.
	DeleteBefore(ctx context.Context, before time.Time) (deleted int64, err error)

	// Forget empties the senders, destinations, prefixes and addresses of clients in an
	// account's refusals, and returns in how many. They are counted as before.
	Forget(ctx context.Context, account string) (changed int64, err error)
}

// RefusalFilter selects refusals. What is empty selects all.
type RefusalFilter struct {
	// Of each, the refusal has the same.
	Account, Channel, Territory, Class, Reason, Outcome, Key string
	// Prefix begins that of the refusal.
	Prefix string
	// From and before To, to the millisecond.
	From, To time.Time
}

// RefusalQuery selects refusals, from the newest on.
type RefusalQuery struct {
	RefusalFilter
	// Before is the ID of the last one that is known, empty for the newest.
	Before string
	// Limit is how many there are at most, 0 for all.
	Limit int
}

// Dimension is what refusals and sends are counted by.
type Dimension string

// The dimensions.
const (
	ByAccount   Dimension = "account"
	ByChannel   Dimension = "channel"
	ByTerritory Dimension = "territory"
	ByClass     Dimension = "class"
	ByReason    Dimension = "reason"
	ByOutcome   Dimension = "outcome"
	// ByHour is the hour in UTC, by its beginning as in RFC 3339.
	ByHour Dimension = "hour"
	// ByDay is the day in UTC, as in RFC 3339.
	ByDay Dimension = "day"
)

// Dimensions are those of refusals.
var Dimensions = []Dimension{ByAccount, ByChannel, ByTerritory, ByClass, ByReason, ByOutcome, ByHour, ByDay}

// Counted is how many refusals or sends have some values.
type Counted struct {
	// Values are those of the dimensions, in the order in which they are asked for.
	Values []string
	Count  int64
}
