package store

import "context"

// Day is a day in UTC, as in RFC 3339: "2026-11-30". Days sort by time.
type Day string

// LastSend says when an account's sends to a territory were let through last, on one channel.
type LastSend struct {
	// Account is its own ID. Channel, Territory and Class are as policies write them; of
	// messages there is no class.
	Account, Channel, Territory, Class string
	Day                                Day
}

// Traffic is what a store keeps of sends that were let through: of each account, channel,
// territory and class the last day. Neither a revision nor the audit log has any of it.
type Traffic interface {
	// Record adds what a gate saw. Of each account, channel, territory and class, the
	// later day stays. A gate that saw nothing records that it watches since a day.
	Record(ctx context.Context, watched Day, seen []LastSend) error

	// Since is the first day that any gate watched, empty if none did.
	Since(ctx context.Context) (Day, error)

	// Query calls yield with what was seen, by account, channel, territory and class. An empty
	// account means all of them.
	Query(ctx context.Context, account string, yield func(LastSend) error) error
}
