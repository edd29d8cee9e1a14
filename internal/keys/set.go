package keys

import (
	"crypto/sha256"
	"crypto/subtle"
	"iter"
	"time"
)

// Set is all keys of a file. It never changes.
type Set struct {
	// keys in the order of the file.
	keys  []*Key
	bySID map[string]*Key
	// exposed says that every user may read the file.
	exposed bool
	// warnings are the first maxMistakes.
	warnings []string
}

// NewSet makes a set of keys, of which no two have the same name.
func NewSet(all []*Key) *Set {
	s := &Set{keys: all, bySID: make(map[string]*Key, len(all))}
	for _, key := range all {
		s.bySID[key.SID] = key
	}
	return s
}

// With returns the set with the keys of another one besides. Of two keys of the same name,
// its own counts.
func (s *Set) With(other *Set) *Set {
	all := s.keys[:len(s.keys):len(s.keys)]
	for _, key := range other.keys {
		if s.bySID[key.SID] == nil {
			all = append(all, key)
		}
	}
	both := NewSet(all)
	both.exposed, both.warnings = s.exposed, s.warnings
	return both
}

// Warnings are what of the file has no effect, each with its place: operations that the
// carrier does not have, in keys that are not revoked. Of more than 50, the first are named.
func (s *Set) Warnings() []string { return s.warnings }

func (s *Set) warn(text string) {
	if len(s.warnings) < maxMistakes {
		s.warnings = append(s.warnings, text)
	}
}

// Exposed reports whether every user of the machine may read the file. It has no secret,
// but says who has which key.
func (s *Set) Exposed() bool { return s.exposed }

// All yields the keys in the order of the file.
func (s *Set) All() iter.Seq[*Key] {
	return func(yield func(*Key) bool) {
		for _, key := range s.keys {
			if !yield(key) {
				return
			}
		}
	}
}

// Len is how many keys there are, with those that are no longer accepted.
func (s *Set) Len() int { return len(s.keys) }

// Has reports whether a key has the name, accepted or not.
func (s *Set) Has(sid string) bool { return s.bySID[sid] != nil }

// noKey is what a secret is compared with where no key has the name.
var noKey Key

// Verify returns the key of a name and a secret, if it is accepted at the time; otherwise
// no key, and why. It does the same work whether the name is unknown or the secret is
// wrong, and whatever the length of the secret. The name must be in its canonical letter
// case.
func (s *Set) Verify(sid, secret string, now time.Time) (*Key, Refusal) {
	var text [secretLength]byte // which keeps the secret off the heap
	copy(text[:], secret)
	sum := sha256.Sum256(text[:])
	key, known := s.bySID[sid]
	if !known {
		key = &noKey
	}
	right := subtle.ConstantTimeCompare(sum[:], key.sum[:]) == 1 && len(secret) == secretLength
	switch {
	case !known:
		return nil, Unknown
	case !right:
		return nil, WrongSecret
	}
	if refusal := key.RefusedAt(now); refusal != Accepted {
		return nil, refusal
	}
	return key, Accepted
}
