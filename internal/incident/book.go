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

// Kind is what happens.
type Kind string

// What happens to an incident, and to what a limit that notifies counts.
const (
	Opened  Kind = "incident.opened"
	Closed  Kind = "incident.closed"
	Reached Kind = "threshold.reached"
)

// Kinds are all of them.
var Kinds = []string{string(Opened), string(Closed), string(Reached)}

// Change is an incident that has opened or closed, or a threshold that was reached.
type Change struct {
	Kind     Kind
	Incident Incident
	// Unshared is what other gates do not know of an incident that has closed.
	Unshared Incident
	// Threshold is nil unless one was reached.
	Threshold *Threshold
}

// Book has the incidents that are open, and the last ones that are closed.
type Book struct {
	newID func() string
	// gate is the name of the host.
	gate string

	mu    sync.Mutex
	quiet time.Duration
	// open has that of all further denials, where too many are open, by the empty key.
	open   map[Key]*entry
	closed []Incident // the last one that closed is the last
}

// entry is an incident that is open.
type entry struct {
	// Incident is what is known of it, by all gates.
	Incident
	// unshared is what other gates do not know, and sent what they are told just now.
	unshared, sent Incident
	// wasTold says that this gate has told by itself that it opened.
	wasTold bool
	// isKnown says that other gates know of it.
	isKnown bool
}

// NewBook returns a book without incidents. The function makes an ID for each.
func NewBook(newID func() string, gate string) *Book {
	return &Book{newID: newID, gate: gate, quiet: DefaultQuiet, open: make(map[Key]*entry)}
}

// SetQuiet sets how long an incident has no denial until it closes.
func (b *Book) SetQuiet(quiet time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.quiet = quiet
}

// Quiet is how long an incident has no denial until it closes.
func (b *Book) Quiet() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.quiet
}

// Add counts a denial, and returns what that opens. An incident that was quiet for long enough
// closes before, also where Close did not come in between.
func (b *Book) Add(d *Denial, now time.Time) (changes []Change) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entryOf(d.Key)
	if e != nil && b.isQuiet(e, now) {
		changes = append(changes, b.close(e, now))
		e = nil
	}
	isNew := e == nil
	if isNew {
		e = b.begin(d, now)
	}
	e.add(d, now)
	e.unshared.add(d, now)
	if isNew {
		changes = append(changes, Change{Kind: Opened, Incident: e.copied()})
	}
	return changes
}

// entryOf is the open incident that a denial belongs to, nil if there is none.
func (b *Book) entryOf(key Key) *entry {
	if e, ok := b.open[key]; ok || !b.isFull() {
		return e
	}
	return b.open[Key{}]
}

// isFull reports whether further denials are those of one incident.
func (b *Book) isFull() bool {
	count := len(b.open)
	if b.open[Key{}] != nil {
		count--
	}
	return count >= maxOpen
}

// begin opens an incident: the one for all further denials where too many are open.
func (b *Book) begin(d *Denial, now time.Time) *entry {
	more := b.isFull()
	if more {
		d = new(Denial)
	}
	e := &entry{Incident: newIncident(b.newID(), b.gate, d, now)}
	e.More = more
	e.unshared = e.nothing(now)
	b.open[e.Key()] = e
	return e
}

// nothing is the incident without a denial.
func (e *entry) nothing(now time.Time) Incident {
	i := Incident{ID: e.ID, Carrier: e.Carrier, Account: e.Account, Name: e.Name, Reason: e.Reason, Rule: e.Rule, More: e.More, First: now, Last: now}
	return i
}

// hasUnshared reports whether other gates do not know all denials.
func hasUnshared(i *Incident) bool { return i.Denied+i.Monitored > 0 }

func (b *Book) isQuiet(e *entry, now time.Time) bool { return now.Sub(e.Last) >= b.quiet }

func (b *Book) close(e *entry, now time.Time) Change {
	delete(b.open, e.Key())
	e.Closed = now
	b.remember(e.copied())
	return Change{Kind: Closed, Incident: e.copied(), Unshared: e.unshared}
}

// remember keeps an incident that is closed.
func (b *Book) remember(i Incident) {
	b.closed = append(slices.DeleteFunc(b.closed, func(other Incident) bool { return other.ID == i.ID }), i)
	if len(b.closed) > maxClosed {
		b.closed = slices.Delete(b.closed, 0, len(b.closed)-maxClosed)
	}
}

// Close closes the incidents that are quiet, the oldest first, and returns when the next may be:
// the zero time if none is open.
func (b *Book) Close(now time.Time) (changes []Change, next time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.all() {
		if b.isQuiet(e, now) {
			changes = append(changes, b.close(e, now))
		} else if due := e.Last.Add(b.quiet); next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return changes, next
}

// all are the incidents that are open, the oldest first.
func (b *Book) all() []*entry {
	all := make([]*entry, 0, len(b.open))
	for _, e := range b.open {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *entry) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID)) })
	return all
}

// List returns the incidents that are open, the oldest first, and then the last ones that are
// closed, the newest first.
func (b *Book) List() []Incident {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Incident, 0, len(b.open)+len(b.closed))
	for _, e := range b.all() {
		list = append(list, e.copied())
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
	return len(b.open)
}
