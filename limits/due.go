package limits

import (
	"container/heap"
	"time"
)

// agenda has the holds of which something changes by itself, that of the soonest first: those in
// force end or are renewed, those that are over are forgotten.
type agenda []*state

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].due.Before(a[j].due) }

func (a agenda) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].place, a[j].place = i, j
}

// Push adds one at the end.
func (a *agenda) Push(s any) {
	added := s.(*state)
	added.place = len(*a)
	*a = append(*a, added)
}

// Pop takes the last one out.
func (a *agenda) Pop() any {
	last := len(*a) - 1
	s := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	s.place = offAgenda
	return s
}

// offAgenda is the place of a hold that is not on the agenda: only a person ends it.
const offAgenda = -1

// nextChange is when something of a hold changes by itself: the zero time never comes.
func (s *state) nextChange() time.Time {
	if s.HalfOpen {
		return s.forgotten()
	}
	return s.Until
}

// plan puts a hold that has changed in its place on the agenda.
func (a *agenda) plan(s *state) {
	due := s.nextChange()
	switch {
	case s.place != offAgenda && due.Equal(s.due):
	case due.IsZero():
		a.drop(s)
	case s.place == offAgenda:
		s.due = due
		heap.Push(a, s)
	default:
		s.due = due
		heap.Fix(a, s.place)
	}
}

// drop takes a hold off the agenda.
func (a *agenda) drop(s *state) {
	if s.place != offAgenda {
		heap.Remove(a, s.place)
	}
}

// settleDue brings all holds to what they are at a time. It looks only at those of which something
// changes until then.
func (h *Holds) settleDue(now time.Time) {
	for len(h.agenda) > 0 && !now.Before(h.agenda[0].due) {
		h.at(now, h.agenda[0].holding.Key)
	}
}
