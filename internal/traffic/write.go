package traffic

import (
	"context"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// KeptHours is how long a store has the sends of each hour, and KeptDays those of each day.
	KeptHours = 48 * time.Hour
	KeptDays  = 93 * 24 * time.Hour

	// writtenAtOnce is how many destinations one transaction of a store counts: a change of
	// permissions waits for it.
	writtenAtOnce = 5000
)

// Write gives a store what it does not have yet, and that it is watched. What the store does
// not take is given to it again. An hour that has ended is given once more the next time: a
// request may have begun before it ended. Once an hour, what the store has kept for long enough
// is deleted.
func (s *Seen) Write(ctx context.Context, to store.Traffic, now time.Time) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	hours := s.hours()
	for i, h := range hours {
		if err := h.write(ctx, to, Day(now)); err != nil {
			return err
		}
		if i < len(hours)-1 {
			s.ended(h)
		}
	}
	if hourOf(now) == s.deleted {
		return nil
	}
	if err := to.DeleteBefore(ctx, now.Add(-KeptHours), now.Add(-KeptDays)); err != nil {
		return err
	}
	s.deleted = hourOf(now)
	return nil
}

// taken is what is given to a store of one destination.
type taken struct {
	to    destination
	of    *count
	sends int64
}

// write gives a store what it does not have of the hour. While it does, requests go on.
func (h *hour) write(ctx context.Context, to store.Traffic, watched store.Day) error {
	all := h.unwritten()
	for first := true; first || len(all) > 0; first = false {
		part := all[:min(len(all), writtenAtOnce)]
		if err := h.writePart(ctx, to, watched, part); err != nil {
			return err
		}
		all = all[len(part):]
	}
	return nil
}

// unwritten are the destinations of which the store does not have all.
func (h *hour) unwritten() (all []taken) {
	for i := range h.shards {
		shard := &h.shards[i]
		shard.mu.RLock()
		for to, of := range shard.counts {
			if of.sends.Load() > 0 {
				all = append(all, taken{to: to, of: of})
			}
		}
		shard.mu.RUnlock()
	}
	return all
}

// writePart gives a store some destinations, with as many sends as there are by now.
func (h *hour) writePart(ctx context.Context, to store.Traffic, watched store.Day, part []taken) error {
	var seen []store.LastSend
	added := make([]store.SendCount, len(part))
	for i := range part {
		t := &part[i]
		t.sends = t.of.sends.Load()
		added[i] = t.to.sendCount(h, t.sends)
		if c := &added[i]; !t.of.recorded {
			seen = append(seen, store.LastSend{Account: c.Account, Channel: c.Channel, Territory: c.Territory, Class: c.Class, Day: Day(c.Hour)})
		}
	}
	if err := to.Record(ctx, watched, seen); err != nil {
		return err
	}
	for i := range part {
		part[i].of.recorded = true
	}
	if len(added) == 0 {
		return nil
	}
	if err := to.Count(ctx, added); err != nil {
		return err
	}
	for i := range part {
		part[i].of.sends.Add(-part[i].sends)
	}
	return nil
}
