package alert

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
	"github.com/caddy-tollgate/tollgate/store"
)

// Teller knows the configuration in force.
type Teller interface {
	// Render makes the notice of what has happened.
	Render(incident.Change) *notify.Notice
	// Told is called for all that this gate tells, once it is on its way.
	Told(incident.Change, *notify.Notice)
}

// Fleet tells what happens at a gate, and at others that have the same store.
type Fleet struct {
	book   *incident.Book
	sender *notify.Sender
	turn   sync.Mutex
	// process is a name that no other process has.
	process string
	// place is where the store is of which so much is heard.
	place  string
	heard  int64
	outbox outbox
	// wereTold are the ends of incidents, and thresholds, that this gate has told by itself, which
	// the store does not know.
	wereTold []incident.Change
}

// maxTold is how much a gate tells by itself that is then in the store too.
const maxTold = 1000

// NewFleet returns a gate that tells, by a book and a sender.
func NewFleet(book *incident.Book, sender *notify.Sender) *Fleet {
	return &Fleet{book: book, sender: sender, process: incident.NewID(), outbox: newOutbox()}
}

// Tell tells what has happened, unless another gate does, and hears what others have told. Without
// a store, or where it is away, this gate tells by itself. It is called from time to time besides,
// with nothing. The place names the store.
func (f *Fleet) Tell(ctx context.Context, place string, with store.Incidents, changes []incident.Change, by Teller, now time.Time) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	if with == nil {
		f.tellAlone(changes, by)
		return nil
	}
	f.use(place)
	if err := f.share(ctx, with, changes, by, now, false); err != nil {
		f.tellAlone(changes, by)
		return err
	}
	return f.hear(ctx, with)
}

// Leave shares what the store does not have yet, and lets other gates deliver what this one has
// not: the sender is stopped next.
func (f *Fleet) Leave(ctx context.Context, place string, with store.Incidents, by Teller, now time.Time) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	f.use(place)
	return f.share(ctx, with, nil, by, now, true)
}

// use begins to hear a store from the beginning if it is another one.
func (f *Fleet) use(place string) {
	if place != f.place {
		f.place, f.heard, f.outbox, f.wereTold = place, 0, newOutbox(), nil
	}
}

// tellAlone tells what has happened here, whatever other gates tell.
func (f *Fleet) tellAlone(changes []incident.Change, by Teller) {
	for _, change := range changes {
		n := by.Render(change)
		f.sender.Send(n)
		by.Told(change, n)
		switch {
		case change.Kind == incident.Opened:
			f.book.WasTold(change.Incident.Key())
		case f.place != "" && len(f.wereTold) < maxTold:
			f.wereTold = append(f.wereTold, change)
		}
	}
}

// share has the store decide which gate tells what, and tells what is for this one.
func (f *Fleet) share(ctx context.Context, with store.Incidents, changes []incident.Change, by Teller, now time.Time, leaves bool) error {
	r := &round{fleet: f, by: by, now: now, leaves: leaves, unshared: f.book.Share(), changes: changes, wereTold: f.wereTold,
		had: f.outbox.pending(now, leaves, f.sender.Targets)}
	if r.isEmpty() {
		return nil
	}
	err := with.Update(ctx, now, r.ids(), r.decide)
	f.book.WasShared(err == nil)
	if err != nil {
		return err
	}
	for _, i := range slices.Concat(r.superseded, r.known) {
		f.book.Hear(*i)
	}
	f.wereTold = nil
	f.outbox.adopt(r.outgoing, r.forgotten)
	for _, d := range r.outgoing {
		if !leaves {
			f.deliver(d)
		}
	}
	for _, told := range r.told {
		by.Told(told.change, told.notice)
	}
	return nil
}

// deliver has the targets told that do not have a notice yet.
func (f *Fleet) deliver(d *noticeDocument) {
	box, id := &f.outbox, d.Notice.ID
	box.sendTo(id, f.sender.Targets(d.Notice.Kind))
	settled := box.settled
	f.sender.SendKept(d.Notice, d.Had, func(target string) { settled.add(id, target) })
}

// hear adopts what other gates have written, and this one before a restart.
func (f *Fleet) hear(ctx context.Context, with store.Incidents) error {
	last, err := with.Changes(ctx, f.heard, func(k store.KeptIncident) error {
		switch {
		case strings.HasPrefix(k.ID, incidentPrefix):
			i, err := readIncident(&k)
			if err != nil {
				return err
			}
			f.book.Hear(*i)
		case strings.HasPrefix(k.ID, noticePrefix):
			d, err := readNotice(&k)
			if err != nil {
				return err
			}
			f.outbox.hear(d, f.process)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if last < f.heard {
		last = 0 // it was put back from a backup: what it has is read again
	}
	f.heard = last
	return nil
}
