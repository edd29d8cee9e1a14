package limits

import "time"

// Told is what gates tell each other of a hold, and themselves over a restart. What was refused
// is not in it: each gate knows its own.
type Told struct {
	Subject
	// Since, Until and Repeats are those of the hold.
	Since   time.Time
	Until   time.Time `json:",omitzero"`
	Repeats int
	// For, Window and Limit are those of the limit.
	For, Window time.Duration
	Limit       int64
	// Released says that a person has ended it.
	Released bool
	// Changed is when it became so. Of two that are told, the later is in force.
	Changed time.Time
}

// Forgotten is when nothing is left to remember of it; the zero time never comes.
func (t *Told) Forgotten() time.Time {
	switch {
	case t.Released:
		return t.Changed.Add(maxTold)
	case t.Until.IsZero():
		return time.Time{}
	}
	return t.Until.Add(t.Window + max(t.Window, rememberedFor))
}

// maxTold is how long a gate may be away and still be told of a release.
const maxTold = 31 * 24 * time.Hour

// release is a release that was told, or is to be told.
type release struct {
	Told
	isNew bool
}

// told is what is told of a hold.
func (s *state) told() Told {
	return Told{Subject: s.Subject, Since: s.Since, Until: s.Until, Repeats: s.Repeats, Changed: s.changed,
		For: s.holding.For, Window: s.holding.Window, Limit: s.holding.Limit}
}

// Tell returns what other gates have not been told of. It is returned again until WasTold.
func (h *Holds) Tell(now time.Time) (list []Told) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.settleDue(now)
	for key := range h.toTell {
		s, r := h.held[key], h.released[key]
		switch {
		case s != nil && s.isNew:
			list = append(list, s.told())
		case r != nil && r.isNew:
			list = append(list, r.Told)
		default:
			delete(h.toTell, key)
		}
	}
	return list
}

// TellAgain has other gates told of all holds and releases that are known.
func (h *Holds) TellAgain() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for key, s := range h.held {
		s.isNew = true
		h.toTell[key] = struct{}{}
	}
	for key := range h.released {
		h.tell(key)
	}
}

// tell has other gates told of a release.
func (h *Holds) tell(key Key) {
	h.released[key].isNew = true
	h.toTell[key] = struct{}{}
}

// WasTold says that other gates have been told, or will be.
func (h *Holds) WasTold(list []Told, counters Clearer) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for i := range list {
		t := &list[i]
		hash := counters.Hash()
		key := hash.Key(t.Counter, t.Values...)
		if s := h.held[key]; s != nil && s.changed.Equal(t.Changed) {
			s.isNew = false
			delete(h.toTell, key)
		}
		if r := h.released[key]; r != nil && r.isNew && r.Changed.Equal(t.Changed) {
			r.isNew = false
			delete(h.toTell, key)
		}
	}
}

// Hear adopts what another gate tells, or this one before a restart, unless something later is
// known.
func (h *Holds) Hear(now time.Time, t Told, counters Clearer) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	hash := counters.Hash()
	key := hash.Key(t.Counter, t.Values...)
	before := h.at(now, key)
	switch r := h.released[key]; {
	case before != nil && !t.Changed.After(before.changed), r != nil && !t.Changed.After(r.Changed):
		return
	case t.Released:
		if before != nil {
			// The gate that released it has cleared what gates count together. To clear that
			// again would forget what was let through since.
			counters.ClearOwn(before.keys(key)...)
			h.release(key, t.Changed)
		}
		h.released[key] = &release{Told: t}
		return
	case before == nil && len(h.held) >= maxHolds:
		return
	}
	s := newState(Hold{ID: h.idOf(&t.Subject), Subject: t.Subject, Since: t.Since, Until: t.Until, Repeats: t.Repeats},
		Holding{Key: key, For: t.For, Window: t.Window, Limit: t.Limit})
	s.changed = t.Changed
	if before != nil {
		s.Refused, s.Last, s.seen = before.Refused, before.Last, before.seen
	}
	h.put(key, s)
	delete(h.released, key)
	h.at(now, key) // which may be over for long
}
