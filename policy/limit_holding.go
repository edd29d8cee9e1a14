package policy

import "strings"

// Holds reports whether a limit is stated that holds what a counter counts, by who states it: the
// operator, or an account by its own ID.
func (s *Snapshot) Holds(level, counter string) bool {
	stated := s.limits
	if id, ok := strings.CutPrefix(level, "account "); ok {
		stated = nil
		if a := s.defined(id); a != nil {
			stated = a.limits
		}
	}
	for i := range stated {
		if stated[i].Counter == counter && stated[i].HoldFor > 0 && !stated[i].Monitor {
			return true
		}
	}
	return false
}
