package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Member is a feed with the list of it that is in force.
type Member struct {
	Name string
	Use  Use
	List *List
}

// Use is what a feed is for.
type Use struct {
	// Block says that sends to its numbers are denied, by all channels or by one.
	Block   bool
	Channel *policy.Channel
	// Class is that which its numbers are at least of, where it does not block.
	Class policy.Class
}

// blocks reports whether sends by a channel are denied.
func (u *Use) blocks(channel policy.Channel) bool {
	return u.Block && (u.Channel == nil || u.Channel.Covers(channel))
}

// Set is the lists of several feeds, merged. It never changes, is safe for concurrent use, and
// allocates nothing to find a number that no one blocks. The zero value is empty.
type Set struct {
	members []Member
	// prefixes of all lists in order. Of the same prefix, that of the feed stated first is last.
	prefixes index
	rows     []row
	// blocks and raises say what there are feeds for.
	blocks, raises bool
}

// row is a prefix of a member.
type row struct {
	// outer is the next row that has all numbers of this one, plus one; 0 if there is none. It has
	// the same prefix or a shorter one.
	outer  uint32
	since  uint32
	member uint8
}

// MostFeeds is how many feeds there may be.
const MostFeeds = 64

// NewSet merges the lists of at most MostFeeds feeds, in the order in which they are stated.
func NewSet(members []Member) *Set {
	s := &Set{members: members}
	type entry struct {
		prefix prefix
		row    row
	}
	var entries []entry
	for m := range members {
		s.blocks = s.blocks || members[m].Use.Block
		s.raises = s.raises || !members[m].Use.Block
		list := members[m].List
		for i := range list.Len() {
			entries = append(entries, entry{list.prefixes[i], row{since: list.since[i], member: uint8(m)}})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.prefix, b.prefix), cmp.Compare(b.row.member, a.row.member))
	})
	prefixes := make([]prefix, len(entries))
	s.rows = make([]row, len(entries))
	var within []int // the rows that have the one at hand, the innermost last
	for i := range entries {
		prefixes[i], s.rows[i] = entries[i].prefix, entries[i].row
		for len(within) > 0 && !prefixes[within[len(within)-1]].has(prefixes[i]) {
			within = within[:len(within)-1]
		}
		if len(within) > 0 {
			s.rows[i].outer = uint32(within[len(within)-1]) + 1
		}
		within = append(within, i)
	}
	s.prefixes = newIndex(prefixes)
	return s
}

// innermost is the place, plus one, of the last row that has a number: the longest prefix, of the
// feed that is stated first. It is 0 if none has it.
func (s *Set) innermost(number prefix) uint32 {
	if len(s.rows) == 0 {
		return 0
	}
	// The last prefix that is not greater than the number is the innermost one that has it, or
	// within that.
	for at := uint32(s.prefixes.last(number) + 1); at != 0; at = s.rows[at-1].outer {
		if s.prefixes.at(int(at - 1)).has(number) {
			return at
		}
	}
	return 0
}

// Len is how many prefixes the lists have together.
func (s *Set) Len() int { return len(s.rows) }

// Blocks is of policy.Feeds.
func (s *Set) Blocks(digits string, channel policy.Channel) (length int) {
	if !s.blocks {
		return 0
	}
	for at := s.innermost(prefixOf(digits)); at != 0; at = s.rows[at-1].outer {
		if s.members[s.rows[at-1].member].Use.blocks(channel) {
			return s.prefixes.at(int(at - 1)).length()
		}
	}
	return 0
}

// BlockedBy is of policy.Feeds.
func (s *Set) BlockedBy(digits string, channel policy.Channel) string {
	return s.words(digits, func(f Found) bool { return f.Use.blocks(channel) })
}

// words name the feeds that have a number, of those that are meant, and since when.
func (s *Set) words(digits string, isMeant func(Found) bool) string {
	var words []string
	for found := range s.Of(digits) {
		if isMeant(found) {
			words = append(words, found.String())
		}
	}
	return strings.Join(words, ", ")
}

// RaisedKind implements numbering.RaisedKinds: of the prefixes that are longer, it is the riskiest
// class.
func (s *Set) RaisedKind(digits string, longerThan int) (kind numbering.Kind, raised bool) {
	var class policy.Class
	for at := s.innermost(prefixOf(digits)); at != 0 && s.prefixes.at(int(at-1)).length() > longerThan; at = s.rows[at-1].outer {
		if use := &s.members[s.rows[at-1].member].Use; !use.Block {
			class, raised = max(class, use.Class), true
		}
	}
	return policy.KindOf(class), raised
}

// RaisedSource implements numbering.RaisedKinds.
func (s *Set) RaisedSource(digits string, longerThan int) string {
	kind, _ := s.RaisedKind(digits, longerThan)
	return s.words(digits, func(f Found) bool {
		return !f.Use.Block && policy.KindOf(f.Use.Class) == kind && len(f.Prefix) > longerThan
	})
}

// Found is a row of a feed that has a number.
type Found struct {
	*Member
	Row
}

// String names the feed and since when it has the row, as a verdict's Rule does.
func (f Found) String() string { return "feed " + f.Name + " since " + f.Since.Format(time.RFC3339) }

// Of yields the rows that have a number, the longest prefix first, and of each feed the longest
// one alone.
func (s *Set) Of(digits string) func(yield func(Found) bool) {
	return func(yield func(Found) bool) {
		var named [MostFeeds]bool
		for at := s.innermost(prefixOf(digits)); at != 0; at = s.rows[at-1].outer {
			r := &s.rows[at-1]
			if named[r.member] {
				continue
			}
			named[r.member] = true
			row := Row{s.prefixes.at(int(at - 1)).String(), time.Unix(int64(r.since), 0).UTC()}
			if !yield(Found{&s.members[r.member], row}) {
				return
			}
		}
	}
}
