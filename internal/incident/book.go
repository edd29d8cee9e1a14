package incident

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

const (
	// DefaultQuiet is how long an incident has no denial until it closes.
	DefaultQuiet = 15 * time.Minute
	// maxOpen is how many incidents are open at a time, besides the one that has the denials of
	// all further ones: an attacker may have many accounts.
	maxOpen = 1000
	// maxClosed is how many incidents that are closed are remembered.
	maxClosed = 100
)

// Kind is what happens to an incident.
type Kind string

// What happens to an incident.
const (
	Opened Kind = "incident.opened"
	Closed Kind = "incident.closed"
)

// Kinds are all of them.
var Kinds = []string{string(Opened), string(Closed)}

// Change is an incident that has opened or closed.
type Change struct {
	Kind     Kind
	Incident Incident
}

// Book has the incidents that are open, and the last ones that are closed.
type Book struct {
	newID func() string

	mu    sync.Mutex
	quiet time.Duration
	open  map[Key]*Incident
	// more has the denials that would open too many. It is nil while it is not open.
	more   *Incident
	closed []Incident // the last one that closed is the last
}

// NewBook returns a book without incidents. The function makes an ID for each.
func NewBook(newID func() string) *Book {
	return &Book{newID: newID, quiet: DefaultQuiet, open: make(map[Key]*Incident)}
}

// SetQuiet sets how long an incident has no denial until it closes.
func (b *Book) SetQuiet(quiet time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.quiet = quiet
}

// Add counts a denial, and returns what that opens. An incident that was quiet for long enough
// closes before, also where Close did not come in between.
func (b *Book) Add(d *Denial, now time.Time) (changes []Change) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := b.incidentOf(d.Key)
	if i != nil && b.isQuiet(i, now) {
		changes = append(changes, b.close(i, now))
		i = nil
	}
	if i != nil {
		i.add(d, now)
		return changes
	}
	i = b.begin(d, now)
	i.add(d, now)
	return append(changes, Change{Opened, i.copied()})
}

// incidentOf is the open incident that a denial belongs to, nil if there is none.
func (b *Book) incidentOf(key Key) *Incident {
	if i, ok := b.open[key]; ok {
		return i
	}
	if len(b.open) >= maxOpen {
		return b.more
	}
	return nil
}

// begin opens an incident: the one for all further denials where too many are open.
func (b *Book) begin(d *Denial, now time.Time) *Incident {
	if len(b.open) < maxOpen {
		i := newIncident(b.newID(), d, now)
		b.open[d.Key] = i
		return i
	}
	b.more = newIncident(b.newID(), new(Denial), now)
	b.more.More = true
	return b.more
}

func (b *Book) isQuiet(i *Incident, now time.Time) bool { return now.Sub(i.Last) >= b.quiet }

func (b *Book) close(i *Incident, now time.Time) Change {
	if i == b.more {
		b.more = nil
	} else {
		delete(b.open, Key{i.Carrier, i.Account, i.Reason, i.Rule})
	}
	i.Closed = now
	b.closed = append(b.closed, i.copied())
	if len(b.closed) > maxClosed {
		b.closed = slices.Delete(b.closed, 0, len(b.closed)-maxClosed)
	}
	return Change{Closed, i.copied()}
}

// Close closes the incidents that are quiet, the oldest first, and returns when the next may be:
// the zero time if none is open.
func (b *Book) Close(now time.Time) (changes []Change, next time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range b.all() {
		if b.isQuiet(i, now) {
			changes = append(changes, b.close(i, now))
		} else if due := i.Last.Add(b.quiet); next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return changes, next
}

// all are the incidents that are open, the oldest first.
func (b *Book) all() []*Incident {
	all := make([]*Incident, 0, len(b.open)+1)
	for _, i := range b.open {
		all = append(all, i)
	}
	if b.more != nil {
		all = append(all, b.more)
	}
	slices.SortFunc(all, func(a, b *Incident) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID)) })
	return all
}

// List returns the incidents that are open, the oldest first, and then the last ones that are
// closed, the newest first.
func (b *Book) List() []Incident {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Incident, 0, len(b.open)+1+len(b.closed))
	for _, i := range b.all() {
		list = append(list, i.copied())
	}
	for _, i := range slices.Backward(b.closed) {
		list = append(list, i.copied())
	}
	return list
}

// Open is how many incidents are open.
func (b *Book) Open() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.open)
	if b.more != nil {
		n++
	}
	return n
}
