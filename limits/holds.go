package limits

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// maxHolds bounds how many holds are remembered. Beyond them nothing is held, and none goes for
// another: limits themselves refuse what is over.
const maxHolds = 100_000

// Holds are the keys of which nothing is let through. All methods may be called at once.
type Holds struct {
	// count is how many there are, so that nothing is locked where there are none.
	count atomic.Int64
	mutex sync.Mutex
	held  map[Key]*state
	swept time.Time
	// agenda has those that change by themselves.
	agenda agenda
	// released are those that were released within a day, with what is told of that.
	released map[Key]*release
	// toTell are the keys of those that other gates may not have been told of.
	toTell map[Key]struct{}
	// secret is that by which they have their IDs.
	secret []byte
}

// NewHolds returns none. Their IDs are by a secret of their own.
func NewHolds() *Holds {
	return &Holds{held: map[Key]*state{}, released: map[Key]*release{}, toTell: map[Key]struct{}{}, secret: NewHoldSecret()}
}

// Any reports whether anything may be held.
func (h *Holds) Any() bool { return h.count.Load() > 0 }

// Status is what a key's hold says of a send.
type Status uint8

// The statuses.
const (
	// Free is a key that is not held.
	Free Status = iota
	// Held is a key of which nothing is let through.
	Held
	// HalfOpen is a key of which half of the limit is let through for one window.
	HalfOpen
)

// Tried is what the hold of a key says of a send.
type Tried struct {
	Status Status
	// ID and Repeats of the hold, unless the key is free.
	ID      string
	Repeats int
}

// Try says of a send whether its key is held, and counts the attempt if it is, by its number.
func (h *Holds) Try(now time.Time, d *Demand, number Number) Tried {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	s := h.at(now, d.Key)
	if s != nil && !s.HalfOpen {
		s.refuse(now, d.Amount, number, d.ItemOnce())
	}
	return s.tried(now)
}

// Look says what Try does, and counts nothing.
func (h *Holds) Look(now time.Time, key Key) Tried {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.at(now, key).tried(now)
}

// tried is what a hold that was settled says of a send; nil is none.
func (s *state) tried(now time.Time) Tried {
	switch {
	case s == nil:
		return Tried{}
	case !s.HalfOpen:
		return Tried{Held, s.ID, s.Repeats}
	case s.isHalfOpen(now):
		return Tried{HalfOpen, s.ID, s.Repeats}
	}
	return Tried{}
}

// Begin holds a key whose limit, or the half of it, was exceeded by a send, for longer if it was
// held recently. It returns the ID of the hold, empty where there are too many.
func (h *Holds) Begin(now time.Time, of Holding, subject Subject, amount uint32) (id string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.sweep(now)
	s := h.at(now, of.Key)
	switch {
	case s == nil && len(h.held) >= maxHolds:
		return ""
	case s == nil:
		s = newState(Hold{ID: h.idOf(&subject), Subject: subject, Since: now}, of)
		s.hold(now, 0)
		if r := h.released[of.Key]; r != nil {
			s.changed = laterThan(r.Changed, now)
			delete(h.released, of.Key) // gates are told what is in force
		}
		h.put(of.Key, s)
	case s.HalfOpen:
		s.holding = of
		if !s.isHalfOpen(now) {
			s.Since, s.Refused, s.seen = now, 0, seen{}
		}
		s.hold(now, s.Repeats+1)
		h.noteChange(s)
	}
	s.refuse(now, amount, of.Number, of.Item)
	return s.ID
}

