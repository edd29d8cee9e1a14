package limits

// item is one of the things that are counted once. The window has it in its latest part.
type item struct {
	// first and latest are the parts in which it was seen since it was last over.
	first, latest int64
	// uses is how often it was, except what was given back.
	uses int
}

// items are things that are counted once, by their hashes. Most keys have few of them, which a list
// keeps in half of the memory of a map. The nil value is empty, and of it nothing but get and len
// may be called.
type items struct {
	few  []hashed // in no order
	many map[uint64]item
}

// hashed is an item with its hash.
type hashed struct {
	hash uint64
	item
}

const (
	// mostFew is how many items are kept in a list.
	mostFew = 32
	// fewMore is for how many more a list that is full makes room. At first, it is for one: most
	// blocks of numbers that are counted have one.
	fewMore = 2
)

func (s *items) len() int {
	if s == nil {
		return 0
	}
	return len(s.few) + len(s.many)
}

func (s *items) get(hash uint64) (item, bool) {
	if i := s.place(hash); i >= 0 {
		return s.few[i].item, true
	}
	if s == nil || s.many == nil {
		return item{}, false
	}
	found, ok := s.many[hash]
	return found, ok
}

// place is where in the list an item is, and negative if it is not there.
func (s *items) place(hash uint64) int {
	if s == nil {
		return -1
	}
	for i := range s.few {
		if s.few[i].hash == hash {
			return i
		}
	}
	return -1
}

// set adds an item, or replaces it.
func (s *items) set(hash uint64, to item) {
	if i := s.place(hash); i >= 0 {
		s.few[i].item = to
		return
	}
	switch {
	case s.many != nil:
		s.many[hash] = to
	case len(s.few) == mostFew:
		s.many = make(map[uint64]item, mostFew+1)
		for i := range s.few {
			s.many[s.few[i].hash] = s.few[i].item
		}
		s.few = nil
		s.many[hash] = to
	default:
		if len(s.few) == cap(s.few) {
			room := 1
			if len(s.few) > 0 {
				room = len(s.few) + fewMore
			}
			s.few = append(make([]hashed, 0, room), s.few...)
		}
		s.few = append(s.few, hashed{hash, to})
	}
}

// remove takes an item out, if it is there.
func (s *items) remove(hash uint64) {
	if i := s.place(hash); i >= 0 {
		s.removeAt(i)
		return
	}
	delete(s.many, hash)
}

func (s *items) removeAt(place int) {
	last := len(s.few) - 1
	s.few[place] = s.few[last]
	s.few = s.few[:last]
}

// eachFrom calls yield with the part that each item is in which was seen last from a part on.
func (s *items) eachFrom(part int64, yield func(part int64)) {
	for i := range s.few {
		if s.few[i].latest >= part {
			yield(s.few[i].latest)
		}
	}
	for _, many := range s.many {
		if many.latest >= part {
			yield(many.latest)
		}
	}
}

// removeBefore takes out the items that were seen last before a part.
func (s *items) removeBefore(part int64) {
	for i := len(s.few) - 1; i >= 0; i-- {
		if s.few[i].latest < part {
			s.removeAt(i)
		}
	}
	for hash := range s.many {
		if s.many[hash].latest < part {
			delete(s.many, hash)
		}
	}
}
