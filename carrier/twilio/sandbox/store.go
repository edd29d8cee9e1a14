package sandbox

import "slices"

// record is a stored resource.
type record interface {
	identifier() string
	parties() (to, from string)
	document(x *exchange) document
}

// shelf holds one account's resources of one kind, the oldest first.
type shelf struct{ account, resource string }

// maximumShelves limits the shelves, since any request may name a new account.
const maximumShelves = 200

// store keeps a bounded number of resources. Its owner's lock guards it.
type store struct {
	capacity int
	records  map[shelf][]record
	order    []shelf // the oldest first
}

func newStore(capacity int) *store {
	return &store{capacity: capacity, records: map[shelf][]record{}}
}

func (s *store) add(place shelf, added record) {
	if _, known := s.records[place]; !known {
		if len(s.order) == maximumShelves {
			delete(s.records, s.order[0])
			s.order = slices.Delete(s.order, 0, 1)
		}
		s.order = append(s.order, place)
	}
	kept := s.records[place]
	if len(kept) == s.capacity {
		kept = slices.Delete(kept, 0, 1)
	}
	s.records[place] = append(kept, added)
}

func (s *store) find(place shelf, sid string) (record, bool) {
	position := s.position(place, sid)
	if position < 0 {
		return nil, false
	}
	return s.records[place][position], true
}

func (s *store) remove(place shelf, sid string) bool {
	position := s.position(place, sid)
	if position < 0 {
		return false
	}
	s.records[place] = slices.Delete(s.records[place], position, position+1)
	return true
}

func (s *store) position(place shelf, sid string) int {
	return slices.IndexFunc(s.records[place], func(kept record) bool { return kept.identifier() == sid })
}

// newestFirst returns the records that satisfy the condition, in Twilio's order.
func (s *store) newestFirst(place shelf, wanted func(record) bool) []record {
	var found []record
	for _, kept := range slices.Backward(s.records[place]) {
		if wanted(kept) {
			found = append(found, kept)
		}
	}
	return found
}