// Of returns the hold of a key, unless there is none or it is over. It counts nothing.
func (h *Holds) Of(now time.Time, key Key) (Hold, bool) {
	if !h.Any() {
		return Hold{}, false
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if s := h.at(now, key); s != nil && (!s.HalfOpen || s.isHalfOpen(now)) {
		return s.shown(), true
	}
	return Hold{}, false
}

// List returns all holds that are not over, by their IDs. Sends wait while they are read, a part at a
// time, and not while they are put in order.
func (h *Holds) List(now time.Time) (list []Hold) {
	keys := h.keysAt(now)
	list = make([]Hold, 0, len(keys))
	for part := range slices.Chunk(keys, atOnce) {
		list = h.appendShown(list, now, part)
	}
	slices.SortFunc(list, func(a, b Hold) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// atOnce is how many holds are read or released while sends wait.
const atOnce = 500

// keysAt are the keys of all holds, settled to a time.
func (h *Holds) keysAt(now time.Time) []Key {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.settleDue(now)
	return slices.AppendSeq(make([]Key, 0, len(h.held)), maps.Keys(h.held))
}

// appendShown appends the holds of keys that are not over.
func (h *Holds) appendShown(list []Hold, now time.Time, keys []Key) []Hold {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, key := range keys {
		if s := h.at(now, key); s != nil && (!s.HalfOpen || s.isHalfOpen(now)) {
			list = append(list, s.shown())
		}
	}
	return list
}

// Find returns the hold of an ID, unless it is over.
func (h *Holds) Find(now time.Time, id string) (Hold, bool) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.settleDue(now)
	for _, s := range h.held {
		if s.ID == id && (!s.HalfOpen || s.isHalfOpen(now)) {
			return s.shown(), true
		}
	}
	return Hold{}, false
}

// SeenBy are the numbers that the hold of an ID has refused, also once it is over, as long as it is
// remembered.
func (h *Holds) SeenBy(id string) Seen {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, s := range h.held {
		if s.ID == id {
			return s.seen.summary()
		}
	}
	return Seen{}
}

// Len is the number of holds that are not over.
func (h *Holds) Len(now time.Time) (n int) {
	if !h.Any() {
		return 0
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.settleDue(now)
	for _, s := range h.held {
		if !s.HalfOpen || s.isHalfOpen(now) {
			n++
		}
	}
	return n
}

// at is the hold of a key as it is at a time, nil where there is none to remember.
func (h *Holds) at(now time.Time, key Key) *state {
	s := h.held[key]
	switch {
	case s == nil:
		return nil
	case !s.settle(now):
		h.remove(key)
		return nil
	}
	h.noteChange(s)
	return s
}

// put adds a hold, in the place of the one that its key has.
func (h *Holds) put(key Key, s *state) {
	if before := h.held[key]; before != nil {
		h.agenda.drop(before)
	}
	h.held[key] = s
	h.count.Store(int64(len(h.held)))
	h.noteChange(s)
}

// remove forgets the hold of a key.
func (h *Holds) remove(key Key) {
	h.agenda.drop(h.held[key])
	delete(h.held, key)
	delete(h.toTell, key)
	h.count.Store(int64(len(h.held)))
}

// noteChange plans what comes next of a hold that may have changed, and has other gates told of it
// if it has begun.
func (h *Holds) noteChange(s *state) {
	h.agenda.plan(s)
	if s.isNew {
		h.toTell[s.holding.Key] = struct{}{}
	}
}

// sweep forgets holds that are over for long.
func (h *Holds) sweep(now time.Time) {
	if now.Sub(h.swept) < sweepInterval {
		return
	}
	h.swept = now
	h.settleDue(now)
	for key, r := range h.released {
		if since := now.Sub(r.Changed); since > maxTold || !r.isNew && since > rememberedFor {
			delete(h.released, key)
		}
	}
}

// laterThan is a time at which something changes again, after a change that may be that of another
// gate whose clock is ahead: of two that are told, the later is in force.
func laterThan(before, now time.Time) time.Time {
	if now.After(before) {
		return now
	}
	return before.Add(1)
}

// half is the key by which it is counted what half of a limit lets through after some repeats.
func (k Key) half(repeats int) Key { return Key{k[0], ^k[1] + uint64(repeats)} }

// Half is what a send asks of the half of a limit, beside what it asks of the limit itself, while
// its key is half open after some repeats of its hold. Allowed is how much the limit allows now.
func (d *Demand) Half(repeats int, allowed int64) Demand {
	half := *d
	half.Key, half.Limit = d.Key.half(repeats), max(allowed/2, 1)
	half.Warn, half.Share = nil, 0
	return half
}
