package traffic

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/store"
)

// Seen is what was let through and is not in a store yet. All methods may be called at once.
type Seen struct {
	current atomic.Pointer[hour]

	// changing is held while the hour changes, and for nothing that takes time: requests wait
	// for it.
	changing sync.Mutex
	// earlier are the hours before, until the store has them.
	earlier []*hour
	// writing is held while the store is written to, and deleted is the hour of the last time
	// that old counts were deleted.
	writing sync.Mutex
	deleted int64
}

// New returns one that has seen nothing.
func New(now time.Time) *Seen {
	s := new(Seen)
	s.current.Store(newHour(hourOf(now)))
	return s
}

// Day is the day of a time as a store has it, in UTC.
func Day(t time.Time) store.Day { return store.Day(t.UTC().Format(time.DateOnly)) }

// Add counts sends of an account, by its own ID, that were let through. The zero territory
// is none. Where the clock is set back, the hour stays.
func (s *Seen) Add(account string, to gate.Reached, now time.Time) {
	if to.Territory == 0 || account == "" || to.Sends == 0 {
		return
	}
	h := s.current.Load()
	if number := hourOf(now); number > h.number {
		h = s.begin(number)
	}
	h.of(account, to).sends.Add(int64(to.Sends))
}

// begin begins an hour, unless it has begun.
func (s *Seen) begin(number int64) *hour {
	s.changing.Lock()
	defer s.changing.Unlock()
	h := s.current.Load()
	if number <= h.number {
		return h
	}
	s.earlier = append(s.earlier, h)
	h = newHour(number)
	s.current.Store(h)
	return h
}

// hours are those that a store may not have yet, the current one last.
func (s *Seen) hours() []*hour {
	s.changing.Lock()
	defer s.changing.Unlock()
	return append(slices.Clone(s.earlier), s.current.Load())
}

// ended drops an hour that was written twice since it ended.
func (s *Seen) ended(h *hour) {
	if h.ended++; h.ended < 2 {
		return
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	s.earlier = slices.DeleteFunc(s.earlier, func(other *hour) bool { return other == h })
}
