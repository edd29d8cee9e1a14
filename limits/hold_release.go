package limits

import (
	"slices"
	"time"
)

// Clearer is what counters are to holds.
type Clearer interface {
	// Hash makes the keys of the counters.
	Hash() Hasher
	// Clear forgets what was counted for keys, by whichever process. It may wait for a server.
	Clear(keys ...Key)
	// ClearOwn forgets what this process has counted for keys by itself. It waits for no one.
	ClearOwn(keys ...Key)
}

// Release ends the holds of IDs, and forgets that there were any. What their limits have counted is
// forgotten too, or the next send would be over it again. No send waits meanwhile, and nothing is
// let through until it is forgotten. It returns how many there were.
func (h *Holds) Release(now time.Time, counters Clearer, ids ...string) (released int) {
	named := make(map[string]bool, len(ids))
	for _, id := range ids {
		named[id] = true
	}
	for part := range slices.Chunk(h.keysOf(named), atOnce) {
		counters.Clear(h.countedBy(part)...)
		released += h.releaseKeys(now, part)
	}
	return released
}

// releaseKeys ends the holds of keys, and returns how many there were.
func (h *Holds) releaseKeys(now time.Time, keys []Key) (released int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, key := range keys {
		if s := h.held[key]; s != nil {
			h.release(key, laterThan(s.changed, now))
			h.tell(key)
			released++
		}
	}
	return released
}

// ReleaseGone releases holds that only a person would end, once their limits are gone for a day: no
// one is refused by them, and no one would look for them. Those with an end go by it.
func (h *Holds) ReleaseGone(now time.Time, isStated func(*Subject) bool) (released []Hold) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.settleDue(now)
	for key, s := range h.held {
		switch {
		case !s.Until.IsZero():
		case isStated(&s.Subject):
			s.goneSince = time.Time{}
		case s.goneSince.IsZero():
			s.goneSince = now
		case now.Sub(s.goneSince) >= rememberedFor:
			released = append(released, s.shown())
			h.release(key, laterThan(s.changed, now))
			h.tell(key)
		}
	}
	return released
}

// keysOf are the keys of the holds of IDs.
func (h *Holds) keysOf(ids map[string]bool) (keys []Key) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for key, s := range h.held {
		if ids[s.ID] {
			keys = append(keys, key)
		}
	}
	return keys
}

// countedBy are the keys by which it is counted what the holds of keys let through.
func (h *Holds) countedBy(keys []Key) (counted []Key) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, key := range keys {
		if s := h.held[key]; s != nil {
			counted = append(counted, s.keys(key)...)
		}
	}
	return counted
}

// keys are the key that is held, and those of the half of its limit.
func (s *state) keys(key Key) []Key {
	keys := []Key{key}
	for repeats := range s.Repeats + 1 {
		keys = append(keys, key.half(repeats))
	}
	return keys
}

// release ends the hold of a key.
func (h *Holds) release(key Key, at time.Time) {
	told := h.held[key].told()
	h.remove(key)
	told.Released, told.Changed = true, at
	h.released[key] = &release{Told: told}
}
