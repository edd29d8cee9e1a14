package gate

import (
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// Counters are how much was sent, by limit. All methods may be called at once.
type Counters interface {
	// Clearer makes the keys and items of demands, and forgets what was counted for keys.
	limits.Clearer
	// Reserve reserves all demands, or none if one of them is over its limit: the first of
	// these is in refused. The time may be ignored by counters that have a clock of their own.
	Reserve(at time.Time, demands []limits.Demand) (refused limits.Refused, ok bool)
	// ReserveEach reserves each demand by itself, unless it is over its limit: those that are
	// reserved say so.
	ReserveEach(at time.Time, demands []limits.Demand)
	// GiveBack takes back what was reserved.
	GiveBack(demands []limits.Demand)
	// Used is how much there is of a demand's key, and whether there is room for it. It is
	// negative where that is unknown.
	Used(at time.Time, d *limits.Demand) (used int64, hasRoom bool)
	// LastCalls says how long the calls that demands reserved may last, from a time on.
	LastCalls(at time.Time, demands []limits.Demand, lasts time.Duration)
	// NameCalls gives these calls a name, and EndCalls ends those of a name.
	NameCalls(demands []limits.Demand, name limits.Key)
	EndCalls(name limits.Key) bool
	// EndDialled ends those that the call of a name has dialled.
	EndDialled(name limits.Key)
	// ProlongCalls says that the calls of a name may last for some time from a time on.
	ProlongCalls(at time.Time, name limits.Key, lasts time.Duration)
	// Convert takes back all that the item of a demand has, and returns how much that was.
	Convert(at time.Time, d *limits.Demand) (freed int64)
	// Allowed is how much the limit of a demand allows now, and what lets it grow.
	Allowed(at time.Time, d *limits.Demand) (limit, most int64)
}
