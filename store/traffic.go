package store

import (
	"context"
	"time"
)

// Day is a day in UTC, as in RFC 3339: "2026-11-30". Days sort by time.
type Day string

// LastSend says when an account's sends to a territory were let through last, on one channel.
type LastSend struct {
	// Account is its own ID. Channel, Territory and Class are as policies write them; of
	// messages there is no class.
	Account, Channel, Territory, Class string
	Day                                Day
}

// SendCount is how many sends of an account to a territory were let through in one hour.
type SendCount struct {
	// Account, Channel, Territory and Class are as in LastSend.
	Account, Channel, Territory, Class string
	// Hour is any time in it.
	Hour  time.Time
	Count int64
}

// TrafficFilter selects sends. What is empty selects all.
type TrafficFilter struct {
	// Of each, the send has the same.
	Account, Channel, Territory, Class string
	// Hourly says that hours are counted, of which a store keeps few; else days are.
	Hourly bool
	// From is in the first hour or day that counts; the last one begins before To.
	From, To time.Time
}

// TrafficDimensions are those of sends. By hour, only hours are counted.
var TrafficDimensions = []Dimension{ByAccount, ByChannel, ByTerritory, ByClass, ByHour, ByDay}

// Traffic is what a store keeps of sends that were let through: of each account, channel,
// territory and class the last day, and how many there were by hour and by day. Neither a
// revision nor the audit log has any of it.
type Traffic interface {
	// Record adds what a gate saw. Of each account, channel, territory and class, the
	// later day stays. A gate that saw nothing records that it watches since a day.
	Record(ctx context.Context, watched Day, seen []LastSend) error

	// Count adds sends to those of their hours and days, all of them or none. After an error they
	// may have been added nevertheless, if the engine could not say so.
	Count(ctx context.Context, added []SendCount) error

	// Report calls yield with how many of the sends there are of each combination of the values
	// of some dimensions, most first.
	Report(ctx context.Context, f TrafficFilter, by []Dimension, yield func(Counted) error) error

	// DeleteBefore deletes the hours before that of a time, and the days before that of another
	// one. It does so in several steps: after an error, some are deleted.
	DeleteBefore(ctx context.Context, hour, day time.Time) error

	// Since is the first day that any gate watched, empty if none did.
	Since(ctx context.Context) (Day, error)

	// Query calls yield with what was seen, by account, channel, territory and class. An empty
	// account means all of them.
	Query(ctx context.Context, account string, yield func(LastSend) error) error
}
